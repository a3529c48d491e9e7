"""Accruals: the pages."""

from samplan_agency.web.accrual import exposure, kept, views

__all__ = ["exposure", "kept", "views"]
