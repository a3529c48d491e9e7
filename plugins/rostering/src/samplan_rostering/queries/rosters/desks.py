"""A period's roster opened to be worked on: its input, who works what, and what a change would do."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.explain.judge import compared
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import ShiftType, WardData
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.queries.hired.elsewhere import judged_ward
from samplan_rostering.queries.rosters.fairness import Fairness, fairness, fairness_in, fairness_since
from samplan_rostering.queries.rosters.standing import Standing, standing
from samplan_rostering.queries.rosters.stored import Known, assignments

_REMEMBERED = 8
"""Rosters whose judgement a process keeps; one of 60 people and 70 days takes about 4 MB."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A roster with its period's input `ward`; `stands.ward` has the other wards' shifts too."""

    roster: Roster
    period: RosterPeriod
    ward: WardData
    stands: Standing
    known: Known
    board: Board | None
    """None where people work in other wards too: then the whole is judged each time."""

    @property
    def rows(self) -> dict[tuple[str, int], str]:
        """The shift of each cell that has one, by employee and day."""
        return {(cell.employee, cell.day): cell.shift for cell in self.stands.cells}

    def date_of(self, instant: datetime) -> date:
        """Return the date of an instant, of any offset, where the ward is."""
        return instant.astimezone(ZoneInfo(self.ward.unit.timezone)).date()

    def evaluation(self) -> Evaluation:
        """Return the judgement of the roster."""
        return self.board.evaluation() if self.board else self.stands.evaluate(self.ward)

    def change(self, employee: str, day: int, after: str) -> CellChange:
        """Return the change of a cell to a shift, or to a free day where that is an empty text."""
        return CellChange(employee, day, self.rows.get((employee, day), ""), after)

    def effect(self, changes: Iterable[CellChange]) -> Effect:
        """Return what changes would do; each cell is named once."""
        kept = tuple(sorted(change for change in changes if change.before != change.after))
        if self.board:
            return self.board.effect(kept)
        return compared(self.stands.ward, kept, self.evaluation(), self.with_changes(kept).evaluation())

    def with_changes(self, changes: Iterable[CellChange]) -> Desk:
        """Return the roster as it would be with changes made; nothing is stored."""
        kept = tuple(changes)
        rows = self.rows
        for change in kept:
            rows.pop((change.employee, change.day), None)
            if change.after:
                rows[change.employee, change.day] = change.after
        cells = tuple(sorted(Assignment(code, day, shift) for (code, day), shift in rows.items()))
        board = self.board.with_changes(kept) if self.board else None
        return replace(self, stands=replace(self.stands, cells=cells), board=board)


def open_desk(session: TenantSession, roster: Roster, lending: Collection[UUID] = ()) -> Desk:
    """Return a period's roster, opened; raises `NotFound` for a benchmark problem's.

    `lending` names shift types of other wards that its people are about to work, by id.
    """
    if roster.period_id is None:
        raise NotFound(_("A benchmark problem's roster cannot be changed."))
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    ward = judged_ward(session, roster.period_id)
    stands = standing(session, roster, ward, assignments(session, roster), lending)
    input_key = session.tenant_id, ward, stands.away
    known = _known.get(input_key) or _known.put(input_key, Known.of(ward, stands))
    board = None
    if not stands.away:
        key = known, stands.cells, stands.guests
        board = _boards.get(key) or _boards.put(key, Board(ward, stands.cells, stands.guests))
    return Desk(roster, period, ward, stands, known, board)


def remember(desk: Desk) -> None:
    """Keep what has been judged of a changed roster, for the next request."""
    if desk.board:
        _boards.put((desk.known, desk.stands.cells, desk.stands.guests), desk.board)


def shared_in(desk: Desk, before: Fairness | None = None, changed: Collection[str] = ()) -> Fairness:
    """Return how what is heavy and what is wished for is shared; told at once after a change of some rows.

    `before` is how it was shared before the rows of the people `changed` were changed.
    """
    key = desk.known, desk.stands.cells
    found = _shared.get(key)
    if found:
        return found
    if desk.board is None:
        made = fairness(desk.stands.ward, desk.stands.cells)
    elif before:
        made = fairness_since(before, desk.board.case, changed)
    else:
        made = fairness_in(desk.board.case)
    return _shared.put(key, made)


Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class _Remembered(Generic[Key, Made]):
    """What was made last, by all that it is made from: what has changed is never found."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Made | None:
        with self._lock:
            made = self._kept.get(key)
            if made is not None:
                self._kept.move_to_end(key)
            return made

    def put(self, key: Key, made: Made) -> Made:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return made


# A tenant's input is looked up by all that it holds; what is made from it, by what was worked out of it.
_known: _Remembered[tuple[UUID, WardData, tuple[tuple[str, ShiftType], ...]], Known] = _Remembered()
_boards: _Remembered[tuple[Known, tuple[Assignment, ...], tuple[Guest, ...]], Board] = _Remembered()
_shared: _Remembered[tuple[Known, tuple[Assignment, ...]], Fairness] = _Remembered()
