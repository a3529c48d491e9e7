"""What measures are called: their states, and what they act on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_agency.domain.measures import Status

STATUSES: Mapping[str, Text] = MappingProxyType(
    {
        Status.PROPOSED: _l("Proposed"),
        Status.DECIDED: _l("Decided, not begun"),
        Status.STARTED: _l("Started"),
        Status.ON_PLAN: _l("On plan"),
        Status.BEHIND: _l("Behind plan"),
        Status.WITHOUT_EFFECT: _l("Without effect"),
        Status.DONE: _l("Completed"),
    }
)
TONES: Mapping[str, str] = MappingProxyType(
    {
        Status.PROPOSED: "neutral",
        Status.DECIDED: "info",
        Status.STARTED: "running",
        Status.ON_PLAN: "success",
        Status.BEHIND: "warning",
        Status.WITHOUT_EFFECT: "danger",
        Status.DONE: "neutral",
    }
)
"""How a status is marked beside its word."""
KINDS: Mapping[str, Text] = MappingProxyType(
    {"hired": _l("Hired staff"), "own": _l("Own staff"), "other_cost": _l("Other costs")}
)
