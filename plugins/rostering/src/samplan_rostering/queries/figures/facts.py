"""What key figures are made of, each with its ward and date, to be added up as somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.types import Date, DateTime

from samplan.plugin_api import TenantSession
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.models import (
    EnteredFigure,
    Publication,
    PublicationShift,
    RosterPeriod,
    WorkedShift,
)
from samplan_rostering.queries.figures.roster_counts import RosterCounts
from samplan_rostering.queries.figures.stored import InForce

BY_PERSON = frozenset({"weekends", "nights"})
"""Figures whose whole is the people that a roster is for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The wards (none: the whole region) and dates that are asked about."""

    wards: tuple[UUID, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Fact:
    """What goes into a figure: part and whole, and the observations or `people` that are behind them."""

    key: str
    ward_id: UUID
    on: date
    part: float
    whole: float
    n: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Worked:
    """Minutes worked in a period and month, by so many people; `on` is the first date of both."""

    ward_id: UUID
    month: date
    on: date
    paid: int
    extra: int
    people: int


def roster_facts(rosters: Iterable[InForce]) -> Iterator[Fact]:
    """Yield what rosters come to, with the date on which their period begins."""
    for roster in rosters:
        if roster.counts is not None:
            for month in roster.counts.months:
                yield from _of_month(roster, roster.counts, month, roster.first)
            for key in BY_PERSON:
                people = roster.counts.people
                yield Fact(key, roster.ward_id, roster.first, 0, people, people=people)


def month_facts(rosters: Iterable[InForce], first: date, last: date) -> Iterator[Fact]:
    """Yield what rosters come to in a month; people count for the share of its days that are rostered."""
    days = (last - first).days + 1
    for roster in rosters:
        if roster.counts is not None:
            yield from _of_month(roster, roster.counts, first, first)
            share = ((min(roster.last, last) - max(roster.first, first)).days + 1) / days
            for key in BY_PERSON:
                people = roster.counts.people
                yield Fact(key, roster.ward_id, first, 0, people * share, people=people)


def _of_month(roster: InForce, counts: RosterCounts, month: date, on: date) -> Iterator[Fact]:
    for key, tally in counts.months.get(month, {}).items():
        place, people = (roster.ward_id, on), counts.people
        if key == "hours":
            yield Fact(key, *place, tally.part / 60, tally.whole / 60, people=people)
        elif key == "hired_share":
            yield Fact(key, *place, tally.part / 60, tally.whole / 60, tally.n)
        elif key in BY_PERSON:
            yield Fact(key, *place, tally.part, 0, people=people)
        else:
            yield Fact(key, *place, tally.part, tally.whole, tally.n)
        if key == "coverage":
            yield Fact("unfilled", *place, tally.whole - tally.part, 0)
        if key == "nights":
            yield Fact("night_shifts", *place, tally.part, tally.whole, tally.n)


def publication_facts(session: TenantSession, choice: Choice) -> Iterator[Fact]:
    """Yield the notice of publications and what later ones changed, of periods that begin in the dates."""
    shifts = (
        select(func.count())
        .where(PublicationShift.publication_id == Publication.id)
        .correlate(Publication)
        .scalar_subquery()
    )
    first = Publication.number == 1
    query = (
        select(
            RosterPeriod.ward_id,
            RosterPeriod.start_date,
            func.sum(Publication.lead_days).filter(first),
            func.sum(Publication.changed_cells).filter(~first),
            func.sum(shifts).filter(first),
        )
        .join(Publication, Publication.period_id == RosterPeriod.id)
        .where(RosterPeriod.start_date.between(choice.first, choice.last))
        .group_by(RosterPeriod.id, RosterPeriod.ward_id, RosterPeriod.start_date)
    )
    if choice.wards:
        query = query.where(RosterPeriod.ward_id.in_(choice.wards))
    for ward_id, on, lead, changed, published in session.execute(query):
        yield Fact("lead_time", ward_id, on, lead or 0, 1)
        yield Fact("changes", ward_id, on, float(changed or 0), float(published or 0))


def entered_facts(session: TenantSession, choice: Choice) -> Iterator[Fact]:
    """Yield what wards have entered, and what has been worked in the dates."""
    months: dict[tuple[UUID, date], dict[str, float]] = {}
    columns = EnteredFigure.ward_id, EnteredFigure.month, EnteredFigure.kind, EnteredFigure.amount
    for ward_id, month, kind, amount in session.execute(select(*columns).where(*_in(choice))):
        months.setdefault((ward_id, month), {})[kind] = float(amount)
        if kind in DEFINITIONS:
            yield Fact(kind, ward_id, month, float(amount), 1)
    for (ward_id, month), found in months.items():
        if found.get("managers") and "employees" in found:
            yield Fact("employees_per_manager", ward_id, month, found["employees"], found["managers"])
        if "external_hours" in found:
            yield Fact("agency_share", ward_id, month, found["external_hours"], found["external_hours"])
    # Where no external hours are entered nothing is known of the share: it is not zero.
    known = {place for place, found in months.items() if "external_hours" in found}
    for row in _worked(session, choice):
        yield Fact("beyond", row.ward_id, row.on, row.extra / 60, row.paid / 60, people=row.people)
        if (row.ward_id, row.month) in known:
            yield Fact("agency_share", row.ward_id, row.month, 0, row.paid / 60)


def entered_figures(session: TenantSession, choice: Choice) -> list[EnteredFigure]:
    """Return what the wards have entered for months that begin in the dates, the newest first."""
    query = select(EnteredFigure).where(*_in(choice))
    return list(session.scalars(query.order_by(EnteredFigure.month.desc(), EnteredFigure.kind)))


def _in(choice: Choice) -> tuple[ColumnElement[bool], ...]:
    dates = EnteredFigure.month.between(choice.first, choice.last)
    return (dates, EnteredFigure.ward_id.in_(choice.wards)) if choice.wards else (dates,)


def _worked(session: TenantSession, choice: Choice) -> Iterator[Worked]:
    month = cast(func.date_trunc("month", cast(WorkedShift.on_date, DateTime)), Date)
    # Added up without the periods, which are looked up afterwards: there are many rows of work.
    sums = (
        select(
            WorkedShift.period_id,
            month,
            func.sum(WorkedShift.paid_minutes),
            func.sum(WorkedShift.extra_minutes),
            func.count(WorkedShift.employee_id.distinct()),
        )
        .where(WorkedShift.on_date.between(choice.first, choice.last))
        .group_by(WorkedShift.period_id, month)
    )
    periods = select(RosterPeriod.id, RosterPeriod.ward_id, RosterPeriod.start_date)
    if choice.wards:
        periods = periods.where(RosterPeriod.ward_id.in_(choice.wards))
        own = periods.with_only_columns(RosterPeriod.id)
        sums = sums.where(WorkedShift.period_id.in_(own))
    rows = session.execute(sums).all()
    if not rows:
        return
    known = {key: (ward_id, first) for key, ward_id, first in session.execute(periods)}
    for period_id, of_month, paid, extra, people in rows:
        ward_id, first = known[period_id]
        yield Worked(ward_id, of_month, max(of_month, first), paid, extra, people)
