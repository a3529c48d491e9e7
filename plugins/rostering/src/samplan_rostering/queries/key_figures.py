"""The key figures of chosen wards and dates: of rosters, those of the periods that begin then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain.roster import Assignment as Cell
from samplan_rostering.domain.ward import ShiftKind, WardData, WishKind
from samplan_rostering.figure_words import DEFINITIONS, Definition
from samplan_rostering.models import (
    Assignment,
    EnteredFigure,
    Publication,
    PublicationShift,
    Roster,
    RosterPeriod,
    Ward,
    WorkedShift,
)
from samplan_rostering.queries.best import rosters_in_force
from samplan_rostering.queries.coverage import coverage
from samplan_rostering.queries.hours import hours_by_employee
from samplan_rostering.queries.rosters import assignments
from samplan_rostering.queries.standing import Standing, standing
from samplan_rostering.queries.ward_data import ward_data

QUICK = timedelta(hours=11)
MOST_PERIODS = 60
"""Periods that one question looks at, the newest first."""

Sums = defaultdict[tuple[str, str], float]
"""What figures are made of: by figure, and `part`, `whole` or `n`."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with what it is made of; nothing of it is given when it is `suppressed`."""

    key: str
    definition: Definition
    value: float | None
    part: float | None
    whole: float | None
    n: int
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The wards (none: the whole region) and dates that are asked about."""

    wards: tuple[UUID, ...]
    first: date
    last: date


def ward_names(session: TenantSession) -> Mapping[UUID, str]:
    """Return the wards that roster, by name."""
    rows = select(Ward.id, OrgUnit.name).join(OrgUnit, OrgUnit.id == Ward.unit_id).order_by(OrgUnit.name)
    return dict(session.execute(rows).all())


def key_figures(session: TenantSession, choice: Choice) -> tuple[list[KeyFigure], int]:
    """Return every key figure, and how many periods are behind those of rosters."""
    sums: Sums = defaultdict(float)
    periods = _periods(session, choice)
    for roster in rosters_in_force(session, Roster.period_id.in_(periods)):
        if roster.period_id is not None:
            ward = ward_data(session, roster.period_id)
            stands = standing(session, roster, ward, assignments(session, roster))
            _of_roster(sums, ward, stands)
            _rests(session, sums, roster.id)
    _published(session, sums, periods)
    _entered(session, sums, choice)
    _worked(session, sums, choice)
    return [_figure(key, sums) for key in DEFINITIONS], len(periods)


def _periods(session: TenantSession, choice: Choice) -> Sequence[UUID]:
    query = select(RosterPeriod.id).where(RosterPeriod.start_date.between(choice.first, choice.last))
    if choice.wards:
        query = query.where(RosterPeriod.ward_id.in_(choice.wards))
    return session.scalars(query.order_by(RosterPeriod.start_date.desc()).limit(MOST_PERIODS)).all()


def _of_roster(sums: Sums, ward: WardData, stands: Standing) -> None:
    for need in coverage(stands.ward, stands.cells, stands.guests):
        sums["coverage", "part"] += need.target - need.missing
        sums["coverage", "whole"] += need.target
        sums["unfilled", "part"] += need.missing
    sums["breaches", "part"] += len(stands.evaluate(ward).violations)
    sums["breaches", "whole"] += 1
    hours = hours_by_employee(stands.ward, stands.cells)
    sums["hours", "part"] += sum(found.rostered for found in hours.values())
    sums["hours", "whole"] += sum(found.contract for found in hours.values())
    for key in ("hours", "weekends", "nights"):
        sums[key, "n"] += len(ward.employees)
    for key in ("weekends", "nights"):
        sums[key, "whole"] += len(ward.employees)
    _nights_and_weekends(sums, stands.ward, stands.cells)
    _wishes(sums, ward, stands.cells)


def _nights_and_weekends(sums: Sums, ward: WardData, cells: Collection[Cell]) -> None:
    kinds = {shift.code: shift.kind for shift in ward.shift_types}
    weekends = set()
    for cell in cells:
        on = ward.period.date_of(cell.day)
        sums["nights", "part"] += kinds.get(cell.shift) is ShiftKind.NIGHT
        if on.weekday() > 4:
            weekends.add((cell.employee, on - timedelta(days=on.weekday() - 5)))
    sums["weekends", "part"] += len(weekends)


def _wishes(sums: Sums, ward: WardData, cells: Collection[Cell]) -> None:
    worked = {(cell.employee, cell.day): cell.shift for cell in cells}
    for wish in ward.wishes:
        shift = worked.get((wish.employee, ward.period.day_of(wish.date)))
        works = shift is not None if wish.shift is None else shift == wish.shift
        sums["wishes", "part"] += works == (wish.kind is WishKind.WANT)
        sums["wishes", "whole"] += 1
        sums["wishes", "n"] += 1


def _rests(session: TenantSession, sums: Sums, roster_id: UUID) -> None:
    rows = session.execute(
        select(Assignment.employee_id, Assignment.starts_at, Assignment.ends_at)
        .where(Assignment.roster_id == roster_id)
        .order_by(Assignment.employee_id, Assignment.starts_at)
    ).all()
    for (one, _start, end), (other, start, _end) in pairwise(rows):
        if one == other:
            sums["quick_returns", "part"] += start - end < QUICK
            sums["quick_returns", "whole"] += 1
            sums["quick_returns", "n"] += 1


def _published(session: TenantSession, sums: Sums, periods: Collection[UUID]) -> None:
    rows = session.scalars(select(Publication).where(Publication.period_id.in_(periods))).all()
    first = {row.period_id: row for row in rows if row.number == 1}
    sums["lead_time", "part"] += sum(row.lead_days for row in first.values())
    sums["lead_time", "whole"] += len(first)
    shifts = select(func.count()).where(
        PublicationShift.publication_id.in_([row.id for row in first.values()])
    )
    sums["changes", "part"] += sum(row.changed_cells for row in rows if row.number > 1)
    sums["changes", "whole"] += session.scalar(shifts) or 0


def _entered(session: TenantSession, sums: Sums, choice: Choice) -> None:
    rows = entered_figures(session, choice)
    months: dict[tuple[UUID, date], dict[str, float]] = {}
    for row in rows:
        months.setdefault((row.ward_id, row.month), {})[row.kind] = float(row.amount)
        if row.kind in DEFINITIONS:
            sums[row.kind, "part"] += float(row.amount)
            sums[row.kind, "whole"] += 1
        if row.kind == "external_hours":
            sums["agency_share", "part"] += float(row.amount)
            sums["agency_share", "whole"] += float(row.amount)
    for figures in months.values():
        if figures.get("managers") and "employees" in figures:
            sums["employees_per_manager", "part"] += figures["employees"]
            sums["employees_per_manager", "whole"] += figures["managers"]


def _worked(session: TenantSession, sums: Sums, choice: Choice) -> None:
    query = (
        select(
            func.coalesce(func.sum(WorkedShift.paid_minutes), 0),
            func.coalesce(func.sum(WorkedShift.extra_minutes), 0),
            func.count(WorkedShift.employee_id.distinct()),
        )
        .join(RosterPeriod, RosterPeriod.id == WorkedShift.period_id)
        .where(WorkedShift.on_date.between(choice.first, choice.last))
    )
    if choice.wards:
        query = query.where(RosterPeriod.ward_id.in_(choice.wards))
    paid, extra, people = session.execute(query).one()
    sums["beyond", "part"] += extra / 60
    sums["beyond", "whole"] += paid / 60
    sums["beyond", "n"] += people
    # Without external hours nothing is known of the share: it is not zero.
    if sums["agency_share", "part"]:
        sums["agency_share", "whole"] += paid / 60


def entered_figures(session: TenantSession, choice: Choice) -> Sequence[EnteredFigure]:
    """Return what the wards have entered for months that begin in the dates, the newest first."""
    query = select(EnteredFigure).where(EnteredFigure.month.between(choice.first, choice.last))
    if choice.wards:
        query = query.where(EnteredFigure.ward_id.in_(choice.wards))
    return session.scalars(query.order_by(EnteredFigure.month.desc(), EnteredFigure.kind)).all()


def _figure(key: str, sums: Sums) -> KeyFigure:
    definition = DEFINITIONS[key]
    part, whole, n = sums[key, "part"], sums[key, "whole"], int(sums[key, "n"])
    has_whole = bool(str(definition.denominator))
    known = bool(whole) if has_whole else bool(sums["coverage", "whole"])
    suppressed = known and n < definition.min_n
    if suppressed or not known:
        return KeyFigure(key, definition, None, None, None, n, suppressed)
    value = definition.scale * part / whole if has_whole else float(part)
    shown = [amount / 60 if key == "hours" else amount for amount in (part, whole)]
    return KeyFigure(key, definition, value, shown[0], shown[1] if has_whole else None, n, suppressed)
