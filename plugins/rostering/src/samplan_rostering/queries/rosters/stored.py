"""A roster with what it was made for: for its page, its workbook and the API."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import Employee, Roster, RosterPeriod, ShiftType, Ward
from samplan_rostering.queries.hired.elsewhere import judged_ward
from samplan_rostering.queries.periods.lists import get_problem
from samplan_rostering.queries.rosters.checks import Breach, RosterCheck, check_problem, check_ward
from samplan_rostering.queries.rosters.grid import Grid, roster_grid
from samplan_rostering.queries.rosters.standing import AWAY, Standing, standing
from samplan_rostering.solver.ward_facts import WardFacts


@dataclass(frozen=True, slots=True)
class PeriodRoster:
    """A period's roster, ready to be shown; `changed` when its input is another now than it was then.

    `away`: its people work in other wards.
    """

    grid: Grid
    check: RosterCheck
    changed: bool
    away: bool


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is worked out of a roster's input alone: its rows by day and person, and its mark.

    Each stands for the input that it was made from, and is equal to itself alone.
    """

    facts: WardFacts
    mark: str

    @classmethod
    def of(cls, ward: WardData, stands: Standing) -> Known:
        """Work it out."""
        return cls(WardFacts(stands.ward), input_hash(ward))


@dataclass(frozen=True, slots=True)
class RosterValue:
    """A roster as the API gives it."""

    id: UUID
    source_id: UUID | None
    number: int
    status: str
    objective: int
    bound: int | None
    created_at: Any
    seconds: float
    seed: int
    versions: Mapping[str, Any]
    breakdown: Mapping[str, Any]
    assignments: Sequence[Assignment]


@dataclass(frozen=True, slots=True)
class EvaluationValue:
    """What the independent evaluator says of a roster, with its size."""

    employees: int
    days: int
    assignments: int
    violations: Sequence[Breach]
    uncovered: int
    objective: int
    breakdown: Mapping[str, int]


def input_hash(source: WardData | str) -> str:
    """Return a mark that changes whenever the input of a roster does.

    Of contracts and absences it holds what falls within the period, in no order that another ward's file
    could change.
    """
    text = source if isinstance(source, str) else repr(_told(_within_period(source)))
    return hashlib.sha256(text.encode()).hexdigest()


def _told(ward: WardData) -> dict[str, Any]:
    """Return a ward as it is marked by; of own staff nothing is said of hiring, of whole days no times."""
    told = asdict(ward)
    del told["elsewhere"]  # other wards' rosters are no input of this one's
    for person in told["employees"]:
        if person["hired"] is None:
            del person["hired"]
    for row in told["absences"]:
        if row["start"] is None:
            del row["start"], row["end"]
    return told


def _within_period(ward: WardData) -> WardData:
    first, last = ward.period.start, ward.period.end
    after = last + timedelta(days=1)  # where the last night ends
    contracts = [
        replace(row, valid_from=max(row.valid_from, first), valid_to=min(row.valid_to or last, last))
        for row in ward.contracts
        if row.valid_from <= last and (row.valid_to is None or row.valid_to >= first)
    ]
    absences = [
        replace(row, first=max(row.first, first), last=min(row.last, after))
        for row in ward.absences
        if row.first <= after and row.last >= first
    ]
    return replace(
        ward,
        contracts=tuple(sorted(contracts, key=lambda row: (row.employee, row.valid_from))),
        absences=tuple(
            sorted(absences, key=lambda row: (row.employee, row.first, row.last, row.clock, row.kind))
        ),
    )


def period_roster(session: TenantSession, roster: Roster, period_id: UUID, *, private: bool) -> PeriodRoster:
    """Return a period's roster with its grid and check; the number of queries is fixed.

    Without `private` absences show without their kind, and wishes not at all.
    """
    ward = judged_ward(session, period_id)
    stands = standing(session, roster, ward, assignments(session, roster))
    return shown_roster(roster, ward, stands, stands.evaluate(ward), private=private)


def shown_roster(
    roster: Roster,
    ward: WardData,
    stands: Standing,
    evaluation: Evaluation,
    *,
    private: bool,
    known: Known | None = None,
    only: Collection[str] | None = None,
) -> PeriodRoster:
    """Return a roster ready to be shown, as `period_roster` does, from what has been read and judged.

    `known` is what has been worked out of its input, where the caller has that; `only` as for `roster_grid`.
    """
    known = known or Known.of(ward, stands)
    check = check_ward(ward, evaluation, private=private)
    breaches: dict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    for breach in check.breaches:
        if breach.day is not None:
            breaches[breach.employee, breach.day] += (breach.text,)
    shown = stands.ward if private else discreet(stands.ward)
    return PeriodRoster(
        grid=roster_grid(shown, stands.cells, breaches, stands.guests, facts=known.facts, only=only),
        check=check,
        changed=known.mark != roster.input_hash,
        away=bool(stands.away),
    )


def assignments(session: TenantSession, roster: Roster) -> list[Assignment]:
    """Return a roster's assignments in the order of employee and day, by the codes of its input.

    A shift that is worked in another ward has its unit before its code.
    """
    if roster.cells is not None:
        return [Assignment(employee, day, shift) for employee, day, shift in roster.cells]
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    of_roster = AssignmentRow.roster_id == roster.id
    shifts = (
        select(
            ShiftType.id,
            case(
                (ShiftType.ward_id == period.ward_id, ShiftType.code),
                else_=OrgUnit.code + AWAY + ShiftType.code,
            ),
        )
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(ShiftType.id.in_(select(AssignmentRow.shift_type_id).where(of_roster)))
    )
    people = (
        select(Employee.id, Employee.code)
        .where(Employee.id.in_(select(AssignmentRow.employee_id).where(of_roster)))
        .order_by(Employee.code)
    )
    # Names are looked up here: joined to thousands of rows and sorted by, they take several times as long.
    code_of: dict[UUID, str] = dict(session.execute(shifts).all())
    cells: dict[UUID, tuple[str, list[Assignment]]] = {
        who: (code, []) for who, code in session.execute(people)
    }
    rows = select(AssignmentRow.employee_id, AssignmentRow.on_date, AssignmentRow.shift_type_id)
    for who, on, shift in session.execute(rows.where(of_roster).order_by(AssignmentRow.on_date)):
        code, own = cells[who]
        own.append(Assignment(code, (on - period.start_date).days, code_of[shift]))
    return [cell for _code, own in cells.values() for cell in own]


def roster_value(session: TenantSession, roster: Roster) -> RosterValue:
    """Return a roster with its assignments."""
    return RosterValue(
        id=roster.id,
        source_id=roster.period_id or roster.problem_id,
        number=roster.number,
        status=roster.status,
        objective=roster.objective,
        bound=roster.bound,
        created_at=roster.created_at,
        seconds=roster.seconds,
        seed=roster.seed,
        versions=roster.versions,
        breakdown=roster.breakdown,
        assignments=assignments(session, roster),
    )


def evaluation(session: TenantSession, roster: Roster, *, private: bool) -> EvaluationValue:
    """Let the independent evaluator judge a roster against its input as it is now; `private` as there."""
    cells = assignments(session, roster)
    if roster.period_id is not None:
        ward = judged_ward(session, roster.period_id)
        stands = standing(session, roster, ward, cells)
        check = check_ward(ward, stands.evaluate(ward), private=private)
        employees, days = len(ward.employees), ward.period.days
    else:
        instance = _instance(session, roster)
        employees, days, check = len(instance.staff), instance.days, check_problem(instance, cells)
    return EvaluationValue(
        employees=employees,
        days=days,
        assignments=len(cells),
        violations=check.breaches,
        uncovered=check.uncovered,
        objective=check.objective,
        breakdown=check.breakdown,
    )


def benchmark_rows(roster: Roster, instance: CurtoisInstance) -> list[tuple[str, list[str]]]:
    """Return each employee of a benchmark with the shift of every day; an empty text is a free day."""
    worked = {(employee, day): shift for employee, day, shift in roster.cells or ()}
    return [
        (member.id, [worked.get((member.id, day), "") for day in range(instance.days)])
        for member in instance.staff
    ]


def _instance(session: TenantSession, roster: Roster) -> CurtoisInstance:
    if roster.problem_id is None:
        raise NotFound(_("There is no such roster."))
    return parse_curtois(get_problem(session, roster.problem_id).source)


def discreet(ward: WardData) -> WardData:
    """Return the ward without what only those who plan may see."""
    return replace(ward, absences=tuple(row.discreet for row in ward.absences), wishes=())
