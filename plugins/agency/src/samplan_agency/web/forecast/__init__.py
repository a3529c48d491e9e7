"""Forecast and budget: the pages."""

from samplan_agency.web.forecast import budget, plan_lines, views

__all__ = ["budget", "plan_lines", "views"]
