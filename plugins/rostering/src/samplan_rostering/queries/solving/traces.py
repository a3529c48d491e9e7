"""How a search goes: its curve, and the best roster while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.models import SolveTrace

Point = tuple[float, int | None, int | None]


@dataclass(frozen=True, slots=True)
class TraceView:
    """Seconds, objective and bound of a search over time; no cells once its roster is stored."""

    points: Sequence[Point]
    cells: tuple[Assignment, ...]


def trace_of(session: TenantSession, run_id: UUID) -> TraceView | None:
    """Return how a run's search goes; None before it has found or proved anything."""
    row = session.scalar(select(SolveTrace).where(SolveTrace.run_id == run_id))
    if row is None or not row.points:
        return None
    points = [(float(at), objective, bound) for at, objective, bound in row.points]
    return TraceView(points, tuple(Assignment(*cell) for cell in row.cells or ()))


def best_so_far(session: TenantSession, run_id: UUID) -> tuple[Assignment, ...]:
    """Return the best roster of a search under way; raises `NotFound` where there is none."""
    trace = trace_of(session, run_id)
    if trace is None or not trace.cells:
        raise NotFound(_("The search has no roster to show yet, or has ended."))
    return trace.cells
