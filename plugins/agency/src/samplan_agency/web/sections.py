"""The pages of the module, in the order in which a controller goes through them: its local navigation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from samplan.plugin_api import Text, _l, can, current_principal
from samplan_agency.permissions import Allow


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the module and, by the beginning of their endpoints' names, those that belong to it."""

    endpoint: str
    label: Text
    permission: Allow
    also: tuple[str, ...] = ()


SECTIONS = (
    Section("agency.index", _l("Overview"), Allow.READ, ("agency.parameters", "agency.add_number")),
    Section("agency.why", _l("Why"), Allow.READ, ("agency.lines",)),
    Section("agency.report", _l("Half-year report"), Allow.READ),
    Section(
        "agency.accrual",
        _l("Accrual"),
        Allow.READ,
        ("agency.valuation", "agency.exposure", "agency.keep_accrual"),
    ),
    Section(
        "agency.forecast",
        _l("Forecast"),
        Allow.READ,
        ("agency.kept_forecast", "agency.plan", "agency.budget"),
    ),
    Section(
        "agency.measures",
        _l("Measures"),
        Allow.READ,
        (
            "agency.measure",
            "agency.new_measure",
            "agency.edit_measure",
            "agency.choose_measure",
            "agency.show_measure",
        ),
    ),
    Section(
        "agency.agreements",
        _l("Agreements"),
        Allow.READ,
        (
            "agency.agreement",
            "agency.new_agreement",
            "agency.add_agreement",
            "agency.price",
            "agency.supplier",
            "agency.new_supplier",
            "agency.add_supplier",
            "agency.choose_agreements",
            "agency.show_agreements",
        ),
    ),
    Section(
        "agency.invoice_control",
        _l("Invoice control"),
        Allow.READ_INVOICE,
        ("agency.invoice_", "agency.matched_invoices", "agency.time_reports"),
    ),
    Section("agency.call_offs", _l("Call-off"), Allow.READ_CALL_OFF, ("agency.call_off",)),
    Section(
        "agency.independence",
        _l("Way to independence"),
        Allow.READ,
        (
            "agency.independence_plan",
            "agency.compare_plans",
            "agency.add_plan",
            "agency.change_plan",
            "agency.add_action",
            "agency.change_action",
            "agency.remove_action",
            "agency.remove_plan",
        ),
    ),
    Section("agency.own_staff", _l("Own staff"), Allow.READ),
    Section("agency.deliveries", _l("Files read in"), Allow.READ, ("agency.deliver", "agency.new_delivery")),
    Section("agency.accounts", _l("Account table"), Allow.READ, ("agency.account",)),
)


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link of the local navigation."""

    url: str
    label: Text
    current: bool


def sections() -> list[SectionLink]:
    """Return the links to the module's pages that the reader may open."""
    principal, here = current_principal(), request.endpoint or ""
    return [
        SectionLink(
            url_for(section.endpoint),
            section.label,
            here == section.endpoint or any(here.startswith(start) for start in section.also),
        )
        for section in SECTIONS
        if can(principal, section.permission)
    ]
