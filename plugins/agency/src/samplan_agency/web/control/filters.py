"""Which deviations a page or file is about, as its address says it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from samplan.plugin_api import Text, _l, as_uuid
from samplan_agency import labels
from samplan_agency.domain.spelling import read_month
from samplan_agency.queries.control.lines import Filters

OPEN, ALL = "open", "all"
STATES: dict[str, Text] = {
    OPEN: _l("Waiting"),
    **labels.DEVIATION_STATES,
    ALL: _l("All"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, and as what the address says them."""

    filters: Filters
    state: str

    @property
    def arguments(self) -> dict[str, str]:
        """Return the address's arguments."""
        filters = self.filters
        return {
            "state": self.state,
            "reason": filters.reason,
            "supplier": str(filters.supplier_id or ""),
            "month": f"{filters.month:%Y-%m}" if filters.month else "",
        }


def asked() -> Asked:
    """Return what the address asks for; what it cannot be is left out."""
    state = request.args.get("state", OPEN)
    if state not in STATES:
        state = OPEN
    states = {OPEN: ("new", "asked"), ALL: ()}.get(state, (state,))
    reason = request.args.get("reason", "")
    return Asked(
        Filters(
            states=states,
            reason=reason if reason in labels.REASONS else "",
            supplier_id=as_uuid(request.args.get("supplier", "")),
            month=read_month(request.args.get("month", "")),
        ),
        state,
    )
