"""The key figures of chosen wards and dates: of rosters, those of the periods that begin then."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.figure_words import DEFINITIONS, Definition
from samplan_rostering.models import RosterPeriod, Ward
from samplan_rostering.queries.figures.facts import (
    Choice,
    Fact,
    entered_facts,
    publication_facts,
    roster_facts,
)
from samplan_rostering.queries.figures.stored import InForce, in_force

MOST_SPANS = 14
"""Periods or months that a course over time shows, the newest."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with what it is made of; nothing of it is given when it is `suppressed`."""

    key: str
    definition: Definition
    value: float | None
    part: float | None
    whole: float | None
    n: int
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A ward's period, or a month, within which figures are added up."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Every key figure, its course over time, and how many rosters are behind them or not counted yet."""

    figures: tuple[KeyFigure, ...]
    spans: tuple[Span, ...]
    course: Mapping[str, tuple[KeyFigure, ...]]
    """By figure, one for each span."""
    rosters: int
    uncounted: int


def ward_names(session: TenantSession) -> Mapping[UUID, str]:
    """Return the wards that roster, by name."""
    rows = select(Ward.id, OrgUnit.name).join(OrgUnit, OrgUnit.id == Ward.unit_id).order_by(OrgUnit.name)
    return dict(session.execute(rows).all())


def key_figures(session: TenantSession, choice: Choice) -> KeyFigures:
    """Return the key figures by what is counted of rosters; see `uncounted` for what is not yet."""
    rosters = in_force(session, *periods_of(choice))
    facts = [
        *roster_facts(rosters),
        *publication_facts(session, choice),
        *entered_facts(session, choice),
    ]
    spans = _spans(choice, rosters, facts)
    parts = [sum_up(fact for fact in facts if span.first <= fact.on <= span.last) for span in spans]
    return KeyFigures(
        figures=tuple(sum_up(facts).values()),
        spans=spans,
        course={key: tuple(part[key] for part in parts) for key in DEFINITIONS},
        rosters=len(rosters),
        uncounted=sum(roster.counts is None for roster in rosters),
    )


def periods_of(choice: Choice) -> list[ColumnElement[bool]]:
    """Return the conditions for periods that begin in the dates."""
    dates = RosterPeriod.start_date.between(choice.first, choice.last)
    return [dates, RosterPeriod.ward_id.in_(choice.wards)] if choice.wards else [dates]


def sum_up(facts: Iterable[Fact]) -> Mapping[str, KeyFigure]:
    """Return every figure from what goes into it."""
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    return {key: _figure(key, definition, by_key[key]) for key, definition in DEFINITIONS.items()}


def observations(facts: Iterable[Fact]) -> int:
    """Return how many observations or people are behind a figure.

    The people of a ward are taken to be the same in all its periods: who is told of must not be few.
    """
    n, people = 0, defaultdict[UUID, int](int)
    for fact in facts:
        n += fact.n
        people[fact.ward_id] = max(people[fact.ward_id], fact.people)
    return n + sum(people.values())


def _figure(key: str, definition: Definition, facts: Collection[Fact]) -> KeyFigure:
    part, whole = sum(fact.part for fact in facts), sum(fact.whole for fact in facts)
    n, has_whole = observations(facts), bool(str(definition.denominator))
    known = bool(whole) if has_whole else bool(facts)
    suppressed = known and n < definition.min_n
    if suppressed or not known:
        return KeyFigure(key, definition, None, None, None, n, suppressed)
    value = definition.scale * part / whole if has_whole else float(part)
    return KeyFigure(key, definition, value, part, whole if has_whole else None, n, suppressed)


def _spans(choice: Choice, rosters: Sequence[InForce], facts: Iterable[Fact]) -> tuple[Span, ...]:
    """Return the periods of one ward, or the months in which there is anything, by date."""
    if len(choice.wards) == 1:
        found = {Span(roster.first, roster.last) for roster in rosters}
    else:
        found = {_month(fact.on) for fact in facts}
    return tuple(sorted(found, key=lambda span: span.first)[-MOST_SPANS:])


def _month(on: date) -> Span:
    return Span(on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1]))
