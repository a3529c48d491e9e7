"""Background work of call-offs: asking the next supplier when the time to answer is over."""

from __future__ import annotations

from typing import Any

from samplan.plugin_api import JobContext, Outcome
from samplan_agency.services.calloff.asking import go_on


def cascade(ctx: JobContext, _params: dict[str, Any]) -> Outcome:
    """Ask the next supplier of each call-off whose time has come; doing it twice asks nobody twice."""
    with ctx.unit_of_work() as session:
        asked = go_on(session, ctx.clock.now())
    return Outcome({"asked": asked})
