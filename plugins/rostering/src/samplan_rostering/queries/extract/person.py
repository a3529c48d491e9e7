"""What is kept about one person, as the parts of a register extract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from samplan.plugin_api import ExportPart, OrgUnit, SubjectRef, TenantSession, _l
from samplan_rostering.models import (
    Assignment,
    Employee,
    HistoryShift,
    Lock,
    PeriodEmployee,
    Roster,
    RosterEdit,
    RosterPeriod,
    RulePermission,
    RuleSetting,
    Scenario,
    ShiftType,
    Ward,
    Wish,
    WorkedShift,
)
from samplan_rostering.queries.extract.lasting import lasting
from samplan_rostering.queries.extract.own import own_requests
from samplan_rostering.queries.extract.publications import calendar_feeds, done_by, published_shifts


def find_employee(session: TenantSession, subject: SubjectRef) -> Employee | None:
    """Return the employee whose employment id the reference is, else the one with the account."""
    conditions: list[ColumnElement[bool]] = []
    if subject.reference is not None:
        conditions.append(Employee.code == subject.reference)
    if subject.account_id is not None:
        conditions.append(Employee.account_id == subject.account_id)
    if not conditions:
        return None
    by_code = Employee.code == (subject.reference or "")
    return session.scalar(select(Employee).where(or_(*conditions)).order_by(by_code.desc()).limit(1))


def export_person(session: TenantSession, subject: SubjectRef) -> list[ExportPart]:
    """Return what is kept about the person, in the order of the dates; nothing where nobody is found."""
    employee = find_employee(session, subject)
    account_id = subject.account_id or (employee.account_id if employee else None)
    done = done_by(session, account_id) if account_id else []
    if employee is None:
        return done
    own = {
        "id": employee.id,
        "employment_id": employee.code,
        "name": employee.name,
        "profession": employee.profession,
        "day_break": employee.day_break,
        "account_id": employee.account_id,
    }
    parts = [ExportPart("employee", (own,), _l("Employee"))]
    for name, label, query in (*_queries(employee.id), _edits(employee.id)):
        rows = tuple(_mapping(row) for row in session.execute(query))
        parts.append(ExportPart(name, rows, label))
    return [*parts, _scenarios(session, employee.code), *done]


def _scenarios(session: TenantSession, code: str) -> ExportPart:
    """Return what scenarios say of the person: changes, and shifts in their rosters as days and codes."""
    query = (
        select(
            RosterPeriod.name.label("period"), Scenario.name, Scenario.changes, Roster.number, Roster.cells
        )
        .select_from(Scenario)
        .join(RosterPeriod, RosterPeriod.id == Scenario.period_id)
        .outerjoin(Roster, (Roster.scenario_id == Scenario.id) & cell_of(Roster.cells, code))
        .where(or_(names_person(Scenario.changes, code), Roster.id.is_not(None)))
        .order_by(RosterPeriod.start_date, Scenario.name, Roster.number)
    )
    rows = tuple(
        {
            "period": row.period,
            "scenario": row.name,
            "changes": [change for change in row.changes if code in repr(change)],
            "roster": row.number,
            "shifts": [cell[1:] for cell in row.cells or () if cell[0] == code],
        }
        for row in session.execute(query)
    )
    return ExportPart("scenario", rows, _l("Scenarios"))


def names_person(changes: Any, code: str) -> ColumnElement[bool]:
    """Choose the changes that name an employment id."""
    path = "$[*].** ? (@ == $code)"
    return func.jsonb_path_exists(changes, cast(path, JSONPATH), func.jsonb_build_object("code", code))


def cell_of(cells: Any, code: str) -> ColumnElement[bool]:
    """Choose the cells of which one is a person's."""
    return func.jsonb_path_exists(
        cells, cast("$[*] ? (@[0] == $code)", JSONPATH), func.jsonb_build_object("code", code)
    )


def _mapping(row: Row[*tuple[Any, ...]]) -> Mapping[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names


def _queries(employee_id: UUID) -> Iterator[tuple[str, Any, Select[*tuple[Any, ...]]]]:
    """Give the name, the label and the query of each table that names the person."""
    yield from lasting(employee_id)
    yield (
        "period",
        _l("Periods that the person takes part in"),
        select(OrgUnit.name.label("unit"), RosterPeriod.name, RosterPeriod.start_date, RosterPeriod.end_date)
        .select_from(PeriodEmployee)
        .join(RosterPeriod, RosterPeriod.id == PeriodEmployee.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(PeriodEmployee.employee_id == employee_id)
        .order_by(RosterPeriod.start_date),
    )
    yield _worked(employee_id, RosterPeriod.name.label("period"))
    yield _rules(employee_id, RosterPeriod.name.label("period"))
    yield published_shifts(employee_id)
    yield _exceptions(employee_id)
    yield calendar_feeds(employee_id)
    yield from own_requests(employee_id)
    yield from _dated(employee_id, RosterPeriod.name.label("period"))


def _edits(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the changes by hand in which the person's cells were changed."""
    return (
        "roster_edit",
        _l("Changes of the person's shifts by hand"),
        select(
            RosterPeriod.name.label("period"),
            Roster.number.label("roster"),
            RosterEdit.number,
            RosterEdit.made_at,
            RosterEdit.kind,
            RosterEdit.reason,
            RosterEdit.after_publication,
            func.jsonb_path_query_array(
                RosterEdit.changes,
                cast("$[*] ? (@.employee == $employee)", JSONPATH),
                func.jsonb_build_object("employee", str(employee_id)),
            ).label("cells"),
        )
        .select_from(RosterEdit)
        .join(Roster, Roster.id == RosterEdit.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .where(RosterEdit.changes.contains([{"employee": str(employee_id)}]))
        .order_by(RosterEdit.made_at),
    )


def _rules(employee_id: UUID, period: Any) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the rules for the person, and those about two of whom the person is one."""
    return (
        "rule_setting",
        _l("Rules for the person"),
        select(
            period,
            RuleSetting.rule,
            RuleSetting.level,
            RuleSetting.parameters,
            RuleSetting.valid_from,
            RuleSetting.valid_to,
        )
        .select_from(RuleSetting)
        .join(RosterPeriod, RosterPeriod.id == RuleSetting.period_id)
        .where(or_(RuleSetting.employee_id == employee_id, RuleSetting.other_employee_id == employee_id))
        .order_by(RosterPeriod.start_date, RuleSetting.position),
    )


def _worked(employee_id: UUID, period: Any) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give what was entered as worked, and absence in its place."""
    row = WorkedShift
    return (
        "worked_shift",
        _l("Worked shifts"),
        select(
            period,
            row.on_date,
            row.kind,
            ShiftType.code.label("shift"),
            row.starts_at,
            row.ends_at,
            row.paid_minutes,
            row.extra_minutes,
            row.on_call_minutes,
            row.standby_minutes,
            row.absence_kind,
        )
        .select_from(row)
        .join(RosterPeriod, RosterPeriod.id == row.period_id)
        .outerjoin(ShiftType, ShiftType.id == row.shift_type_id)
        .where(row.employee_id == employee_id)
        .order_by(row.on_date, row.number),
    )


def _exceptions(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the exceptions that are registered for the person."""
    row = RulePermission
    return (
        "rule_permission",
        _l("Exceptions for the person"),
        select(
            OrgUnit.name.label("unit"),
            row.rule,
            row.minutes,
            row.reason,
            row.negotiated,
            row.valid_from,
            row.valid_to,
        )
        .select_from(row)
        .join(Ward, Ward.id == row.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(row.employee_id == employee_id)
        .order_by(row.valid_from),
    )


def _dated(employee_id: UUID, period: Any) -> Iterator[tuple[str, Any, Select[*tuple[Any, ...]]]]:
    """Give what stands on single dates of a period or a roster."""
    shift = ShiftType.code.label("shift")
    for name, label, model, more in (
        ("wish", _l("Wishes"), Wish, (Wish.kind, Wish.points)),
        ("history_shift", _l("Shifts before the period"), HistoryShift, ()),
        ("locked_cell", _l("Locked cells"), Lock, ()),
    ):
        yield (
            name,
            label,
            select(period, model.on_date, shift, *more)
            .select_from(model)
            .join(RosterPeriod, RosterPeriod.id == model.period_id)
            .outerjoin(ShiftType, ShiftType.id == model.shift_type_id)
            .where(model.employee_id == employee_id)
            .order_by(model.on_date),
        )
    yield (
        "assignment",
        _l("Shifts in rosters"),
        select(
            period,
            Roster.number.label("roster"),
            Assignment.on_date,
            shift,
            Assignment.starts_at,
            Assignment.ends_at,
            Assignment.break_minutes,
            Assignment.paid_minutes,
            Assignment.on_call_minutes,
            Assignment.standby_minutes,
        )
        .select_from(Assignment)
        .join(Roster, Roster.id == Assignment.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .join(ShiftType, ShiftType.id == Assignment.shift_type_id)
        .where(Assignment.employee_id == employee_id)
        .order_by(Assignment.on_date, Roster.number),
    )
