"""How a search goes, kept while it runs: points over time, and the best roster so far."""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.models import SolveTrace
from samplan_rostering.solver.solution import Snapshot

STORE_SECONDS = 2.0
MOST_POINTS = 400
Point = tuple[float, int | None, int | None]


class Trace:
    """The points of one run; a later attempt goes on where the one before has stopped."""

    def __init__(self, run_id: UUID, points: Sequence[Point], cells: Sequence[Assignment]) -> None:
        """Begin with what an earlier attempt has found."""
        self.run_id, self.cells = run_id, tuple(cells)
        self.points: list[Point] = list(points)
        self._before = points[-1][0] if points else 0.0
        self._stored = -STORE_SECONDS
        self._changed = False

    def note(self, snapshot: Snapshot) -> bool:
        """Note how the search stands; tell whether it is time to store what is new."""
        last = self.points[-1] if self.points else (0.0, None, None)
        if (snapshot.objective, snapshot.bound) != last[1:]:
            at = round(self._before + snapshot.seconds, 1)
            self.points.append((at, snapshot.objective, snapshot.bound))
            self._changed = True
            if len(self.points) > MOST_POINTS:
                self.points = [*self.points[:-1:2], self.points[-1]]
        if snapshot.assignments is not None:
            self.cells = snapshot.assignments
        return self._changed and time.monotonic() - self._stored >= STORE_SECONDS

    def store(self, session: TenantSession) -> None:
        """Store the points and the best roster so far."""
        row = self._row(session)
        row.cells = [[cell.employee, cell.day, cell.shift] for cell in self.cells] or None
        self._stored, self._changed = time.monotonic(), False

    def finish(self, session: TenantSession) -> None:
        """Store the points; the roster itself is stored by now."""
        self._row(session).cells = None

    def _row(self, session: TenantSession) -> SolveTrace:
        row = session.scalar(select(SolveTrace).where(SolveTrace.run_id == self.run_id))
        if row is None:
            row = SolveTrace(run_id=self.run_id, points=[])
            session.add(row)
        row.points = [list(point) for point in self.points]
        row.objective, row.bound = self.points[-1][1:] if self.points else (None, None)
        row.updated_at = func.now()
        return row


def begin_trace(session: TenantSession, run_id: UUID) -> Trace:
    """Return the trace of a run, with what an earlier attempt has left."""
    row = session.scalar(select(SolveTrace).where(SolveTrace.run_id == run_id))
    if row is None:
        return Trace(run_id, (), ())
    return Trace(
        run_id,
        [(at, objective, bound) for at, objective, bound in row.points],
        [Assignment(*cell) for cell in row.cells or ()],
    )
