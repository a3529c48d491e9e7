"""Ask the evaluator about changed rosters: the whole, or quickly one person's row alone.

Most hard rules concern one person, so a row alone tells whether it can be; what ties people together is seen
by the evaluation of the whole, which has the last word on everything that is claimed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from decimal import Decimal

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation, Violation
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.domain.explain.coverage import Coverage
from samplan_rostering.domain.explain.effect import (
    CellChange,
    Effect,
    cost_difference,
    gap_difference,
    minutes_of,
    newly_broken,
)
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData

Cells = Mapping[int, str]
_SHARED = {"unit", "period", "skills", "shift_types", "rules"}
_NEEDS = {"weekly_requirements", "dated_requirements"}
"""Fields of a ward that belong to nobody."""


class Judge:
    """A ward with a roster, to be asked what changes would do. A row is shift by day.

    `guests` come from an internal unit: they count for what is needed, and are not changed. `before` is the
    evaluation of the roster, where the caller has it. Nothing is suggested for days before `first`.
    """

    def __init__(
        self,
        ward: WardData,
        assignments: Iterable[Assignment],
        guests: Collection[Guest] = (),
        before: Evaluation | None = None,
        *,
        first: int = 0,
    ) -> None:
        self.ward, self.guests, self.first = ward, guests, first
        self.own = tuple(employee.code for employee in ward.employees if not employee.hired)
        self.rows: dict[str, dict[int, str]] = {employee.code: {} for employee in ward.employees}
        self._others: list[Assignment] = []
        self._given: list[Assignment] = sorted(assignments)
        shifts, days = {shift.code for shift in ward.shift_types}, range(ward.period.days)
        for cell in self._given:
            row = self.rows.get(cell.employee)
            if row is None or cell.day in row or cell.shift not in shifts or cell.day not in days:
                self._others.append(cell)
            else:
                row[cell.day] = cell.shift
        self.before = evaluate_ward(ward, self._given, guests) if before is None else before
        self.timeline = Timeline(ward)
        self._alone: dict[tuple[str, tuple[tuple[int, str], ...]], Evaluation] = {}
        self._boards: dict[str, Board] = {}
        self.asked = 0

    def coverage(self) -> Coverage:
        """Return who counts for which need."""
        return Coverage(self.ward, self.rows, self.guests)

    def change(self, employee: str, day: int, after: str) -> CellChange:
        """Return the change of a cell to a shift, or to a free day where that is an empty text."""
        return CellChange(employee, day, self.rows[employee].get(day, ""), after)

    def board(self) -> Board:
        """Return the roster on a board, which tells the effect of changes without judging the whole."""
        return Board(self.ward, self._given, self.guests)

    def changed(self, changes: Iterable[CellChange]) -> list[Assignment]:
        """Return the roster with changes made."""
        rows = {code: dict(row) for code, row in self.rows.items()}
        for change in changes:
            rows[change.employee].pop(change.day, None)
            if change.after:
                rows[change.employee][change.day] = change.after
        cells = [Assignment(code, day, shift) for code, row in rows.items() for day, shift in row.items()]
        return sorted([*cells, *self._others])

    def effect(self, changes: Iterable[CellChange]) -> Effect:
        """Return what changes do, by the evaluation of the whole roster before and after."""
        changes = tuple(change for change in sorted(changes) if change.before != change.after)
        return self.compare(changes, evaluate_ward(self.ward, self.changed(changes), self.guests))

    def compare(self, changes: tuple[CellChange, ...], after: Evaluation) -> Effect:
        """Return what changes do, given the evaluation of the roster with them."""
        return compared(self.ward, changes, self.before, after)

    def alone(self, employee: str, row: Cells) -> Evaluation:
        """Evaluate one person's row by itself; what was asked before is remembered."""
        key = (employee, tuple(sorted(row.items())))
        if key not in self._alone:
            self.asked += 1
            cells = (CellChange(employee, day, "", shift) for day, shift in row.items())
            self._alone[key] = self._empty_row(employee).with_changes(cells).evaluation()
        return self._alone[key]

    def breaks(self, employee: str, row: Cells) -> tuple[Violation, ...]:
        """Return what another row of a person breaks that the present one does not."""
        before = self.alone(employee, self.rows[employee]).violations
        return newly_broken(before, self.alone(employee, row).violations)

    def could_ever(self, employee: str, day: int, shift: str) -> tuple[Violation, ...]:
        """Return what keeps a person from a cell whatever else the row holds."""
        return newly_broken(
            self.alone(employee, {}).violations, self.alone(employee, {day: shift}).violations
        )

    def own_points(self, employee: str, row: Cells) -> int:
        """Return what a row costs the person who has it, without what is shared with others."""
        return sum(charge.points for charge in self.alone(employee, row).charges if charge.employee)

    def within_full_time(self, employee: str, row: Cells) -> bool:
        """Tell whether a part-timer's row would be allowed to somebody who works full time."""
        ward = self._empty_row(employee).ward
        if not any(contract.percentage < 100 for contract in ward.contracts):
            return False
        whole = tuple(replace(c, percentage=max(c.percentage, Decimal(100))) for c in ward.contracts)
        cells = [Assignment(employee, day, shift) for day, shift in row.items()]
        before = self.alone(employee, self.rows[employee]).violations
        after = evaluate_ward(replace(ward, contracts=whole), cells).violations
        more = {(v.rule, v.day) for v in newly_broken(before, after)}
        # Too few hours for a full-timer say nothing about a part-timer.
        return not {(v.rule, v.day) for v in self.breaks(employee, row)} & more

    def _empty_row(self, employee: str) -> Board:
        """Return a ward with nobody but the employee, nothing rostered."""
        if employee not in self._boards:
            self._boards[employee] = Board(ward_of(self.ward, employee), ())
            self._boards[employee].evaluation()  # remembered for the days that stay free
        return self._boards[employee]


def compared(
    ward: WardData, changes: tuple[CellChange, ...], before: Evaluation, after: Evaluation
) -> Effect:
    """Return what changes do, given the evaluations of the roster without and with them."""
    opened, closed = gap_difference(before, after)
    return Effect(
        changes=changes,
        broken=newly_broken(before.violations, after.violations),
        mended=newly_broken(after.violations, before.violations),
        opened=opened,
        closed=closed,
        costs=cost_difference(before, after),
        minutes=minutes_of(Timeline(ward), changes),
    )


def ward_of(ward: WardData, employee: str) -> WardData:
    """Return a ward with one employee, and of the rest what names no other and what they can count for."""
    others = {person.code for person in ward.employees} - {employee}
    people = tuple(person for person in ward.employees if person.code == employee)
    skills = {None, *(held.skill for person in people for held in person.skills)}
    own: dict[str, object] = {"employees": people}
    # Needs say here only which shifts there are; how many are there is asked of the whole.
    own |= {
        name: tuple(
            replace(row, minimum=0, target=0, maximum=None)
            for row in getattr(ward, name)
            if row.skill in skills
        )
        for name in _NEEDS
    }
    for field in fields(ward):
        value = getattr(ward, field.name)
        if field.name not in _SHARED | own.keys() and isinstance(value, tuple):
            own[field.name] = tuple(row for row in value if others.isdisjoint(_texts(row)))
    return replace(ward, **own)  # type: ignore[arg-type] # each field keeps its own type


def _texts(row: object) -> set[str]:
    """Return the texts that a row of a table holds, some of which may be employees' codes."""
    values = [getattr(row, field.name) for field in fields(row)]  # type: ignore[arg-type] # rows are dataclasses
    return {value for value in values if type(value) is str}
