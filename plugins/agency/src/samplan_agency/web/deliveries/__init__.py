"""Delivered files: the pages."""

from samplan_agency.web.deliveries import views

__all__ = ["views"]
