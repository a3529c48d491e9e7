"""What the pages that set a ward up show of shift types and skills, and where these are used."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, union

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.models import (
    Assignment,
    Employee,
    EmployeeSkill,
    HistoryShift,
    ShiftType,
    Skill,
    Ward,
    WorkedShift,
)
from samplan_rostering.queries.setup.wards import shift_types_of, skills_of


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift type; `worked` when a roster or what was worked has it, so that its times stay as they are."""

    row: ShiftType
    worked: bool

    @property
    def mark(self) -> str:
        """A mark of what is stored: a change names the one that its form was shown with."""
        row = self.row
        said = (row.code, row.name, row.kind, row.start_time, row.end_time, row.break_minutes)
        duty = row.on_call_minutes, row.standby_minutes
        return _mark(said, row.paid_minutes, *duty, row.colour, row.retired)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a skill, and between which dates."""

    id: UUID
    name: str
    valid_from: date | None
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Tell whether the skill is valid on a date."""
        return (self.valid_from or on) <= on <= (self.valid_to or on)


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill of a ward with who holds it, by name."""

    row: Skill
    holders: tuple[Holder, ...]

    @property
    def mark(self) -> str:
        """A mark of what is stored of the skill itself."""
        return _mark(self.row.code, self.row.name, self.row.retired)

    def holding(self, on: date) -> int:
        """Return how many hold it on a date."""
        return len({holder.id for holder in self.holders if holder.holds(on)})


def shift_lines(session: TenantSession, ward_id: UUID) -> list[ShiftLine]:
    """Return a ward's shift types, those out of use last."""
    rows = shift_types_of(session, ward_id, retired=True)
    worked = _worked(session, rows)
    return [ShiftLine(row, row.id in worked) for row in rows]


def get_shift(session: TenantSession, shift_id: UUID) -> ShiftLine:
    """Return a shift type; raises `NotFound`."""
    row = session.get(ShiftType, (session.tenant_id, shift_id), populate_existing=True)
    if row is None:
        raise NotFound(_("There is no such shift type."))
    return ShiftLine(row, bool(_worked(session, [row])))


def skill_lines(session: TenantSession, ward_id: UUID) -> list[SkillLine]:
    """Return a ward's skills, those out of use last."""
    return _with_holders(session, skills_of(session, ward_id, retired=True))


def get_skill(session: TenantSession, skill_id: UUID) -> SkillLine:
    """Return a skill; raises `NotFound`."""
    row = session.get(Skill, (session.tenant_id, skill_id), populate_existing=True)
    if row is None:
        raise NotFound(_("There is no such skill."))
    return _with_holders(session, [row])[0]


def locked_ward(session: TenantSession, ward_id: UUID) -> Ward:
    """Return a ward whose setting up nobody else can change now; raises `NotFound`."""
    ward = session.scalar(select(Ward).where(Ward.id == ward_id).with_for_update())
    if ward is None:
        raise NotFound(_("There is no such ward."))
    return ward


def _worked(session: TenantSession, rows: Sequence[ShiftType]) -> set[UUID]:
    """Return which of the shift types stand in a roster, in what was worked or in a period's history."""
    ids = [row.id for row in rows]
    found = union(
        *(
            select(model.shift_type_id).where(model.shift_type_id.in_(ids))
            for model in (Assignment, WorkedShift, HistoryShift)
        )
    )
    return set(session.scalars(found))


def _with_holders(session: TenantSession, skills: Sequence[Skill]) -> list[SkillLine]:
    holders: dict[UUID, list[Holder]] = defaultdict(list)
    rows = session.execute(
        select(EmployeeSkill, Employee)
        .join(Employee, Employee.id == EmployeeSkill.employee_id)
        .where(EmployeeSkill.skill_id.in_([skill.id for skill in skills]))
        .order_by(Employee.name, Employee.code, EmployeeSkill.valid_from)
    )
    for held, person in rows:
        name = person.name or person.code
        holders[held.skill_id].append(Holder(person.id, name, held.valid_from, held.valid_to))
    return [SkillLine(skill, tuple(holders[skill.id])) for skill in skills]


def _mark(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]
