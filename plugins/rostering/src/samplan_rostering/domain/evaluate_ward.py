"""Evaluate a roster of a ward straight from the ward's rows: hard rules, gaps and soft terms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from samplan_rostering.domain.evaluation import Evaluation, Gap, Violation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import (
    DatedRequirement,
    WardData,
    WeeklyRequirement,
    WishKind,
)
from samplan_rostering.domain.ward_breaches import Person, breaches

Need = WeeklyRequirement | DatedRequirement


def evaluate_ward(ward: WardData, assignments: Iterable[Assignment]) -> Evaluation:
    """Judge a roster of a valid ward; assignments that name what does not exist are violations."""
    people = {employee.code: Person.of(ward, employee) for employee in ward.employees}
    shifts = {shift.code for shift in ward.shift_types}
    violations: list[Violation] = []
    for cell in sorted(assignments):
        person = people.get(cell.employee)
        if person is None or cell.shift not in shifts or not 0 <= cell.day < ward.period.days:
            violations.append(Violation(Rule.UNKNOWN, cell.employee, cell.day))
        elif cell.day in person.row:
            violations.append(Violation(Rule.ONE_SHIFT, cell.employee, cell.day, 2, 1))
        else:
            person.row[cell.day] = cell.shift
    needs = [list(_needs_on(ward, day)) for day in range(ward.period.days)]
    timeline = Timeline(ward)
    for person in people.values():
        violations += breaches(ward, timeline, person, needs)
    everyone = list(people.values())
    breakdown: dict[Term, int] = defaultdict(int)
    gaps = list(_cover(ward, everyone, needs, breakdown))
    _wishes(ward, people, breakdown)
    _weekends(ward, everyone, breakdown)
    _evenness(ward, timeline, everyone, breakdown)
    return Evaluation(tuple(violations), tuple(gaps), dict(breakdown))


def _needs_on(ward: WardData, day: int) -> Iterator[Need]:
    """Yield the rows that apply on a day: a dated row replaces the weekly one of its shift and skill."""
    on = ward.period.date_of(day)
    dated = [row for row in ward.dated_requirements if row.date == on]
    replaced = {(row.shift, row.skill) for row in dated}
    yield from dated
    for row in ward.weekly_requirements:
        if row.weekday == on.weekday() and (row.shift, row.skill) not in replaced:
            yield row


def _cover(
    ward: WardData, people: list[Person], needs: list[list[Need]], breakdown: dict[Term, int]
) -> Iterator[Gap]:
    rules = ward.rules
    for day, rows in enumerate(needs):
        for need in rows:
            present = sum(person.row.get(day) == need.shift and person.counts(day, need) for person in people)
            breakdown[Term.UNDER_MINIMUM] += rules.weight_under_minimum * max(need.minimum - present, 0)
            breakdown[Term.UNDER_TARGET] += rules.weight_under_target * max(need.target - present, 0)
            if need.maximum is not None:
                breakdown[Term.OVER_MAXIMUM] += rules.weight_over_maximum * max(present - need.maximum, 0)
            if present < need.minimum:
                yield Gap(day, need.shift, need.skill, need.minimum - present)


def _wishes(ward: WardData, people: dict[str, Person], breakdown: dict[Term, int]) -> None:
    for wish in ward.wishes:
        given = people[wish.employee].row.get(ward.period.day_of(wish.date))
        works = given is not None if wish.shift is None else given == wish.shift
        broken = works != (wish.kind is WishKind.WANT)
        breakdown[Term.WISHES] += wish.points * ward.rules.weight_wish if broken else 0


def _weekends(ward: WardData, people: list[Person], breakdown: dict[Term, int]) -> None:
    rules, saturdays = ward.rules, _saturdays(ward)
    free = -(-rules.max_weekends_percent * len(saturdays) // 100)
    for person in people:
        worked = [person.works_weekend(saturday) for saturday in saturdays]
        breakdown[Term.WEEKENDS_OVER] += rules.weight_weekend_over * max(sum(worked) - free, 0)
        chain = [person.works_weekend(saturdays.start - 7), *worked]
        pairs = sum(one and two for one, two in pairwise(chain))
        breakdown[Term.WEEKENDS_ADJACENT] += rules.weight_weekend_adjacent * pairs


def _saturdays(ward: WardData) -> range:
    """Return the Saturdays of the weekends that touch the period; -1 when it begins on a Sunday."""
    return range(5 - ward.period.start.weekday(), ward.period.days, 7)


def _evenness(ward: WardData, timeline: Timeline, people: list[Person], breakdown: dict[Term, int]) -> None:
    """Charge what lies more than one shift (or weekend) from a share by contract hours.

    Those of one profession and roster type share with one another; who has no hours has no share.
    """
    groups: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people:
        kind = _first_roster_type(person)
        if kind is not None and person.target_minutes() >= 60:
            groups[person.employee.profession, kind].append(person)
    saturdays = _saturdays(ward)
    for members in groups.values():
        hours = [person.target_minutes() // 60 for person in members]
        nights = [sum(timeline.is_night(shift) for shift in person.row.values()) for person in members]
        weekends = [sum(person.works_weekend(saturday) for saturday in saturdays) for person in members]
        for term, weight, counts in (
            (Term.UNEVEN_NIGHTS, ward.rules.weight_uneven_nights, nights),
            (Term.UNEVEN_WEEKENDS, ward.rules.weight_uneven_weekends, weekends),
        ):
            if weight and len(members) > 1:
                breakdown[term] += weight * sum(_beyond_one(counts, hours))


def _beyond_one(counts: list[int], hours: list[int]) -> Iterator[int]:
    """Yield by how many whole units each count is more than one away from its share of the total."""
    for count, own in zip(counts, hours, strict=True):
        distance = abs(count - Fraction(sum(counts) * own, sum(hours)))
        yield max(-(-distance.numerator // distance.denominator) - 1, 0)


def _first_roster_type(person: Person) -> str | None:
    """Return the roster type of the first contract in force in the period."""
    for day in range(person.period.days):
        contract = person.contract_on(day)
        if contract is not None:
            return contract.roster_type.value
    return None
