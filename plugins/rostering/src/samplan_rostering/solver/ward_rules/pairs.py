"""Two people together or apart."""

from samplan_rostering.domain.ward_rules.pairs import Apart, Together
from samplan_rostering.solver.soft import Meeting, PairCost, PairLimit
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(Together, Apart)
def pair(rule: Together | Apart, out: ProblemBuilder) -> None:
    """Charge, or exclude, each shift that one works without the other, or that both work."""
    numbers = {employee.code: number for number, employee in enumerate(out.facts.ward.employees)}
    meetings = tuple(
        Meeting(frozenset({cell}), frozenset({cell}))
        for cell in sorted(out.facts.cells)
        if rule.holds_on(out.facts.ward.period.date_of(cell[0]))
    )
    one, other = numbers.get(rule.employee or ""), numbers.get(rule.other or "")
    if one is not None and other is not None and meetings:
        together = isinstance(rule, Together)
        if rule.hard:
            out.pair_limits.append(PairLimit(rule.rule, one, other, meetings, together))
        else:
            out.pairs.append(PairCost(rule.term, one, other, meetings, together, rule.weight))
