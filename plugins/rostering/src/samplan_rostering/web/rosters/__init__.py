"""Rosters: the pages."""

from samplan_rostering.web.rosters import documents, edits, views, why

__all__ = ["documents", "edits", "views", "why"]
