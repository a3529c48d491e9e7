"""Measures: the pages."""

from samplan_agency.web.measures import edit, files, reports, views

__all__ = ["edit", "files", "reports", "views"]
