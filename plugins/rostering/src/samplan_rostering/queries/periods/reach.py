"""Which rosters' input a change of a ward or of its people may have reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.models import (
    Employee,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    ShiftType,
    Skill,
    Ward,
)
from samplan_rostering.queries.employees.people import StoredPerson, stored_people

Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """What several periods share, as stored at a moment: a ward's own rows, and people by code."""

    ward: tuple[Any, ...]
    people: Mapping[str, StoredPerson]


def shared(session: TenantSession, data: values.WardData) -> Shared:
    """Return what the periods of this ward, and those of its people, have in common now."""
    of_unit = select(Ward.id).join(OrgUnit, OrgUnit.id == Ward.unit_id).where(OrgUnit.code == data.unit.code)
    rows: list[Any] = list(session.scalars(select(Ward.timezone).where(Ward.id.in_(of_unit))))
    for model in (Skill, ShiftType):
        columns = model.__table__.columns
        query = select(*columns).where(model.ward_id.in_(of_unit)).order_by(model.position, model.id)
        rows += [tuple(row) for row in session.execute(query)]
    return Shared(tuple(rows), stored_people(session, [employee.code for employee in data.employees]))


def reached_periods(
    session: TenantSession, data: values.WardData, before: Shared, after: Shared
) -> list[UUID]:
    """Return the other periods with rosters whose input may not be what it was, by date.

    All of the ward when what it has itself is another; all of a person when the own fields or skills are;
    else those that meet a contract or an absence that has gone or come, by a day more at the end, for the
    last night.
    """
    in_ward = OrgUnit.code == data.unit.code
    own = and_(
        in_ward, RosterPeriod.start_date == data.period.start, RosterPeriod.end_date == data.period.end
    )
    query = (
        select(RosterPeriod.id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(
            ~own,
            or_(in_ward if before.ward != after.ward else false(), _with_changed_people(before, after)),
            RosterPeriod.id.in_(select(Roster.period_id).where(Roster.period_id.is_not(None))),
        )
        .order_by(RosterPeriod.start_date, RosterPeriod.id)
    )
    return list(session.scalars(query))


def _with_changed_people(before: Shared, after: Shared) -> ColumnElement[bool]:
    of_period = and_(PeriodEmployee.period_id == RosterPeriod.id, PeriodEmployee.employee_id == Employee.id)
    choices = [
        and_(Employee.code == code, choice)
        for code, old in before.people.items()
        if (choice := _periods_of_change(old, after.people[code])) is not None
    ]
    if not choices:
        return false()
    return (
        select(Employee.id)
        .join(PeriodEmployee, of_period)
        .where(or_(*choices))
        .correlate(RosterPeriod)
        .exists()
    )


def _periods_of_change(old: StoredPerson, new: StoredPerson) -> ColumnElement[bool] | None:
    """Choose the periods that a person's change may reach; None when nothing is changed."""
    if (old.name, old.profession, old.day_break, old.skills) != (
        new.name,
        new.profession,
        new.day_break,
        new.skills,
    ):
        return true()
    met = [
        and_(
            RosterPeriod.end_date + 1 >= first,
            true() if last is None else RosterPeriod.start_date <= last,
        )
        for first, last in _changed_spans(old, new)
    ]
    return or_(*met) if met else None


def _changed_spans(old: StoredPerson, new: StoredPerson) -> Iterator[Span]:
    contracts = _unlike(old.contracts, new.contracts)
    yield from ((contract.valid_from, contract.valid_to) for contract in contracts)
    yield from ((absence.first, absence.last) for absence in _unlike(old.absences, new.absences))


def _unlike(old: Iterable[Any], new: Iterable[Any]) -> Iterator[Any]:
    """Yield what only one of two collections has, counting doubles."""
    mine, others = Counter(old), Counter(new)
    yield from (mine - others) + (others - mine)
