"""Call-offs: the pages."""

from samplan_agency.web.calloff import answers, choice, views

__all__ = ["answers", "choice", "views"]
