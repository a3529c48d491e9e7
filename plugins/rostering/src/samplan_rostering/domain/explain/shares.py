"""What each soft cost of a roster is for, and how much of the objective it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from samplan_rostering.domain.evaluation import Charge, Evaluation
from samplan_rostering.domain.rules import Term


@dataclass(frozen=True, slots=True)
class Shares:
    """The objective taken apart; each of the four, summed up, is the objective.

    In `employees` None stands for what nobody bears alone, in `days` for what belongs to no single day.
    """

    objective: int
    charges: tuple[Charge, ...]
    terms: Mapping[Term, int]
    employees: Mapping[str | None, int]
    days: Mapping[int | None, int]


def shares_of(evaluation: Evaluation) -> Shares:
    """Return the shares of an evaluation, the dearest first.

    What a term costs beyond the single costs that the evaluation tells is a charge of its own, for nobody
    and no day, so that nothing is left out.
    """
    told: Counter[Term] = Counter()
    for charge in evaluation.charges:
        told[charge.term] += charge.points
    rest = [
        Charge(term, points - told[term])
        for term, points in evaluation.breakdown.items()
        if points != told[term]
    ]
    charges = sorted([*evaluation.charges, *rest], key=lambda charge: -charge.points)
    terms: Counter[Term] = Counter()
    employees: Counter[str | None] = Counter()
    days: Counter[int | None] = Counter()
    for charge in charges:
        terms[charge.term] += charge.points
        employees[charge.employee] += charge.points
        days[charge.day] += charge.points
    return Shares(
        objective=evaluation.objective,
        charges=tuple(charges),
        terms=dict(terms.most_common()),
        employees=dict(employees.most_common()),
        days=dict(days.most_common()),
    )
