"""Costs and own staff: the pages."""

from samplan_agency.web.costs import accounts, own_staff, report, why

__all__ = ["accounts", "own_staff", "report", "why"]
