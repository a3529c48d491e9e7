"""The way to independence: the pages."""

from samplan_agency.web.independence import edit, views

__all__ = ["edit", "views"]
