"""Employees: the pages."""

from samplan_rostering.web.employees import accounts, changes, staff_import, views

__all__ = ["accounts", "changes", "staff_import", "views"]
