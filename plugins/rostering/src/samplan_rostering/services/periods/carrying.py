"""What a period's outcome means for the ward's next one: its history, and everybody's balance so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from samplan.plugin_api import Conflict, TenantSession, _, record
from samplan_rostering.domain.carrying import carried_balances, nearest_shift
from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.timeline import minutes
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules.fairness import CarriedBalance
from samplan_rostering.models import (
    CarriedHours,
    HistoryShift,
    PeriodEmployee,
    RosterPeriod,
    RuleSetting,
    ShiftType,
)
from samplan_rostering.queries.outcome.balances import Balances
from samplan_rostering.queries.outcome.days import Entered, Outcome
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.wards import shift_types_of
from samplan_rostering.services.hired.history import look_back_all


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried on: into which period, how many shifts, and how many people's balances."""

    period_id: UUID
    shifts: int
    people: int


def next_period(session: TenantSession, period: RosterPeriod) -> RosterPeriod | None:
    """Return the ward's first period that begins after this one, if there is one."""
    later = (RosterPeriod.ward_id == period.ward_id) & (RosterPeriod.start_date > period.end_date)
    return session.scalar(select(RosterPeriod).where(later).order_by(RosterPeriod.start_date).limit(1))


def carry_on(session: TenantSession, found: Outcome, counted: Balances) -> Carried:
    """Carry a period's outcome into the ward's next one, in place of what was carried before.

    The next period gets the worked shifts as its history, with this period's own history before them, the
    balances of nights, weekends, holidays and wishes as the rules' carried balances, and that of hours.

    Raises:
        Conflict: there is no later period or no roster, or not every rostered shift has been confirmed or
            entered.
    """
    if not found.begun:
        raise Conflict(_("There is no roster yet, and nothing to carry on."))
    if found.unconfirmed:
        raise Conflict(_("Confirm or enter every rostered shift first."))
    period = next_period(session, found.period)
    if period is None:
        raise Conflict(_("The ward has no later period to carry this into. Read it in first."))
    session.refresh(period, with_for_update=True)
    takers = set(
        session.scalars(select(PeriodEmployee.employee_id).where(PeriodEmployee.period_id == period.id))
    )
    ward = ward_data(session, found.period.id)
    main = _main_shifts(found, ward, takers)
    shifts = _history(session, found, period, main, takers) + look_back_all(session, period)
    codes = {person.id: person.code for person in found.people}
    start = found.period.start_date
    worked = [Assignment(codes[who], (on - start).days, shift.code) for (who, on), shift in main.items()]
    takers_of = {code: who for who, code in codes.items() if who in takers}
    people = _balances(session, period, carried_balances(ward, worked), takers_of)
    _hours(session, period, counted, takers)
    period.version += 1
    period.updated_at = func.now()
    after = {"shifts": shifts, "employees": people, "start": period.start_date, "end": period.end_date}
    record(session, "outcome.carried", "rostering.period", period.id, after=after)
    session.flush()
    return Carried(period.id, shifts, people)


def carry_planned(session: TenantSession, found: Outcome, period: RosterPeriod) -> int:
    """Let a period look back on what was rostered in the one before; return how many shifts that is.

    Balances follow with `carry_on` when it has been confirmed what was worked.
    """
    takers = set(
        session.scalars(select(PeriodEmployee.employee_id).where(PeriodEmployee.period_id == period.id))
    )
    own = {row.id: row for row in shift_types_of(session, found.period.ward_id, retired=True)}
    planned = {
        (who, on): own[shift.shift_type_id]
        for (who, on), shift in found.rostered.items()
        if who in takers and shift.shift_type_id in own
    }
    shifts = _history(session, found, period, planned, takers) + look_back_all(session, period)
    session.flush()
    return shifts


def _main_shifts(
    found: Outcome, ward: WardData, takers: Collection[UUID]
) -> dict[tuple[UUID, date], ShiftType]:
    """Return the shift type of each worked date: that of its longest work, or the one most like it."""
    own = {row.code: row for row in found.shifts.values() if row.ward_id == found.period.ward_id}
    main: dict[tuple[UUID, date], ShiftType] = {}
    for (who, on), rows in found.worked.items():
        present = [row for row in rows if row.kind != WorkKind.ABSENCE]
        if who not in takers or not present:
            continue
        longest = max(present, key=lambda row: (row.paid_minutes, -row.number))
        shift = found.shifts.get(longest.shift_type_id) if longest.shift_type_id else None
        if shift is None or shift.ward_id != found.period.ward_id:
            like = nearest_shift(*_clock(found, longest), ward.shift_types)
            shift = None if like is None else own.get(like.code)
        if shift is not None:
            main[who, on] = shift
    return main


def _clock(found: Outcome, row: Entered) -> tuple[int, int]:
    if row.starts_at is None or row.ends_at is None:
        return 0, 0
    local = row.starts_at.astimezone(found.zone)
    return local.hour * 60 + local.minute, minutes(row.ends_at - row.starts_at)


def _history(
    session: TenantSession,
    found: Outcome,
    period: RosterPeriod,
    main: Mapping[tuple[UUID, date], ShiftType],
    takers: Collection[UUID],
) -> int:
    """Replace the next period's history up to the end of this one."""
    old = (HistoryShift.period_id == period.id) & (HistoryShift.on_date <= found.period.end_date)
    session.execute(delete(HistoryShift).where(old))
    before = session.scalars(
        select(HistoryShift)
        .where(HistoryShift.period_id == found.period.id, HistoryShift.employee_id.in_(takers))
        .order_by(HistoryShift.position)
    ).all()
    cells = [(row.employee_id, row.on_date, row.shift_type_id) for row in before]
    cells += [
        (who, on, shift.id)
        for (who, on), shift in sorted(main.items(), key=lambda i: (i[0][1], str(i[0][0])))
    ]
    session.add_all(
        HistoryShift(period_id=period.id, employee_id=who, on_date=on, shift_type_id=shift, position=position)
        for position, (who, on, shift) in enumerate(cells)
    )
    return len(main)


def _balances(
    session: TenantSession,
    period: RosterPeriod,
    carried: Mapping[str, Mapping[str, int]],
    takers: Mapping[str, UUID],
) -> int:
    """Replace the next period's carried balances; return of how many people."""
    of_rule = (RuleSetting.period_id == period.id) & (RuleSetting.rule == CarriedBalance.key)
    session.execute(delete(RuleSetting).where(of_rule, RuleSetting.employee_id.in_(takers.values())))
    last = session.scalar(select(func.max(RuleSetting.position)).where(RuleSetting.period_id == period.id))
    rows = list(_settings(period.id, carried, takers, 0 if last is None else last + 1))
    session.add_all(rows)
    return len(rows)


def _settings(
    period_id: UUID, carried: Mapping[str, Mapping[str, int]], ids: Mapping[str, UUID], first: int
) -> Iterable[RuleSetting]:
    some = [
        (code, figures) for code, figures in sorted(carried.items()) if code in ids and any(figures.values())
    ]
    for position, (code, figures) in enumerate(some, start=first):
        yield RuleSetting(
            period_id=period_id,
            rule=CarriedBalance.key,
            level=Level.HARD.value,
            employee_id=ids[code],
            parameters={name: str(value) for name, value in figures.items() if value},
            position=position,
        )


def _hours(session: TenantSession, period: RosterPeriod, counted: Balances, takers: Collection[UUID]) -> None:
    session.execute(delete(CarriedHours).where(CarriedHours.period_id == period.id))
    session.add_all(
        CarriedHours(period_id=period.id, employee_id=balance.person.id, minutes=balance.total)
        for balance in counted.people
        if balance.person.id in takers and balance.total is not None
    )
