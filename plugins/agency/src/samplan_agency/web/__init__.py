"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_agency.web import views
from samplan_agency.web.blueprint import blueprint

__all__ = ["blueprint", "views"]
