"""What a change does, in few words: for a line beside the grid, and for a menu."""

from __future__ import annotations

from collections.abc import Iterator

from samplan.plugin_api import _
from samplan_rostering import labels
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.rules import Term
from samplan_rostering.explanation.words import Words, signed


def brief_effect(effect: Effect, words: Words, about: str = "") -> Iterator[str]:
    """Yield points, rules, gaps, hours and wishes; who is meant is named unless it is `about`."""
    if not effect.changes:
        return
    yield _("Points %(points)s", points=signed(effect.points))
    for violation in effect.broken:
        yield _("breaks %(rule)s", rule=_named(words, violation.employee, words.rule(violation), about))
    for gap in effect.opened:
        yield _("opens %(gap)s", gap=words.gap(gap))
    for violation in effect.mended:
        yield _("mends %(rule)s", rule=_named(words, violation.employee, words.rule(violation), about))
    for gap in effect.closed:
        yield _("closes %(gap)s", gap=words.gap(gap))
    for employee, minutes in effect.minutes.items():
        hours = labels.clock_minutes(minutes, sign=True)
        yield _named(words, employee, _("%(hours)s hours", hours=hours), about)
    if Term.WISHES in effect.costs:
        yield _("wishes not met %(points)s", points=signed(effect.costs[Term.WISHES]))


def _named(words: Words, employee: str, text: str, about: str) -> str:
    return text if employee == about else f"{words.name(employee)} {text}"
