"""One nurse of the competition INRC-II for two weeks, and rosters written as letters."""

from __future__ import annotations

from samplan_rostering.domain.inrc2.evaluate import (
    Inrc2Evaluation,
    Inrc2Term,
)
from samplan_rostering.domain.inrc2.values import (
    Inrc2Assignment,
    Inrc2Contract,
    Inrc2History,
    Inrc2Instance,
    Inrc2Nurse,
    Inrc2Scenario,
    Inrc2Shift,
    Inrc2Week,
    NursePast,
    Span,
)

CONTRACT = Inrc2Contract("full", Span(4, 10), Span(2, 4), Span(2, 3), 1, complete_weekends=True)


SHIFTS = (Inrc2Shift("E", Span(2, 3)), Inrc2Shift("L", Span(2, 3), ("E",)))


KEPT = "EEE--EE--LL---"
"""Two weeks that keep every rule."""


def one_nurse(
    contract: Inrc2Contract = CONTRACT, past: NursePast | None = None, *weeks: Inrc2Week
) -> Inrc2Instance:
    """Return two weeks of one nurse who has one of two skills."""
    weeks = weeks or (Inrc2Week("own", (), ()),) * 2
    nurse = Inrc2Nurse("A", contract.id, ("care",))
    scenario = Inrc2Scenario("own", 2, ("care", "lead"), SHIFTS, (contract,), (nurse,))
    return Inrc2Instance(scenario, Inrc2History(0, "own", (past or NursePast("A"),)), weeks)


def row(text: str, nurse: str = "A", skill: str = "care") -> list[Inrc2Assignment]:
    """Return a nurse's shifts: a letter a day, '-' for a free day."""
    return [Inrc2Assignment(nurse, day, shift, skill) for day, shift in enumerate(text) if shift != "-"]


def costs(evaluation: Inrc2Evaluation) -> dict[Inrc2Term, int]:
    return {term: cost for term, cost in evaluation.breakdown.items() if cost}
