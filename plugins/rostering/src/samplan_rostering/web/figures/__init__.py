"""Key figures: the pages."""

from samplan_rostering.web.figures import entered, views

__all__ = ["entered", "views"]
