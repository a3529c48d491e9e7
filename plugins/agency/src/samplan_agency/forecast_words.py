"""What forecasts, budget and plan lines call things."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_agency.domain.outlook import Reason

KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "revenue": _l("Revenue"),
        "own": _l("Own staff"),
        "hired": _l("Hired staff, cost"),
        "other_cost": _l("Other cost"),
    }
)
REASONS: Mapping[Reason, Text] = MappingProxyType(
    {
        Reason.IN_OUTCOME: _l("These months have an outcome, which shows it already."),
        Reason.SHOWN: _l("The outcome shows this part already, and the forecast goes on from there."),
        Reason.PLAN_LINE: _l("A plan line stands for the measure."),
    }
)


def type_name(kind: str, cost_type: str) -> Text:
    """Return what a row is called: its cost type or, without one, the kind of account."""
    return cost_type or KINDS[kind]
