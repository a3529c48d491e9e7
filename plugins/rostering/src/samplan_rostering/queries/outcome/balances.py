"""What a period's work comes to: for each and for the ward, rostered and worked, with limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.outcome import (
    Account,
    Extra,
    LimitUse,
    WorkKind,
    account,
    limits,
    planned_account,
    split_extra,
)
from samplan_rostering.domain.unsocial import PAY_CLASSES, DutyClass, PayClass, Rate, pay_class, rates_for
from samplan_rostering.domain.ward import Contract
from samplan_rostering.models import CarriedHours, PublicationShift, UnsocialRate
from samplan_rostering.queries.outcome.days import Outcome, Person, Rostered
from samplan_rostering.queries.outcome.works import contracts_of, extra_weeks_of_year
from samplan_rostering.queries.periods.ward_data import contract_minutes
from samplan_rostering.queries.publishing.publications import newest_publication


@dataclass(frozen=True, slots=True)
class Balance:
    """One person's period; minutes. `credited` is rostered time that was absence.

    There is no balance of hours before there is a roster, or somebody has worked: it is `None` then.
    """

    person: Person
    contract: int
    rostered: Account
    published: Account | None
    worked: Account
    credited: int
    carried: int
    limits: tuple[LimitUse, ...] = ()
    begun: bool = True

    @property
    def hours(self) -> int | None:
        """Ordinary hours and absence against the contract's; what is beyond is paid, not saved."""
        if not self.begun:
            return None
        return self.worked.ordinary + self.credited - self.contract

    @property
    def total(self) -> int | None:
        """The balance of hours with what was carried into the period."""
        return None if self.hours is None else self.carried + self.hours


@dataclass(frozen=True, slots=True)
class Supplement:
    """Unsocial hours or duty of a class in the ward and what they give; the rate may be a demo rate."""

    kind: PayClass
    minutes: int
    rate: Rate | None

    @property
    def amount(self) -> Decimal | None:
        """What it comes to, in kronor."""
        if self.rate is None:
            return None
        return (self.rate.amount * self.minutes / 60).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Balances:
    """Everybody's period, and the ward's."""

    people: tuple[Balance, ...]
    supplements: tuple[Supplement, ...] = ()
    own_rates: tuple[Rate, ...] = field(default=())

    @property
    def near_limits(self) -> list[tuple[Person, LimitUse]]:
        """Limits that somebody is near or over."""
        return [(b.person, use) for b in self.people for use in b.limits if use.state != "ok"]

    def total(self, side: str, figure: str) -> int:
        """Return the ward's sum of a figure of the accounts: `rostered`, `published` or `worked`."""
        accounts = (getattr(balance, side) for balance in self.people)
        return sum(getattr(found, figure) for found in accounts if found is not None)

    @property
    def published(self) -> bool:
        """Whether the period has been published."""
        return any(balance.published is not None for balance in self.people)


def balances(session: TenantSession, found: Outcome, *, by_month: bool = True) -> Balances:
    """Return what a period's work comes to; `by_month` tells by which limit overtime is watched."""
    first, last = found.period.start_date, found.period.end_date
    begin = min(date(first.year, 1, 1), first - timedelta(days=27))
    works = extra_weeks_of_year(session, found.people, begin, last)
    contracts = contracts_of(session, found.people)
    targets = contract_minutes(session, found.period.id)
    rostered, worked, credited = _as_rostered(found), found.works(), _credited(found)
    carried = carried_hours(session, found.period.id)
    published = _published(session, found)
    people = []
    for person in found.people:
        extras = split_extra(works.get(person.code, ()), _on(contracts.get(person.code, ())))
        people.append(
            Balance(
                person=person,
                contract=targets.get(person.code, 0),
                rostered=rostered.get(person.id, _NOTHING),
                published=None if published is None else published.get(person.id, _NOTHING),
                worked=account(worked[person.id], _within(extras, first, last), found.zone),
                credited=credited[person.id],
                carried=carried.get(person.id, 0),
                limits=tuple(limits(extras, first, last, by_month=by_month)),
                begun=found.begun,
            )
        )
    own = own_rates(session)
    return Balances(tuple(people), supplements(people, own, last), own)


def carried_hours(session: TenantSession, period_id: UUID) -> Mapping[UUID, int]:
    """Return the minutes carried into a period, by employee."""
    rows = select(CarriedHours.employee_id, CarriedHours.minutes).where(CarriedHours.period_id == period_id)
    return dict(session.execute(rows).all())


def own_rates(session: TenantSession) -> tuple[Rate, ...]:
    """Return the region's own rates of unsocial hours and duty."""
    rows = session.scalars(select(UnsocialRate).order_by(UnsocialRate.valid_from, UnsocialRate.id))
    return tuple(
        Rate(pay_class(row.unsocial_class), row.valid_from, row.amount, False, row.source) for row in rows
    )


def supplements(people: Sequence[Balance], own: tuple[Rate, ...], on: date) -> tuple[Supplement, ...]:
    """Return the ward's unsocial hours and duty by class, with the rates of a date."""
    rates = rates_for(own, on)
    return tuple(
        Supplement(kind, total, rates.get(kind))
        for kind in PAY_CLASSES
        if (total := sum(_paid_minutes(balance.worked, kind) for balance in people))
    )


def _paid_minutes(worked: Account, kind: PayClass) -> int:
    """Return the minutes of a class in somebody's work."""
    if isinstance(kind, DutyClass):
        return worked.on_call if kind is DutyClass.ON_CALL else worked.standby
    return worked.unsocial.get(kind, 0)


_NOTHING = Account()


def _published(session: TenantSession, found: Outcome) -> Mapping[UUID, Account] | None:
    """Return what the shifts of the newest publication come to, by employee; None where there is none."""
    newest = newest_publication(session, found.period.id)
    if newest is None:
        return None
    works = PublicationShift.paid_minutes + PublicationShift.on_call_minutes > 0
    rows = session.execute(
        select(
            PublicationShift.employee_id,
            func.array_agg(PublicationShift.on_date),
            func.sum(PublicationShift.paid_minutes),
            func.count().filter(PublicationShift.shift_kind == "night", works),
            func.sum(PublicationShift.on_call_minutes),
            func.sum(PublicationShift.standby_minutes),
        )
        .where(PublicationShift.publication_id == newest.id)
        .group_by(PublicationShift.employee_id)
    )
    return {
        who: planned_account(set(dates), paid, nights, (on_call, standby))
        for who, dates, paid, nights, on_call, standby in rows
    }


def _as_rostered(found: Outcome) -> Mapping[UUID, Account]:
    """Return what the rostered shifts come to, by employee."""
    shifts: dict[UUID, list[Rostered]] = defaultdict(list)
    for shift in found.rostered.values():
        shifts[shift.employee_id].append(shift)
    return {
        who: planned_account(
            {shift.on for shift in own},
            sum(shift.paid for shift in own),
            sum(shift.night and shift.paid + shift.on_call > 0 for shift in own),
            (sum(shift.on_call for shift in own), sum(shift.standby for shift in own)),
        )
        for who, own in shifts.items()
    }


def _credited(found: Outcome) -> Mapping[UUID, int]:
    credited: dict[UUID, int] = defaultdict(int)
    for key, rows in found.worked.items():
        if any(row.kind == WorkKind.ABSENCE and not row.number for row in rows) and key in found.rostered:
            credited[key[0]] += found.rostered[key].paid
    return credited


def _within(extras: Iterable[Extra], first: date, last: date) -> list[Extra]:
    return [extra for extra in extras if first <= extra.on <= last]


def _on(contracts: Sequence[Contract]) -> Callable[[date], Contract | None]:
    """Return what finds the contract in force on a date."""
    return lambda on: next((contract for contract in contracts if contract.valid_on(on)), None)
