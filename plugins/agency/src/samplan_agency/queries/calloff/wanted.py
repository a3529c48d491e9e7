"""Shifts to be called off with their expected price, and what rosters have handed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.plugin_api import Period, StaffingGap, StaffingGaps, TenantSession
from samplan_agency.domain.calloff import LeftOut, Policy, Shift, Unpriced, left_out
from samplan_agency.domain.pricing import Found, PriceBook, Question
from samplan_agency.domain.time_classes import class_hours
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, Supplier
from samplan_agency.queries.agreements.book import price_book
from samplan_agency.queries.unit_tree import Unit, unit_tree

ACTIVE = ("draft", "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedShift:
    """A shift to be called off, before it is one of a call-off; its times are those of the place of work."""

    unit_id: UUID
    starts_at: datetime
    ends_at: datetime
    break_minutes: int
    shift: str
    level: str
    people: int
    skill: str | None = None
    gap_id: UUID | None = None
    known_at: datetime | None = None
    own_asked: bool = True
    skill_name: str = ""


@dataclass(frozen=True, slots=True)
class PricedShift:
    """A wanted shift with its place, its prices or what it lacks for them, and why the policy leaves it out.

    `zone` is the price zone; `confirmed` tells whether all its prices are confirmed ones.
    """

    wanted: WantedShift
    place: Unit
    shift: Shift
    zone: int | None
    confirmed: bool
    left_out: LeftOut | None
    unpriced: Unpriced | None = None


class Pricer:
    """Finds what shifts cost by the agreements: for one supplier, or for the first of the order."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session
        self._books: dict[str, PriceBook] = {}
        self._tree = unit_tree(session)
        self.places = {unit.id: unit for unit in self._tree.in_use}
        self._first = next(iter(suppliers_in_order(session)), None)

    def prices(
        self, wanted: WantedShift | CallOffLine, supplier_id: UUID | None, zone: ZoneInfo
    ) -> Mapping[str, Found]:
        """Return the price of each class of hours that a shift has, without those that no agreement has."""
        begins, ends = wanted.starts_at.astimezone(zone), wanted.ends_at.astimezone(zone)
        municipality = self._tree.municipality(wanted.unit_id)
        found: dict[str, Found] = {}
        for name in class_hours(begins, ends, wanted.break_minutes):
            question = Question(
                supplier_id=supplier_id,
                level=wanted.level,
                time_class=name,
                day=begins.date(),
                municipality=municipality,
            )
            if price := self._book(wanted.level).hour(question):
                found[name] = price
        return found

    def agreed(self, line: CallOffLine, supplier_id: UUID, zone: ZoneInfo) -> Decimal | None:
        """Return what an hour of a shift costs on average by a supplier's prices, None where one lacks."""
        return _shift(line, self.prices(line, supplier_id, zone), zone).price

    def judge(
        self, wanted: Iterable[WantedShift], policy: Policy, now: datetime, zone: ZoneInfo
    ) -> list[PricedShift]:
        """Return shifts with their prices, and what the policy says of them."""
        judged = []
        for one in wanted:
            found = self.prices(one, self._first.id if self._first else None, zone)
            shift = replace(_shift(one, found, zone), own_asked=one.own_asked)
            priced = PricedShift(
                wanted=one,
                place=self.places[one.unit_id],
                shift=shift,
                zone=next((each.price.zone for each in found.values()), None),
                confirmed=all(each.price.confirmed for each in found.values()),
                left_out=left_out(policy, shift, now),
                unpriced=self._lacks(one) if shift.price is None else None,
            )
            judged.append(priced)
        return judged

    def _book(self, level: str) -> PriceBook:
        """Return the prices of a professional category, which are read when they are first asked for."""
        if level not in self._books:
            self._books[level] = price_book(self._session, date.min, date.max, [level])
        return self._books[level]

    def _lacks(self, wanted: WantedShift) -> Unpriced:
        municipality = self._tree.municipality(wanted.unit_id)
        if not wanted.level:
            return Unpriced.LEVEL
        if municipality is None:
            return Unpriced.PLACE
        return Unpriced.PRICE if self._book(wanted.level).has_zone(municipality) else Unpriced.ZONE


def _shift(wanted: WantedShift | CallOffLine, found: Mapping[str, Found], zone: ZoneInfo) -> Shift:
    return Shift(
        wanted.starts_at.astimezone(zone),
        wanted.ends_at.astimezone(zone),
        wanted.break_minutes,
        wanted.people,
        {name: each.price.per_hour for name, each in found.items()},
    )


def suppliers_in_order(session: TenantSession) -> Sequence[Supplier]:
    """Return the suppliers that can be asked, in the order of call-offs."""
    able = Supplier.active, Supplier.rank.is_not(None), Supplier.email.is_not(None), Supplier.email != ""
    return session.scalars(select(Supplier).where(*able).order_by(Supplier.rank, Supplier.code)).all()


def usual_levels(session: TenantSession, skills: Collection[str | None]) -> Mapping[str | None, str]:
    """Return the category that each of these skills was called off as last."""
    if not skills:
        return {}
    named = CallOffLine.skill.in_([skill for skill in skills if skill is not None])
    rows = session.execute(
        select(CallOffLine.skill, CallOffLine.level)
        .ext(distinct_on(CallOffLine.skill))
        .join(CallOff, CallOff.id == CallOffLine.call_off_id)
        .where(or_(named, CallOffLine.skill.is_(None)) if None in skills else named)
        .order_by(CallOffLine.skill, CallOff.number.desc(), CallOffLine.id.desc())
    )
    return dict(rows.all())


def open_gaps(
    session: TenantSession, offer: StaffingGaps | None, period: Period, units: Collection[str] = ()
) -> list[StaffingGap]:
    """Return what rosters have handed over and nobody has called off yet; `count` is what is left."""
    gaps = [] if offer is None else list(offer.open(period, units))
    taken = _taken(session, gaps)
    return [gap for gap in gaps if gap.count > taken.get(gap.id, 0)]


def left_of(session: TenantSession, gaps: Collection[StaffingGap]) -> Mapping[UUID, int]:
    """Return how many people each gap still lacks beside those called off."""
    taken = _taken(session, gaps)
    return {gap.id: gap.count - taken.get(gap.id, 0) for gap in gaps}


def _taken(session: TenantSession, gaps: Collection[StaffingGap]) -> dict[UUID, int]:
    """Return how many people have been called off, without those that the roster has counted already."""
    since = {gap.id: gap.since for gap in gaps}
    confirmed = and_(CallOffAnswer.line_id == CallOffLine.id, CallOffAnswer.state == "confirmed")
    rows = session.execute(
        select(
            CallOffLine.id, CallOffLine.gap_id, CallOffLine.people, CallOff.state, CallOffAnswer.confirmed_at
        )
        .join(CallOff, CallOff.id == CallOffLine.call_off_id)
        .outerjoin(CallOffAnswer, confirmed)
        .where(CallOffLine.gap_id.in_(since))
    ).all()
    taken = dict.fromkeys(since, 0)
    for gap_id, people in {row.id: (row.gap_id, row.people) for row in rows if row.state in ACTIVE}.values():
        taken[gap_id] += people
    for row in rows:
        if row.confirmed_at is not None:
            taken[row.gap_id] += (row.confirmed_at > since[row.gap_id]) - (row.state in ACTIVE)
    return taken


def of_gap(gap: StaffingGap, unit_id: UUID, level: str, people: int) -> WantedShift:
    """Return a gap as a shift to be called off: own staff and the internal unit have been asked by then."""
    return WantedShift(
        unit_id=unit_id,
        starts_at=gap.starts_at,
        ends_at=gap.ends_at,
        break_minutes=gap.break_minutes,
        shift=gap.shift,
        level=level,
        people=people,
        skill=gap.skill,
        gap_id=gap.id,
        known_at=gap.since,
        own_asked=gap.state == "agency",
        skill_name=gap.skill_name,
    )
