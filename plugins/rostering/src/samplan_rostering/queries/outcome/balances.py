"""What a period's work comes to: for each and for the ward, rostered and worked, with limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.outcome import (
    Account,
    Extra,
    LimitUse,
    Work,
    WorkKind,
    account,
    limits,
    split_extra,
)
from samplan_rostering.domain.unsocial import PAY_CLASSES, DutyClass, PayClass, Rate, pay_class, rates_for
from samplan_rostering.domain.ward import Contract
from samplan_rostering.models import CarriedHours, PublicationShift, UnsocialRate
from samplan_rostering.queries.outcome.days import (
    Outcome,
    Person,
    contracts_of,
    planned_work,
    works_of_year,
)
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.publishing.publications import newest_publication
from samplan_rostering.queries.rosters.hours import hours_by_employee


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
    works = works_of_year(session, found.people, begin, last)
    contracts = contracts_of(session, found.people)
    targets = hours_by_employee(ward_data(session, found.period.id), ())
    rostered, worked, credited = _as_rostered(found), found.works(), _credited(found)
    carried = carried_hours(session, found.period.id)
    published = _published(session, found)
    people = []
    for person in found.people:
        extras = split_extra(works.get(person.code, ()), _on(contracts.get(person.code, ())))
        target = targets.get(person.code)
        people.append(
            Balance(
                person=person,
                contract=target.contract if target else 0,
                rostered=account(rostered[person.id], (), found.zone),
                published=None if published is None else account(published[person.id], (), found.zone),
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


def _published(session: TenantSession, found: Outcome) -> Mapping[UUID, list[Work]] | None:
    """Return the shifts of the newest publication by employee; None where there is none."""
    newest = newest_publication(session, found.period.id)
    if newest is None:
        return None
    codes = {person.id: person.code for person in found.people}
    works: dict[UUID, list[Work]] = defaultdict(list)
    for row in session.execute(
        select(
            PublicationShift.employee_id,
            PublicationShift.on_date.label("on"),
            (PublicationShift.shift_kind == "night").label("night"),
            PublicationShift.starts_at.label("begin"),
            PublicationShift.ends_at.label("end"),
            PublicationShift.paid_minutes.label("paid"),
            PublicationShift.on_call_minutes.label("on_call"),
            PublicationShift.standby_minutes.label("standby"),
        ).where(PublicationShift.publication_id == newest.id)
    ):
        if row.employee_id in codes:
            works[row.employee_id].append(planned_work(row, codes[row.employee_id]))
    return works


def _as_rostered(found: Outcome) -> Mapping[UUID, list[Work]]:
    codes = {person.id: person.code for person in found.people}
    works: dict[UUID, list[Work]] = defaultdict(list)
    for shift in found.rostered.values():
        works[shift.employee_id].append(planned_work(shift, codes[shift.employee_id]))
    return works


def _credited(found: Outcome) -> Mapping[UUID, int]:
    credited: dict[UUID, int] = defaultdict(int)
    for key, shift in found.rostered.items():
        rows = found.worked.get(key, ())
        if any(row.kind == WorkKind.ABSENCE and not row.number for row in rows):
            credited[key[0]] += shift.paid
    return credited


def _within(extras: Iterable[Extra], first: date, last: date) -> list[Extra]:
    return [extra for extra in extras if first <= extra.on <= last]


def _on(contracts: Sequence[Contract]) -> Callable[[date], Contract | None]:
    """Return what finds the contract in force on a date."""
    return lambda on: next((contract for contract in contracts if contract.valid_on(on)), None)
