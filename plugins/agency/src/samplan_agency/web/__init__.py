"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_agency.web import (
    agreement_files,
    agreements,
    calloff,
    calloff_answers,
    calloff_choice,
    invoice_control,
    invoice_files,
    invoice_line,
    measure_edit,
    measure_files,
    measure_reports,
    measures,
    parameters,
    price_lookup,
    suppliers,
    views,
    why,
)
from samplan_agency.web.blueprint import blueprint

__all__ = [
    "agreement_files",
    "agreements",
    "blueprint",
    "calloff",
    "calloff_answers",
    "calloff_choice",
    "invoice_control",
    "invoice_files",
    "invoice_line",
    "measure_edit",
    "measure_files",
    "measure_reports",
    "measures",
    "parameters",
    "price_lookup",
    "suppliers",
    "views",
    "why",
]
