"""Read a ward's input into the database: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Invalid, OrgUnit, TenantSession, _, record
from samplan_rostering.domain import ward as values
from samplan_rostering.models import Employee, RosterPeriod, ShiftType, Skill, Ward
from samplan_rostering.services.employees import staff
from samplan_rostering.services.periods import rows as period_rows
from samplan_rostering.services.periods.keys import Keys
from samplan_rostering.services.setup import exceptions

PERSONAL = ("name", "profession", "day_break")
"""Fields of an employee that the audit trail shows as changed, never by value."""


def import_ward(session: TenantSession, data: values.WardData) -> UUID:
    """Store a valid ward and period, and return the period's id; the same input twice changes nothing.

    Unit, skills, shift types, employees and the period are found again by their codes and dates. What the
    input says of the period replaces what was there. Skills and shift types that it no longer names are
    retired; contracts and absences outside the period that it does not speak of stay.

    Raises:
        Invalid: the unit is not a unit of the organisation tree, or somebody's id is another person's: own
            staff does not become a supplier's, nor the other way.
    """
    ward = _ward(session, data.unit)
    employees, added = _employees(session, data.employees)
    keys = Keys(
        employees=employees,
        added=added,
        skills=_coded(session, Skill, ward, [_columns(skill) for skill in data.skills]),
        shifts=_coded(session, ShiftType, ward, [shift_columns(shift) for shift in data.shift_types]),
    )
    session.flush()
    staff.replace(session, data, keys, ward.id)
    period, before = _period(session, ward, data)
    session.flush()
    exceptions.register_stated(session, ward.id, data.settings, keys)
    period_rows.replace(session, period.id, data, keys)
    after = {"unit": data.unit.code, "start": data.period.start, "end": data.period.end, **counts(data)}
    record(session, "period.imported", "rostering.period", period.id, before=before, after=after)
    session.flush()
    return period.id


def counts(data: values.WardData) -> dict[str, int]:
    """Return how many rows of each kind the input has, by the names of its parts."""
    return {
        item.name: len(part) for item in fields(data) if isinstance(part := getattr(data, item.name), tuple)
    }


def _ward(session: TenantSession, unit: values.Unit) -> Ward:
    unit_id = session.scalar(select(OrgUnit.id).where(OrgUnit.code == unit.code, OrgUnit.active))
    if unit_id is None:
        message = _("There is no unit with the code %(code)s in the organisation.", code=unit.code)
        raise Invalid(message, {"unit.code": [message]})
    ward = session.scalar(select(Ward).where(Ward.unit_id == unit_id).with_for_update())
    if ward is None:
        ward = Ward(unit_id=unit_id, timezone=unit.timezone)
        session.add(ward)
        session.flush()
        record(session, "ward.added", "rostering.ward", ward.id, after={"unit": unit.code})
    elif ward.timezone != unit.timezone:
        change = {"timezone": ward.timezone}, {"timezone": unit.timezone}
        ward.timezone = unit.timezone
        record(session, "ward.changed", "rostering.ward", ward.id, before=change[0], after=change[1])
    return ward


def _period(
    session: TenantSession, ward: Ward, data: values.WardData
) -> tuple[RosterPeriod, dict[str, Any] | None]:
    """Return the period, and what the audit trail says of it before; None for a new one."""
    found = session.scalar(
        select(RosterPeriod).where(
            RosterPeriod.ward_id == ward.id,
            RosterPeriod.start_date == data.period.start,
            RosterPeriod.end_date == data.period.end,
        )
    )
    rules = asdict(data.rules)
    if found is None:
        period = RosterPeriod(
            ward_id=ward.id,
            start_date=data.period.start,
            end_date=data.period.end,
            name=data.period.name,
            rules=rules,
        )
        session.add(period)
        return period, None
    before = {"version": found.version}
    found.name, found.rules = data.period.name, rules
    found.version, found.updated_at = found.version + 1, func.now()
    return found, before


def _employees(
    session: TenantSession, employees: Iterable[values.Employee]
) -> tuple[dict[str, UUID], frozenset[UUID]]:
    """Bring the employees' own fields to what the input says; return their ids by code, and the new ones'."""
    wanted = {employee.code: employee for employee in employees}
    known = {row.code: row for row in session.scalars(select(Employee).where(Employee.code.in_(wanted)))}
    for code, found in known.items():
        if found.supplier != _supplier(wanted[code]):
            message = _("%(code)s is somebody else already. Give another id.", code=code)
            raise Invalid(message, {"employees.code": [message]})
    added = set()
    for code, employee in wanted.items():
        new = {name: getattr(employee, name) for name in PERSONAL}
        row = known.get(code)
        if row is None:
            known[code] = row = Employee(code=code, supplier=_supplier(employee), **new)
            session.add(row)
            session.flush()
            added.add(row.id)
            record(session, "employee.added", "rostering.employee", row.id, after=new, personal=PERSONAL)
            continue
        old = {name: getattr(row, name) for name in PERSONAL}
        changed = [name for name in PERSONAL if old[name] != new[name]]
        if changed:
            for name in changed:
                setattr(row, name, new[name])
            record(
                session,
                "employee.changed",
                "rostering.employee",
                row.id,
                before={name: old[name] for name in changed},
                after={name: new[name] for name in changed},
                personal=PERSONAL,
            )
    return {code: known[code].id for code in wanted}, frozenset(added)


def _supplier(employee: values.Employee) -> str | None:
    return employee.hired.supplier if employee.hired else None


def _coded(
    session: TenantSession, model: type[Skill | ShiftType], ward: Ward, wanted: list[dict[str, Any]]
) -> dict[str, UUID]:
    """Bring a ward's skills or shift types to what the input says, by code; the others are retired."""
    rows: Iterable[Any] = session.scalars(select(model).where(model.ward_id == ward.id))
    known = {row.code: row for row in rows}
    for row in known.values():
        row.retired = True
    for position, columns in enumerate(wanted):
        row = known.get(columns["code"])
        if row is None:
            known[columns["code"]] = row = model(ward_id=ward.id)
            session.add(row)
        for name, value in {**columns, "position": position, "retired": False}.items():
            setattr(row, name, value)
    session.flush()
    return {code: row.id for code, row in known.items()}


def _columns(skill: values.Skill) -> dict[str, Any]:
    return {"code": skill.code, "name": skill.name}


def shift_columns(shift: values.ShiftType) -> dict[str, Any]:
    """Return a shift type as the columns of its row."""
    columns = asdict(shift)
    columns["start_time"], columns["end_time"] = columns.pop("start"), columns.pop("end")
    return {**columns, "kind": shift.kind.value}
