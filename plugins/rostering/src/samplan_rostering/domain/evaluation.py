"""What an evaluation of a roster says: rules broken, people missing, and the price of the rest.

The evaluation shares nothing with the model but the values it starts from: it is what finds a fault of the
model, of its compilation, or of a roster that came from elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from samplan_rostering.domain.rules import Rule, Term


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that the roster breaks.

    `day` counts from 0 and is None where the whole period is meant; `measured` and `limit` are minutes for
    rules of time and counts for the others, None where the rule has no figure. `source` identifies the law,
    agreement or recommendation; it is empty when the rule follows from the input.
    """

    rule: Rule
    employee: str
    day: int | None = None
    measured: int | None = None
    limit: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """People missing below the minimum on a day and shift (`skill` None: of any skill)."""

    day: int
    shift: str
    skill: str | None
    missing: int


@dataclass(frozen=True, slots=True)
class Charge:
    """A soft cost and what it is for.

    `employee` is None for what nobody bears alone, such as staffing, and `day` where the whole period is
    meant; `shift` and `skill` tell which need is meant.
    """

    term: Term
    points: int
    employee: str | None = None
    day: int | None = None
    shift: str | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judgement of a roster; `breakdown` holds every soft term that the input has.

    `charges` are the single costs behind it, as far as the evaluation tells them apart.
    """

    violations: tuple[Violation, ...]
    gaps: tuple[Gap, ...]
    breakdown: Mapping[Term, int]
    charges: tuple[Charge, ...] = ()

    @property
    def objective(self) -> int:
        """Sum of all soft terms."""
        return sum(self.breakdown.values())

    @property
    def uncovered(self) -> int:
        """People missing below the minimum, over all days and shifts."""
        return sum(gap.missing for gap in self.gaps)
