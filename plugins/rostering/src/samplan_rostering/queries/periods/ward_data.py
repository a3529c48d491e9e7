"""A period's whole input, read back as the value that it was read in from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.domain import ward as values
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rule_setting import RuleSetting as RuleSettingValue
from samplan_rostering.models import (
    Absence,
    Assignment,
    Contract,
    Employee,
    EmployeeSkill,
    HistoryShift,
    Lock,
    PeriodEmployee,
    Requirement,
    Roster,
    RosterPeriod,
    RuleSetting,
    ShiftType,
    Skill,
    Ward,
    Wish,
)
from samplan_rostering.queries.employees.people import absence_value, contract_value
from samplan_rostering.queries.employees.shares import percentages
from samplan_rostering.queries.setup.exceptions import content, is_exception, valid_exceptions
from samplan_rostering.solver.ward_facts import WardFacts

Model = TypeVar("Model")
OfPeriod = TypeVar("OfPeriod", PeriodEmployee, Requirement, Wish, HistoryShift, Lock, RuleSetting)
Codes = Mapping[UUID, str]


def ward_data(session: TenantSession, period_id: UUID) -> values.WardData:
    """Return the input of a period, equal to what was read in; the number of queries is fixed.

    Raises:
        NotFound: no such period in this tenant.
    """
    period = session.get(RosterPeriod, (session.tenant_id, period_id))
    if period is None:
        raise NotFound(_("There is no such roster period."))
    ward, unit = session.execute(
        select(Ward, OrgUnit).join(OrgUnit, OrgUnit.id == Ward.unit_id).where(Ward.id == period.ward_id)
    ).one()
    needs = _of_period(session, Requirement, period_id)
    wishes = _of_period(session, Wish, period_id)
    history = _of_period(session, HistoryShift, period_id)
    locks = _of_period(session, Lock, period_id)
    cells: tuple[Requirement | Wish | HistoryShift | Lock, ...] = (*needs, *wishes, *history, *locks)
    used_shifts = {row.shift_type_id for row in cells} - {None}
    shifts = _all(session, ShiftType, or_(_of_ward(ShiftType, ward, used_shifts), _rostered(ward, period_id)))
    skills = _all(session, Skill, _of_ward(Skill, ward, {row.skill_id for row in needs} - {None}))
    shift_of = {row.id: row.code for row in shifts}
    skill_of = {row.id: row.code for row in skills}
    people = _people(session, period_id)
    who = {row.id: row.code for row, _part in people}
    return values.WardData(
        unit=values.Unit(unit.code, unit.name, ward.timezone),
        period=values.Period(period.start_date, period.end_date, period.name),
        skills=tuple(values.Skill(row.code, row.name) for row in skills),
        shift_types=tuple(shift_value(row) for row in shifts),
        employees=_employees(session, people, skill_of),
        contracts=_contracts(session, who, ward.id),
        weekly_requirements=_weekly(needs, shift_of, skill_of),
        dated_requirements=_dated(needs, shift_of, skill_of),
        absences=_absences(session, who),
        wishes=tuple(_wish(row, who, shift_of) for row in wishes),
        history=tuple(_past(row, who, shift_of) for row in history),
        pins=tuple(_pin(row, who, shift_of) for row in locks),
        rules=values.RuleProfile(**period.rules),
        settings=_settings(session, period, who),
    )


def contract_minutes(session: TenantSession, period_id: UUID) -> Mapping[str, int]:
    """Return what contracts ask for in a period, without absence, by the codes of those who take part."""
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    ward = session.get_one(Ward, (session.tenant_id, period.ward_id))
    part = PeriodEmployee.employee_id == Employee.id
    people = select(Employee.id, Employee.code).join(PeriodEmployee, part)
    who: dict[UUID, str] = dict(session.execute(people.where(PeriodEmployee.period_id == period_id)).all())
    least = values.WardData(
        unit=values.Unit("", "", ward.timezone),
        period=values.Period(period.start_date, period.end_date, period.name),
        skills=(),
        shift_types=(),
        employees=tuple(values.Employee(code, "", "") for code in who.values()),
        contracts=_contracts(session, who, ward.id),
        weekly_requirements=(),
        absences=_absences(session, who),
    )
    return WardFacts(least).targets


def _settings(session: TenantSession, period: RosterPeriod, who: Codes) -> tuple[RuleSettingValue, ...]:
    """Return the lines of the period's profile, and the ward's exceptions that hold in it."""
    own = tuple(setting_value(row, who) for row in _of_period(session, RuleSetting, period.id))
    seen = {content(setting) for setting in own if is_exception(setting)}
    registered = valid_exceptions(session, period.ward_id, period.start_date, period.end_date, who)
    return own + tuple(setting for setting in registered if content(setting) not in seen)


def _weekly(
    needs: Iterable[Requirement], shifts: Codes, skills: Codes
) -> tuple[values.WeeklyRequirement, ...]:
    return tuple(
        values.WeeklyRequirement(row.weekday, *_need(row, shifts, skills))
        for row in needs
        if row.weekday is not None
    )


def _dated(needs: Iterable[Requirement], shifts: Codes, skills: Codes) -> tuple[values.DatedRequirement, ...]:
    return tuple(
        values.DatedRequirement(row.on_date, *_need(row, shifts, skills))
        for row in needs
        if row.on_date is not None
    )


def _past(row: HistoryShift, who: Codes, shifts: Codes) -> values.PastShift:
    return values.PastShift(who[row.employee_id], row.on_date, shifts[row.shift_type_id])


def _pin(row: Lock, who: Codes, shifts: Codes) -> values.Pin:
    shift = None if row.shift_type_id is None else shifts[row.shift_type_id]
    return values.Pin(who[row.employee_id], row.on_date, shift)


def setting_value(row: RuleSetting, who: Codes) -> RuleSettingValue:
    """Return a stored line of a period's profile as the value."""
    return RuleSettingValue(
        rule=row.rule,
        level=Level(row.level),
        weight=row.weight,
        employee=None if row.employee_id is None else who[row.employee_id],
        other=None if row.other_employee_id is None else who[row.other_employee_id],
        parameters=tuple(sorted(row.parameters.items())),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def shift_value(row: ShiftType) -> values.ShiftType:
    """Return a stored shift type as the value."""
    return values.ShiftType(
        code=row.code,
        name=row.name,
        kind=values.ShiftKind(row.kind),
        start=row.start_time,
        end=row.end_time,
        break_minutes=row.break_minutes,
        paid_minutes=row.paid_minutes,
        colour=row.colour,
        on_call_minutes=row.on_call_minutes,
        standby_minutes=row.standby_minutes,
    )


def _of_period(session: TenantSession, model: type[OfPeriod], period_id: UUID) -> Sequence[OfPeriod]:
    rows = _columns(model).where(model.period_id == period_id).order_by(model.position)
    return cast("Sequence[OfPeriod]", session.execute(rows).all())


def _all(session: TenantSession, model: Any, *where: ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(_columns(model).where(*where).order_by(model.position, model.id)).all()


def _columns(model: type[Any]) -> Select[*tuple[Any, ...]]:
    """Choose a model's columns by their names: rows are read, which are made much faster than objects."""
    return select(*model.__table__.columns)


def _of_ward(model: Any, ward: Ward, used: set[UUID | None]) -> ColumnElement[bool]:
    """Choose the ward's rows in use, and the retired ones that the period still refers to."""
    return and_(model.ward_id == ward.id, or_(~model.retired, model.id.in_(used)))


def _rostered(ward: Ward, period_id: UUID) -> ColumnElement[bool]:
    """Choose the ward's retired shift types that a roster of the period has."""
    rosters = select(Roster.id).where(Roster.period_id == period_id)
    rostered = select(Assignment.shift_type_id).where(Assignment.roster_id.in_(rosters))
    return ShiftType.retired & (ShiftType.ward_id == ward.id) & ShiftType.id.in_(rostered)


def _people(session: TenantSession, period_id: UUID) -> Sequence[Row[Employee, PeriodEmployee]]:
    return session.execute(
        select(Employee, PeriodEmployee)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id)
        .order_by(PeriodEmployee.position)
    ).all()


def _employees(
    session: TenantSession, people: Sequence[Row[Employee, PeriodEmployee]], skill_of: Codes
) -> tuple[values.Employee, ...]:
    held: dict[UUID, list[values.HeldSkill]] = defaultdict(list)
    ids = [row.id for row, _part in people]
    of_them = EmployeeSkill.employee_id.in_(ids) & EmployeeSkill.skill_id.in_(skill_of)
    for row in _all(session, EmployeeSkill, of_them):
        held[row.employee_id].append(values.HeldSkill(skill_of[row.skill_id], row.valid_from, row.valid_to))
    return tuple(
        values.Employee(
            code=row.code,
            name=row.name,
            profession=row.profession,
            day_break=row.day_break,
            skills=tuple(held[row.id]),
            hired=hired_value(row, part),
        )
        for row, part in people
    )


def hired_value(row: Employee, part: PeriodEmployee) -> Hired | None:
    """Return what somebody is hired for in a period; None for own staff."""
    if row.supplier is None:
        return None
    return Hired(row.supplier, part.hired_from, part.hired_to, part.most_minutes)


def _contracts(session: TenantSession, who: Codes, ward_id: UUID) -> tuple[values.Contract, ...]:
    """Return the contracts of the people: of one that is split over wards, what is this ward's."""
    rows = _all(session, Contract, Contract.employee_id.in_(who))
    split = percentages(session, rows, ward_id)
    return tuple(
        contract_value(row, who[row.employee_id], split.get(row.id))
        for row in rows
        if row.id not in split or split[row.id] is not None
    )


def _absences(session: TenantSession, who: Codes) -> tuple[values.Absence, ...]:
    rows = _all(session, Absence, Absence.employee_id.in_(who))
    return tuple(absence_value(row, who[row.employee_id]) for row in rows)


def _need(row: Requirement, shift_of: Codes, skill_of: Codes) -> tuple[str, str | None, int, int, int | None]:
    skill = None if row.skill_id is None else skill_of[row.skill_id]
    return shift_of[row.shift_type_id], skill, row.minimum, row.target, row.maximum


def _wish(row: Wish, who: Codes, shift_of: Codes) -> values.Wish:
    shift = None if row.shift_type_id is None else shift_of[row.shift_type_id]
    return values.Wish(who[row.employee_id], row.on_date, values.WishKind(row.kind), shift, row.points)
