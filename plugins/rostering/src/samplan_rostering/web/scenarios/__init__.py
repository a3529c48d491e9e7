"""Scenarios: the pages."""

from samplan_rostering.web.scenarios import accept, compare, views

__all__ = ["accept", "compare", "views"]
