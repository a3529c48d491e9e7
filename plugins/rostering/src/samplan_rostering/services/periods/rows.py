"""The rows that belong to one period: replaced whole whenever its input is read in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain import ward as values
from samplan_rostering.domain.hired import Hired
from samplan_rostering.models import HistoryShift, Lock, PeriodEmployee, Requirement, RuleSetting, Wish
from samplan_rostering.queries.setup.exceptions import is_exception
from samplan_rostering.services.periods.keys import Keys

Row = PeriodEmployee | Requirement | Wish | HistoryShift | Lock | RuleSetting


def replace(session: TenantSession, period_id: UUID, data: values.WardData, keys: Keys) -> None:
    """Store the participants, requirements, wishes, history, locks and rules of `data` as the period's.

    What a template asked for on a date counts as the template's as long as it is the same.
    """
    templated = _templated(session, period_id)
    for model in (PeriodEmployee, Requirement, Wish, HistoryShift, Lock, RuleSetting):
        session.execute(delete(model).where(model.period_id == period_id))
    session.add_all(_participants(period_id, data, keys))
    session.add_all(_requirements(period_id, data, keys, templated))
    session.add_all(_wishes(period_id, data, keys))
    session.add_all(_cells(period_id, data, keys))
    session.add_all(_settings(period_id, data, keys))


def _participants(period_id: UUID, data: values.WardData, keys: Keys) -> Iterator[PeriodEmployee]:
    for position, employee in enumerate(data.employees):
        hired = employee.hired or Hired("")
        yield PeriodEmployee(
            period_id=period_id,
            employee_id=keys.employees[employee.code],
            position=position,
            hired_from=hired.valid_from,
            hired_to=hired.valid_to,
            most_minutes=hired.most_minutes,
        )


def _templated(session: TenantSession, period_id: UUID) -> set[tuple[Any, ...]]:
    row = Requirement
    told = select(row.on_date, row.shift_type_id, row.skill_id, row.minimum, row.target, row.maximum)
    return {
        tuple(found) for found in session.execute(told.where(row.period_id == period_id, row.from_template))
    }


def _requirements(
    period_id: UUID, data: values.WardData, keys: Keys, templated: set[tuple[Any, ...]]
) -> Iterator[Requirement]:
    rows: tuple[values.WeeklyRequirement | values.DatedRequirement, ...] = (
        *data.weekly_requirements,
        *data.dated_requirements,
    )
    for position, row in enumerate(rows):
        on = row.date if isinstance(row, values.DatedRequirement) else None
        shift, skill = keys.shifts[row.shift], None if row.skill is None else keys.skills[row.skill]
        said = on, shift, skill, row.minimum, row.target, row.maximum
        yield Requirement(
            period_id=period_id,
            weekday=row.weekday if isinstance(row, values.WeeklyRequirement) else None,
            on_date=on,
            shift_type_id=shift,
            skill_id=skill,
            minimum=row.minimum,
            target=row.target,
            maximum=row.maximum,
            from_template=said in templated,
            position=position,
        )


def _wishes(period_id: UUID, data: values.WardData, keys: Keys) -> Iterator[Wish]:
    for position, wish in enumerate(data.wishes):
        yield Wish(
            period_id=period_id,
            employee_id=keys.employees[wish.employee],
            on_date=wish.date,
            kind=wish.kind.value,
            shift_type_id=None if wish.shift is None else keys.shifts[wish.shift],
            points=wish.points,
            position=position,
        )


def _cells(period_id: UUID, data: values.WardData, keys: Keys) -> Iterator[HistoryShift | Lock]:
    for position, past in enumerate(data.history):
        yield HistoryShift(
            period_id=period_id,
            employee_id=keys.employees[past.employee],
            on_date=past.date,
            shift_type_id=keys.shifts[past.shift],
            position=position,
        )
    for position, pin in enumerate(data.pins):
        yield Lock(
            period_id=period_id,
            employee_id=keys.employees[pin.employee],
            on_date=pin.date,
            shift_type_id=None if pin.shift is None else keys.shifts[pin.shift],
            position=position,
        )


def _settings(period_id: UUID, data: values.WardData, keys: Keys) -> Iterator[RuleSetting]:
    for position, setting in enumerate(data.settings):
        if is_exception(setting):
            continue  # registered for the ward
        yield RuleSetting(
            period_id=period_id,
            rule=setting.rule,
            level=setting.level.value,
            weight=setting.weight,
            employee_id=None if setting.employee is None else keys.employees[setting.employee],
            other_employee_id=None if setting.other is None else keys.employees[setting.other],
            parameters=dict(setting.parameters),
            valid_from=setting.valid_from,
            valid_to=setting.valid_to,
            position=position,
        )
