"""The exceptions that are registered for a ward, and those of them that a period's rosters may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rule_setting import RuleSetting as RuleSettingValue
from samplan_rostering.models import PERMITS, Employee, RulePermission


@dataclass(frozen=True, slots=True)
class RegisteredException:
    """An exception as lists show it."""

    row: RulePermission
    code: str | None
    name: str

    def in_force(self, today: date) -> bool:
        """Tell whether it holds on a date."""
        return self.row.valid_from <= today <= self.row.valid_to


def exceptions(session: TenantSession, ward_id: UUID) -> list[RegisteredException]:
    """Return a ward's exceptions, the newest first."""
    rows = session.execute(
        select(RulePermission, Employee.code, Employee.name)
        .outerjoin(Employee, Employee.id == RulePermission.employee_id)
        .where(RulePermission.ward_id == ward_id)
        .order_by(RulePermission.valid_from.desc(), RulePermission.id)
    )
    return [RegisteredException(row, code, name or code or "") for row, code, name in rows]


def locked_exception(session: TenantSession, exception_id: UUID) -> RulePermission:
    """Return an exception that nobody else can change now; raises `NotFound`."""
    key = session.tenant_id, exception_id
    row = session.get(RulePermission, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(_("There is no such exception."))
    return row


def valid_exceptions(
    session: TenantSession, ward_id: UUID, start: date, end: date, who: Mapping[UUID, str]
) -> tuple[RuleSettingValue, ...]:
    """Return the exceptions that hold on some of the dates, for everybody or one of the people."""
    rows = session.scalars(
        select(RulePermission)
        .where(
            RulePermission.ward_id == ward_id,
            RulePermission.valid_from <= end,
            RulePermission.valid_to >= start,
        )
        .order_by(RulePermission.valid_from, RulePermission.id)
    )
    return tuple(
        setting_of(row, None if row.employee_id is None else who[row.employee_id])
        for row in rows
        if row.employee_id is None or row.employee_id in who
    )


def setting_of(row: RulePermission, employee: str | None) -> RuleSettingValue:
    """Return an exception as the line of the rule profile that the rules are judged by."""
    return RuleSettingValue(
        rule=row.rule,
        level=Level.HARD,
        employee=employee,
        parameters=(
            ("minutes", str(row.minutes)),
            ("negotiated", row.negotiated.isoformat()),
            ("reason", row.reason),
        ),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def is_exception(setting: RuleSettingValue) -> bool:
    """Tell whether a line of a rule profile is an exception, which has a table of its own."""
    return setting.rule in PERMITS


def unregistered(
    session: TenantSession, ward_id: UUID, settings: Iterable[RuleSettingValue]
) -> list[RuleSettingValue]:
    """Return the exceptions among some lines that the ward has not registered."""
    wanted = [setting for setting in settings if is_exception(setting) and setting.level is Level.HARD]
    if not wanted:
        return []
    known = _contents(exceptions(session, ward_id))
    return [setting for setting in wanted if content(setting) not in known]


def content(setting: RuleSettingValue) -> tuple[object, ...]:
    """Return what two lines must have in common to be the same exception; usual minutes may be left out."""
    figures = dict(setting.parameters)
    usual = {"short_rest_permission": "540", "long_shift_permission": "1200"}[setting.rule]
    return (
        setting.rule,
        setting.employee,
        figures.get("minutes", usual),
        figures.get("negotiated"),
        figures.get("reason"),
        setting.valid_from,
        setting.valid_to,
    )


def _contents(rows: Sequence[RegisteredException]) -> set[tuple[object, ...]]:
    return {content(setting_of(item.row, item.code)) for item in rows}
