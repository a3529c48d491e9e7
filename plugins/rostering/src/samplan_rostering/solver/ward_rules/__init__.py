"""What each rule of `domain.ward_rules` means to the optimiser, one function a rule.

The two are written apart, so that each finds the other's faults; the tests compare them on random rosters.
"""

from samplan_rostering.solver.ward_rules import (
    cover,
    days,
    fairness,
    given,
    hours,
    on_call,
    pairs,
    patterns,
    rest,
    runs,
    shift,
    weekends,
)
from samplan_rostering.solver.ward_rules.builder import COMPILERS, ProblemBuilder, compile_rules

__all__ = [
    "COMPILERS",
    "ProblemBuilder",
    "compile_rules",
    "cover",
    "days",
    "fairness",
    "given",
    "hours",
    "on_call",
    "pairs",
    "patterns",
    "rest",
    "runs",
    "shift",
    "weekends",
]
