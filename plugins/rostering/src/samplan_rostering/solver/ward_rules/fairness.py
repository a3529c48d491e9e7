"""Even shares."""

from collections import defaultdict

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.ward import WishKind
from samplan_rostering.domain.ward_rules.fairness import EvenHolidays, EvenNights, EvenWeekends, EvenWishes
from samplan_rostering.solver.problem import Balance, Cell
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(EvenNights, EvenWeekends, EvenHolidays, EvenWishes)
def even_share(rule: EvenNights | EvenWeekends | EvenHolidays | EvenWishes, out: ProblemBuilder) -> None:
    """Charge what is far from the share by hours, among those of one profession and roster type."""
    facts = out.facts
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for number, employee in out.concerned(rule):
        contract = facts.first_contract(employee)
        hours = facts.targets[employee.code] // 60
        if contract is not None and hours:
            groups[employee.profession, contract.roster_type.value].append((number, hours))
    for members in groups.values():
        if len(members) < 2:
            continue
        numbers, shares = zip(*members, strict=True)
        codes = [facts.ward.employees[number].code for number in numbers]
        before = tuple(facts.rule_set.carried.get((rule.key, code), 0) for code in codes)
        carried = before if any(before) else ()
        cells: tuple[frozenset[Cell], ...] = ()
        if isinstance(rule, EvenHolidays | EvenWishes):
            cells = tuple(_counted(rule, facts, code) for code in codes)
        shifts = None if isinstance(rule, EvenWeekends) else facts.nights
        if carried or any(cells) or isinstance(rule, EvenNights | EvenWeekends):
            out.balances.append(Balance(rule.term, numbers, shares, shifts, rule.weight, cells, carried))


def _counted(rule: EvenHolidays | EvenWishes, facts: WardFacts, code: str) -> frozenset[Cell]:
    """Return the cells that count for somebody."""
    if isinstance(rule, EvenHolidays):
        date_of = facts.ward.period.date_of
        return frozenset(cell for cell in facts.cells if public_holiday(date_of(cell[0])))
    return frozenset(
        (facts.ward.period.day_of(wish.date), shift)
        for wish in facts.ward.wishes
        if wish.employee == code and wish.kind is not WishKind.WANT
        for shift in (facts.shift_numbers if wish.shift is None else (facts.shifts[wish.shift],))
    )
