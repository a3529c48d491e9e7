"""What would close a gap: changes of a ward's roster, ranked, each with its exact effect."""

from dataclasses import dataclass

from samplan_rostering.domain.evaluation import Gap
from samplan_rostering.domain.explain.candidates import Candidate, Finder, Kind
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.why_not import GapReasons, check_named, gap_reasons
from samplan_rostering.domain.rules import Rule

MOST_WHOLE = 10
"""Candidates whose effect on the whole roster is evaluated."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to close a gap, with what it does; only `EXTRA` breaks a rule: the contract's most hours."""

    kind: Kind
    effect: Effect


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Suggestions for a gap, the best first; where there are none, `reasons` tells why of everybody.

    `complete` is whether all changes of the known kinds were looked at: on a large ward not all are.
    """

    gap: Gap
    suggestions: tuple[Suggestion, ...]
    reasons: GapReasons | None
    complete: bool

    @property
    def call_off(self) -> bool:
        """Whether nobody of the ward was found who can close the gap."""
        return not self.suggestions


def recommend(judge: Judge, day: int, shift: str, skill: str | None, most: int = 8) -> Recommendation:
    """Return what would bring one more to a need, ranked by broken rules, points and number of changes.

    Raises:
        UnknownError: no such day, shift or skill.
    """
    check_named(judge, day, shift, skill=skill)
    missing = [g.missing for g in judge.before.gaps if (g.day, g.shift, g.skill) == (day, shift, skill)]
    gap = Gap(day, shift, skill, sum(missing))
    found: list[Suggestion] = []
    finder, board = Finder(judge, gap), judge.board()
    for candidate in finder.find()[:MOST_WHOLE]:
        effect = board.effect(candidate.changes)
        if _holds(candidate, effect, gap):
            found.append(Suggestion(candidate.kind, effect))
    found.sort(key=lambda s: (len(s.effect.broken), s.effect.points, len(s.effect.changes), s.effect.changes))
    reasons = None if found else gap_reasons(judge, day, shift, skill)
    return Recommendation(gap, tuple(found[:most]), reasons, finder.complete)


def _holds(candidate: Candidate, effect: Effect, gap: Gap) -> bool:
    """Tell whether the whole roster allows what the single rows promised."""
    allowed = {Rule.HOURS_MAX} if candidate.kind is Kind.EXTRA else set()
    if effect.opened or any(violation.rule not in allowed for violation in effect.broken):
        return False
    place = (gap.day, gap.shift, gap.skill)
    return not gap.missing or any((g.day, g.shift, g.skill) == place for g in effect.closed)
