"""What reading a ward in changes for people and rosters that are there already.

Nothing is foretold: the input is read in within a savepoint, before and after are compared, and the savepoint
is given up unless somebody agrees to what it did.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.models import Employee, PeriodEmployee, Roster, RosterPeriod, Ward
from samplan_rostering.queries.people import Place, StoredPerson, places, stored_people
from samplan_rostering.queries.rosters import assignments, input_hash
from samplan_rostering.queries.ward_data import ward_data
from samplan_rostering.services.wards import PERSONAL, import_ward

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Difference(Generic[Item]):
    """What is there no longer, and what is there instead or in addition."""

    removed: tuple[Item, ...]
    added: tuple[Item, ...]

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.removed or self.added)


@dataclass(frozen=True, slots=True)
class PersonChange:
    """How somebody is changed; `places` are the other units and periods that they are rostered in."""

    code: str
    name: str
    places: tuple[Place, ...]
    fields: Mapping[str, Difference[str]]
    contracts: Difference[values.Contract]
    absences: Difference[values.Absence]
    skills: Difference[values.HeldSkill]

    def __bool__(self) -> bool:
        """Tell whether anything is changed."""
        return bool(self.fields or self.contracts or self.absences or self.skills)


@dataclass(frozen=True, slots=True)
class AffectedRoster:
    """A roster of another period whose input is changed, with the number of broken rules before and after."""

    id: UUID
    number: int
    unit: str
    start: date
    end: date
    broken_before: int
    broken_after: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What is changed of what was there: people, and the rosters of other periods."""

    people: tuple[PersonChange, ...]
    rosters: tuple[AffectedRoster, ...]

    @property
    def mark(self) -> str:
        """A mark of exactly these effects; empty when there are none."""
        if not (self.people or self.rosters):
            return ""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def shared(self) -> tuple[PersonChange, ...]:
        """The people who are also rostered elsewhere."""
        return tuple(person for person in self.people if person.places)

    @property
    def own(self) -> tuple[PersonChange, ...]:
        """The people who are rostered nowhere else."""
        return tuple(person for person in self.people if not person.places)


def import_if(
    session: TenantSession, data: values.WardData, agree: Callable[[Effects], bool]
) -> tuple[Effects, UUID | None]:
    """Read a ward in if `agree` says yes to what that changes; return the effects, and the period's id.

    Otherwise nothing is stored, and the id is None.
    """
    codes = [employee.code for employee in data.employees]
    with session.begin_nested() as savepoint:
        people, rosters = stored_people(session, codes), _rosters(session, data)
        period_id = import_ward(session, data)
        session.expire_all()
        effects = Effects(
            people=_changed(people, stored_people(session, codes), places(session, codes, period_id)),
            rosters=_affected(session, rosters),
        )
        if agree(effects):
            return effects, period_id
        savepoint.rollback()
    return effects, None


def effects_of(session: TenantSession, data: values.WardData) -> Effects:
    """Return what reading a ward in would change; nothing is stored."""
    return import_if(session, data, lambda _effects: False)[0]


def _changed(
    before: Mapping[str, StoredPerson],
    after: Mapping[str, StoredPerson],
    elsewhere: Mapping[str, tuple[Place, ...]],
) -> tuple[PersonChange, ...]:
    changes = (
        PersonChange(
            code=code,
            name=old.name,
            places=elsewhere.get(code, ()),
            fields={
                name: Difference((str(getattr(old, name)),), (str(getattr(after[code], name)),))
                for name in PERSONAL
                if getattr(old, name) != getattr(after[code], name)
            },
            contracts=_difference(old.contracts, after[code].contracts),
            absences=_difference(old.absences, after[code].absences),
            skills=_held(old, after[code]),
        )
        for code, old in sorted(before.items())
    )
    return tuple(change for change in changes if change)


def _held(old: StoredPerson, new: StoredPerson) -> Difference[values.HeldSkill]:
    found = _difference(old.skills, new.skills)
    return Difference(tuple(held for _, held in found.removed), tuple(held for _, held in found.added))


def _difference(old: Sequence[Item], new: Sequence[Item]) -> Difference[Item]:
    return Difference(_without(old, new), _without(new, old))


def _without(rows: Sequence[Item], others: Iterable[Item]) -> tuple[Item, ...]:
    left = Counter(others)
    kept = []
    for row in rows:
        if left[row]:
            left[row] -= 1
        else:
            kept.append(row)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Case:
    """The rosters of a period and its input."""

    ward: values.WardData
    rosters: tuple[Roster, ...]


def _rosters(session: TenantSession, data: values.WardData) -> dict[UUID, _Case]:
    """Return the other periods that the input may touch and that have rosters."""
    found: dict[UUID, list[Roster]] = {}
    query = (
        select(Roster)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(_touched(data))
        .order_by(RosterPeriod.start_date, RosterPeriod.id, Roster.number)
    )
    for roster in session.scalars(query):
        if roster.period_id is not None:
            found.setdefault(roster.period_id, []).append(roster)
    return {key: _Case(ward_data(session, key), tuple(rosters)) for key, rosters in found.items()}


def _touched(data: values.WardData) -> ColumnElement[bool]:
    """Choose the periods of the same ward or with one of the people, but not the one to be read in."""
    theirs = (
        select(PeriodEmployee.period_id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(Employee.code.in_([employee.code for employee in data.employees]))
    )
    dates = and_(RosterPeriod.start_date == data.period.start, RosterPeriod.end_date == data.period.end)
    same_ward = OrgUnit.code == data.unit.code
    return and_(or_(same_ward, RosterPeriod.id.in_(theirs)), ~and_(same_ward, dates))


def _affected(session: TenantSession, before: Mapping[UUID, _Case]) -> tuple[AffectedRoster, ...]:
    affected = []
    for period_id, case in before.items():
        now = ward_data(session, period_id)
        if input_hash(now) == input_hash(case.ward):
            continue
        for roster in case.rosters:
            cells = assignments(session, roster)
            affected.append(
                AffectedRoster(
                    id=roster.id,
                    number=roster.number,
                    unit=now.unit.name or now.unit.code,
                    start=now.period.start,
                    end=now.period.end,
                    broken_before=len(evaluate_ward(case.ward, cells).violations),
                    broken_after=len(evaluate_ward(now, cells).violations),
                )
            )
    return tuple(affected)
