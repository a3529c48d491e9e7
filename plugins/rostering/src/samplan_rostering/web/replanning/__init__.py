"""Re-planning: the pages."""

from samplan_rostering.web.replanning import runs, views

__all__ = ["runs", "views"]
