"""Optimisation: the pages."""

from samplan_rostering.web.solving import clash, progress, views, wards

__all__ = ["clash", "progress", "views", "wards"]
