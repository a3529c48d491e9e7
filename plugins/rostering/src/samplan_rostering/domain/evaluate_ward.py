"""Evaluate a roster of a ward straight from the ward's rows: hard rules, gaps and soft terms."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

from samplan_rostering.domain.evaluation import Charge, Evaluation, Gap, Violation
from samplan_rostering.domain.hospital import Guest
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


def evaluate_ward(
    ward: WardData, assignments: Iterable[Assignment], guests: Collection[Guest] = ()
) -> Evaluation:
    """Judge a roster of a valid ward; assignments that name what does not exist are violations.

    `guests` come from an internal unit: they count for what is needed, and are judged there.
    """
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
    gaps, charges = _cover(ward, everyone, needs, guests)
    charges += [
        *_wishes(ward, people),
        *_weekends(ward, everyone),
        *_evenness(ward, timeline, everyone),
    ]
    breakdown: dict[Term, int] = defaultdict(int)
    for charge in charges:
        breakdown[charge.term] += charge.points
    costs = tuple(charge for charge in charges if charge.points)
    return Evaluation(tuple(violations), tuple(gaps), dict(breakdown), costs)


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
    ward: WardData, people: list[Person], needs: list[list[Need]], guests: Collection[Guest]
) -> tuple[list[Gap], list[Charge]]:
    """Return where people are missing below the minimum, and what staffing costs."""
    rules = ward.rules
    gaps: list[Gap] = []
    charges: list[Charge] = []
    for day, need in ((day, need) for day, rows in enumerate(needs) for need in rows):
        present = sum(person.row.get(day) == need.shift and person.counts(day, need) for person in people)
        present += sum(guest.day == day and guest.counts(need) for guest in guests)
        missing = max(need.minimum - present, 0)
        costs = [
            (Term.UNDER_MINIMUM, rules.weight_under_minimum * missing),
            (Term.UNDER_TARGET, rules.weight_under_target * max(need.target - present, 0)),
        ]
        if need.maximum is not None:
            costs.append((Term.OVER_MAXIMUM, rules.weight_over_maximum * max(present - need.maximum, 0)))
        charges += [Charge(term, points, None, day, need.shift, need.skill) for term, points in costs]
        if missing:
            gaps.append(Gap(day, need.shift, need.skill, missing))
    return gaps, charges


def _wishes(ward: WardData, people: dict[str, Person]) -> Iterator[Charge]:
    for wish in ward.wishes:
        day = ward.period.day_of(wish.date)
        given = people[wish.employee].row.get(day)
        works = given is not None if wish.shift is None else given == wish.shift
        broken = works != (wish.kind is WishKind.WANT)
        points = wish.points * ward.rules.weight_wish if broken else 0
        yield Charge(Term.WISHES, points, wish.employee, day, wish.shift)


def _weekends(ward: WardData, people: list[Person]) -> Iterator[Charge]:
    """Charge each weekend beyond the share, and each that follows a worked one, on its first day."""
    rules, saturdays = ward.rules, _saturdays(ward)
    free = -(-rules.max_weekends_percent * len(saturdays) // 100)
    for person in people:
        code, count, before = person.employee.code, 0, person.works_weekend(saturdays.start - 7)
        for saturday in saturdays:
            worked, day = person.works_weekend(saturday), max(saturday, 0)
            count += worked
            over = worked and count > free
            yield Charge(Term.WEEKENDS_OVER, rules.weight_weekend_over * over, code, day)
            yield Charge(
                Term.WEEKENDS_ADJACENT, rules.weight_weekend_adjacent * (worked and before), code, day
            )
            before = worked


def _saturdays(ward: WardData) -> range:
    """Return the Saturdays of the weekends that touch the period; -1 when it begins on a Sunday."""
    return range(5 - ward.period.start.weekday(), ward.period.days, 7)


def _evenness(ward: WardData, timeline: Timeline, people: list[Person]) -> Iterator[Charge]:
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
                for person, beyond in zip(members, _beyond_one(counts, hours), strict=True):
                    yield Charge(term, weight * beyond, person.employee.code)


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
