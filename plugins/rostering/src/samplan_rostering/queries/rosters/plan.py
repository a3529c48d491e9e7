"""Who works what and when, as values: of a roster as it is now, or of a publication as it was frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from samplan.plugin_api import OrgUnit, TenantSession, _
from samplan_rostering.domain.publication import FrozenShift
from samplan_rostering.models import (
    Assignment,
    Employee,
    PeriodEmployee,
    Publication,
    PublicationShift,
    RosterPeriod,
    ShiftType,
    Ward,
)


@dataclass(frozen=True, slots=True)
class PlanPerson:
    """Somebody who takes part in the period, or works by its roster."""

    id: UUID
    code: str
    name: str
    profession: str
    supplier: str | None = None

    @property
    def shown(self) -> str:
        """The name, or the employment id of whom has none; of who is hired this is said."""
        return self.name or self.code if self.supplier is None else _("%(code)s, hired", code=self.code)


@dataclass(frozen=True, slots=True)
class PlanShift:
    """A shift of somebody, with what it is called and its kind (`day`, `evening`, `night`)."""

    frozen: FrozenShift
    name: str
    kind: str
    own_unit: bool

    @property
    def code(self) -> str:
        """The shift's code, with the unit before it where that is another ward's."""
        return self.frozen.shift if self.own_unit else f"{self.frozen.unit}/{self.frozen.shift}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A period's people and shifts, for pages, documents and exports."""

    period_id: UUID
    unit_code: str
    unit_name: str
    timezone: str
    name: str
    start: date
    end: date
    people: tuple[PlanPerson, ...]
    shifts: tuple[PlanShift, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The dates of the period."""
        return tuple(self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1))

    @property
    def cells(self) -> Mapping[tuple[UUID, date], PlanShift]:
        """The shift of each person and date that has one."""
        return {(shift.frozen.employee_id, shift.frozen.on): shift for shift in self.shifts}

    @property
    def own_staff(self) -> Plan:
        """The same without those who are hired, for what is about employment."""
        people = tuple(person for person in self.people if person.supplier is None)
        ids = {person.id for person in people}
        shifts = tuple(shift for shift in self.shifts if shift.frozen.employee_id in ids)
        return replace(self, people=people, shifts=shifts)

    @property
    def frozen(self) -> list[FrozenShift]:
        """The shifts without their names."""
        return [shift.frozen for shift in self.shifts]


def roster_plan(session: TenantSession, period_id: UUID, roster_id: UUID) -> Plan:
    """Return who works what by a roster as it is now."""
    rows = session.execute(
        select(
            Assignment.employee_id,
            Assignment.on_date,
            OrgUnit.code.label("unit_code"),
            ShiftType.code.label("shift_code"),
            ShiftType.name.label("shift_name"),
            ShiftType.kind.label("shift_kind"),
            Assignment.starts_at,
            Assignment.ends_at,
            Assignment.break_minutes,
            Assignment.paid_minutes,
            Assignment.on_call_minutes,
            Assignment.standby_minutes,
        )
        .select_from(Assignment)
        .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(Assignment.roster_id == roster_id)
        .order_by(Assignment.on_date, Assignment.employee_id)
    )
    return _plan(session, period_id, rows)


def published_plan(session: TenantSession, publication: Publication) -> Plan:
    """Return who works what by a publication, whatever has happened to its roster since."""
    query = (
        select(*_FROZEN)
        .where(PublicationShift.publication_id == publication.id)
        .order_by(PublicationShift.on_date, PublicationShift.employee_id)
    )
    return _plan(session, publication.period_id, session.execute(query))


_FROZEN = (
    PublicationShift.employee_id,
    PublicationShift.on_date,
    PublicationShift.unit_code,
    PublicationShift.shift_code,
    PublicationShift.shift_name,
    PublicationShift.shift_kind,
    PublicationShift.starts_at,
    PublicationShift.ends_at,
    PublicationShift.break_minutes,
    PublicationShift.paid_minutes,
    PublicationShift.on_call_minutes,
    PublicationShift.standby_minutes,
)


def frozen_shift(row: Any) -> FrozenShift:
    """Return a row of a publication or roster as the value."""
    return FrozenShift(
        employee_id=row.employee_id,
        on=row.on_date,
        unit=row.unit_code,
        shift=row.shift_code,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        break_minutes=row.break_minutes,
        paid_minutes=row.paid_minutes,
        on_call_minutes=row.on_call_minutes,
        standby_minutes=row.standby_minutes,
    )


def _plan(session: TenantSession, period_id: UUID, rows: Iterable[Any]) -> Plan:
    period, ward, unit = session.execute(
        select(RosterPeriod, Ward, OrgUnit)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(RosterPeriod.id == period_id)
    ).one()
    shifts = tuple(
        PlanShift(frozen_shift(row), row.shift_name, row.shift_kind, row.unit_code == unit.code)
        for row in rows
    )
    return Plan(
        period_id=period_id,
        unit_code=unit.code,
        unit_name=unit.name,
        timezone=ward.timezone,
        name=period.name,
        start=period.start_date,
        end=period.end_date,
        people=_people(session, period_id, {shift.frozen.employee_id for shift in shifts}),
        shifts=shifts,
    )


def _people(session: TenantSession, period_id: UUID, working: set[UUID]) -> tuple[PlanPerson, ...]:
    """Return the period's people in their order, and then who works without taking part any more."""
    taking_part: Select[Any] = (
        select(Employee)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id)
        .order_by(PeriodEmployee.position, Employee.code)
    )
    found = list(session.scalars(taking_part))
    others = working - {row.id for row in found}
    if others:
        found += session.scalars(select(Employee).where(Employee.id.in_(others)).order_by(Employee.code))
    return tuple(PlanPerson(row.id, row.code, row.name, row.profession, row.supplier) for row in found)
