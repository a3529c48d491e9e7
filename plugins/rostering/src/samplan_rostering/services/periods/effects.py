"""What reading a ward in changes for people and rosters that are there already.

Nothing is foretold: the input is read in within a savepoint, and before and after are compared. Where that
reaches rosters of other periods the savepoint is given up, to judge them by the input that they had, and the
input is read in again when somebody agrees to it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.domain.wishing import OwnWish
from samplan_rostering.models import Roster
from samplan_rostering.queries.employees.people import Place, StoredPerson, places
from samplan_rostering.queries.periods.reach import reached_periods, shared
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.requests.wishing import own_wishes
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.services.periods.wards import PERSONAL, import_ward

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

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of what is changed."""
        lists = ("contracts", "absences", "skills")
        return (*self.fields, *(name for name in lists if getattr(self, name)))

    def __bool__(self) -> bool:
        """Tell whether anything is changed."""
        return bool(self.changed)


@dataclass(frozen=True, slots=True)
class WishChange:
    """How the wishes change that somebody has made in person for the period."""

    code: str
    name: str
    wishes: Difference[OwnWish]


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
    """What is changed of what was there: people, the rosters of other periods, and people's own wishes."""

    people: tuple[PersonChange, ...]
    rosters: tuple[AffectedRoster, ...]
    wishes: tuple[WishChange, ...] = ()

    @property
    def mark(self) -> str:
        """A mark of exactly these effects; empty when there are none."""
        if not (self.people or self.rosters or self.wishes):
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
        before, wished = shared(session, data), own_wishes(session, data)
        period_id = import_ward(session, data)
        session.expire_all()
        after = shared(session, data)
        people = _changed(before.people, after.people, places(session, codes, period_id))
        wishes = _wishes(wished, own_wishes(session, data))
        now = {key: ward_data(session, key) for key in reached_periods(session, data, before, after)}
        if not now and agree(Effects(people, (), wishes)):
            return Effects(people, (), wishes), period_id
        savepoint.rollback()
    # The rosters with the input that they had.
    effects = Effects(people, affected_rosters(session, now), wishes)
    if now and agree(effects):
        return effects, import_ward(session, data)
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
            contracts=difference(old.contracts, after[code].contracts),
            absences=difference(old.absences, after[code].absences),
            skills=_held(old, after[code]),
        )
        for code, old in sorted(before.items())
    )
    return tuple(change for change in changes if change)


def _wishes(
    before: Mapping[str, tuple[str, tuple[OwnWish, ...]]],
    after: Mapping[str, tuple[str, tuple[OwnWish, ...]]],
) -> tuple[WishChange, ...]:
    changes = (
        WishChange(code, name, difference(old, after.get(code, (name, ()))[1]))
        for code, (name, old) in sorted(before.items())
    )
    return tuple(change for change in changes if change.wishes)


def _held(old: StoredPerson, new: StoredPerson) -> Difference[values.HeldSkill]:
    found = difference(old.skills, new.skills)
    return Difference(tuple(held for _, held in found.removed), tuple(held for _, held in found.added))


def difference(old: Sequence[Item], new: Sequence[Item]) -> Difference[Item]:
    """Return what of a list is there no longer, and what is there in addition."""
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


def affected_rosters(
    session: TenantSession, now: Mapping[UUID, values.WardData]
) -> tuple[AffectedRoster, ...]:
    """Return the rosters of the periods whose input would be another; the session has it as it was."""
    affected = []
    for period_id, ward in now.items():
        was = ward_data(session, period_id)
        if input_hash(ward) == input_hash(was):
            continue
        rosters = select(Roster).where(Roster.period_id == period_id).order_by(Roster.number)
        for roster in session.scalars(rosters):
            stands = standing(session, roster, was, assignments(session, roster))
            affected.append(
                AffectedRoster(
                    id=roster.id,
                    number=roster.number,
                    unit=ward.unit.name or ward.unit.code,
                    start=ward.period.start,
                    end=ward.period.end,
                    broken_before=len(stands.evaluate(was).violations),
                    broken_after=len(stands.evaluate(ward).violations),
                )
            )
    return tuple(affected)
