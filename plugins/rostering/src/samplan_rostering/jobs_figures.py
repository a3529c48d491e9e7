"""Background work: counting what key figures are made of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from samplan.plugin_api import JobContext, Outcome, TenantSession
from samplan_rostering import labels
from samplan_rostering.queries.figures.roster_counts import RosterCounts
from samplan_rostering.queries.figures.stored import count, uncounted
from samplan_rostering.services.figures.counting import store_counts


def count_figures(ctx: JobContext, _params: dict[str, Any]) -> Outcome:
    """Count the rosters in force that are not counted as they are now."""
    with ctx.unit_of_work() as session:
        rosters = uncounted(session)
    found: list[tuple[UUID, str, RosterCounts]] = []
    for number, roster_id in enumerate(rosters):
        if not ctx.progress(pct=100.0 * number / len(rosters), phase=labels.COUNTING):
            break
        with ctx.unit_of_work() as session:
            counts = count(session, roster_id)
        if counts is not None:
            found.append((roster_id, *counts))

    def write(session: TenantSession) -> None:
        for counted in found:
            store_counts(session, *counted)

    return Outcome({"rosters": len(found), "link": {"endpoint": "rostering.figures"}}, write)
