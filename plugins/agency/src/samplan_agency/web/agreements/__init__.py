"""Framework agreements: the pages."""

from samplan_agency.web.agreements import files, price_lookup, suppliers, views

__all__ = ["files", "price_lookup", "suppliers", "views"]
