"""What goes into and comes out of a solve, besides the problem itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term


class Status(StrEnum):
    """How a solve ended; a roster exists only for OPTIMAL and FEASIBLE."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """Limits of a solve.

    With one worker and `deterministic_seconds` (the solver's own measure of work) the
    result depends on the problem and the seed alone, as long as `seconds` suffices.
    """

    seconds: float = 60.0
    workers: int = 2
    seed: int = 1
    deterministic_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The best known so far: objective and roster (None before the first) and proven bound."""

    seconds: float
    objective: int | None
    bound: int | None
    assignments: tuple[Assignment, ...] | None


class StopSolve(Exception):
    """Raised by a progress callback to stop and keep the best roster found."""


Progress = Callable[[Snapshot], bool | None]
"""Called a few times a second in the caller's thread; True (or StopSolve) stops the solve."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no roster: rules that one employee cannot keep all of.

    A rule on two people stands alone: it cannot be kept beside the rules of each. Of others, no rule can be
    left out of `rules`. Where contract hours are among them, `minutes` is the most (or the least) that can be
    planned under the others, and `limit` what is asked.
    """

    employee: str
    rules: tuple[Rule, ...]
    minutes: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """The outcome of a solve; objective, breakdown and assignments describe the same roster."""

    status: Status
    objective: int | None
    bound: int | None
    seconds: float
    seed: int
    versions: Mapping[str, str]
    breakdown: Mapping[Term, int]
    assignments: tuple[Assignment, ...]
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the solution as values that JSON can hold."""
        return {
            "status": self.status.value,
            "objective": self.objective,
            "bound": self.bound,
            "seconds": round(self.seconds, 2),
            "seed": self.seed,
            "versions": dict(self.versions),
            "breakdown": {term.value: cost for term, cost in self.breakdown.items()},
            "assignments": [
                {"employee": a.employee, "day": a.day, "shift": a.shift} for a in self.assignments
            ],
            "reasons": [
                {
                    "employee": reason.employee,
                    "rules": [rule.value for rule in reason.rules],
                    "minutes": reason.minutes,
                    "limit": reason.limit,
                }
                for reason in self.reasons
            ],
        }
