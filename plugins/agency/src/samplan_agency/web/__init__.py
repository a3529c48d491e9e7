"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_agency.web import (
    accrual,
    agreements,
    calloff,
    control,
    costs,
    deliveries,
    forecast,
    independence,
    measures,
    parameters,
    views,
)
from samplan_agency.web.blueprint import blueprint

__all__ = [
    "accrual",
    "agreements",
    "blueprint",
    "calloff",
    "control",
    "costs",
    "deliveries",
    "forecast",
    "independence",
    "measures",
    "parameters",
    "views",
]
