"""Periods: the pages."""

from samplan_rostering.web.periods import coverage, imports, new

__all__ = ["coverage", "imports", "new"]
