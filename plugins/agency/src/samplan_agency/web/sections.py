"""The pages of the module, in the order in which a controller goes through them: its local navigation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from samplan.plugin_api import Text, _l, can, current_principal
from samplan_agency.permissions import Allow


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the module; what stands below its address, and below `also`, belongs to it."""

    endpoint: str
    label: Text
    permission: Allow
    also: tuple[str, ...] = ()


SECTIONS = (
    Section("agency.index", _l("Overview"), Allow.READ, ("parameters",)),
    Section("agency.why", _l("Why"), Allow.READ),
    Section("agency.report", _l("Half-year report"), Allow.READ),
    Section("agency.accrual", _l("Accrual"), Allow.READ),
    Section("agency.forecast", _l("Forecast"), Allow.READ, ("forecasts", "plan", "budget")),
    Section("agency.measures", _l("Measures"), Allow.READ),
    Section("agency.agreements", _l("Agreements"), Allow.READ, ("suppliers", "prices")),
    Section("agency.invoice_control", _l("Invoice control"), Allow.READ_INVOICE),
    Section("agency.call_offs", _l("Call-off"), Allow.READ_CALL_OFF),
    Section("agency.independence", _l("Way to independence"), Allow.READ),
    Section("agency.own_staff", _l("Own staff"), Allow.READ),
    Section("agency.deliveries", _l("Files read in"), Allow.READ),
    Section("agency.accounts", _l("Account table"), Allow.READ),
)


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link of the local navigation."""

    url: str
    label: Text
    current: bool


def sections() -> list[SectionLink]:
    """Return the links to the module's pages that the reader may open."""
    principal, top = current_principal(), url_for("agency.index")
    here = request.path.removeprefix(top).partition("/")[0]
    found = []
    for section in SECTIONS:
        if can(principal, section.permission):
            url = url_for(section.endpoint)
            found.append(SectionLink(url, section.label, here in (url.removeprefix(top), *section.also)))
    return found
