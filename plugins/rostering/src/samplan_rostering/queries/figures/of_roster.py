"""The key figures of a roster, to be compared with those of another; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from samplan_rostering.domain.evaluate_ward import evaluate_ward, lay_out
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData, Wish, WishKind
from samplan_rostering.domain.ward_rules import Case, Person, rule_set
from samplan_rostering.domain.ward_rules.hours import Cost
from samplan_rostering.domain.ward_rules.profile import all_rules
from samplan_rostering.queries.rosters.coverage import Need, coverage
from samplan_rostering.queries.rosters.hours import hours_by_employee

FULLTIME_MONTH_MINUTES = 165 * 60
"""What a full-time equivalent of hired staff works in a month, as the regions count it (document 002)."""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """What a roster is compared by; minutes are working minutes, people are counted once for each shift.

    `unfilled_minutes` is what is missing to the target. What is missing to the minimum somebody else works:
    that, and what those who are hired work, are the agency's minutes, also in full-time equivalents of 165 h
    a month; the other figures of hours are own staff's. `money` is in the unit of the ward's rates, None
    where it has none. Spreads are the difference between who has most and who has least, of those with a
    contract.
    """

    required_minutes: int
    unfilled_minutes: int
    people_below_minimum: int
    breaches: int
    rostered_minutes: int
    contract_minutes: int
    minutes_over_contract: int
    minutes_under_contract: int
    paid_minutes: int
    money: int | None
    agency_minutes: int
    agency_fulltime: float
    wishes: int
    wishes_met: int
    weekends_spread: int
    nights_spread: int

    def as_json(self) -> dict[str, int | float | None]:
        """Return the figures by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def key_figures(
    ward: WardData,
    assignments: Iterable[Assignment],
    guests: Collection[Guest] = (),
    evaluation: Evaluation | None = None,
) -> KeyFigures:
    """Return the key figures of a ward's roster; `evaluation` where the caller has it already."""
    cells = tuple(assignments)
    judged = evaluate_ward(ward, cells, guests) if evaluation is None else evaluation
    case = _laid_out(ward, cells, guests)
    every, hired = hours_by_employee(ward, cells), ward.hired
    hours = [own for code, own in every.items() if code not in hired]
    rostered = sum(own.rostered for own in hours)
    return KeyFigures(
        **_cover(ward, coverage(ward, cells, guests), sum(every[code].rostered for code in hired)),
        breaches=len(judged.violations),
        rostered_minutes=rostered,
        contract_minutes=sum(own.contract for own in hours),
        minutes_over_contract=sum(max(own.deviation, 0) for own in hours),
        minutes_under_contract=sum(max(-own.deviation, 0) for own in hours),
        paid_minutes=rostered,
        money=_money(ward, case),
        wishes=len(ward.wishes),
        wishes_met=sum(_is_met(wish, case) for wish in ward.wishes),
        weekends_spread=_spread(
            sum(person.works_weekend(saturday) for saturday in case.saturdays) for person in _sharing(case)
        ),
        nights_spread=_spread(
            sum(map(case.timeline.is_night, person.row.values())) for person in _sharing(case)
        ),
    )


def _cover(ward: WardData, needs: Iterable[Need], agency: int) -> dict[str, Any]:
    minutes = {shift.code: shift.paid_minutes for shift in ward.shift_types}
    required = unfilled = below = 0
    for need in needs:
        lacking = max(need.minimum - need.staffed, 0)
        required += need.target * minutes[need.shift]
        unfilled += need.missing * minutes[need.shift]
        below += lacking
        agency += lacking * minutes[need.shift]
    month = FULLTIME_MONTH_MINUTES * ward.period.days * 12 / 365
    return {
        "required_minutes": required,
        "unfilled_minutes": unfilled,
        "people_below_minimum": below,
        "agency_minutes": agency,
        "agency_fulltime": round(agency / month, 2),
    }


def _laid_out(ward: WardData, cells: Iterable[Assignment], guests: Collection[Guest]) -> Case:
    case = rule_set(ward).case(ward, guests)
    for _unknown in lay_out(case, cells):
        pass  # the evaluation tells of them
    return case


def _sharing(case: Case) -> list[Person]:
    """Return who has a contract in the period and is not away all of it."""
    return [person for person in case.people if person.target_minutes() > 0]


def _spread(counts: Iterable[int]) -> int:
    found = list(counts)
    return max(found) - min(found) if found else 0


def _is_met(wish: Wish, case: Case) -> bool:
    worked = case.by_code[wish.employee].row.get(case.ward.period.day_of(wish.date))
    works = worked is not None if wish.shift is None else worked == wish.shift
    return works == (wish.kind is WishKind.WANT)


def _money(ward: WardData, case: Case) -> int | None:
    """Return what the hours cost by the ward's rates, whether or not the optimisation weighs them."""
    rated = [rule for rule in all_rules(ward) if isinstance(rule, Cost) and rule.rated]
    if not rated:
        return None
    return sum(breach.amount for rule in rated for breach in rule.breaches(case))
