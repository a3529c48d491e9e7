"""Explanations as values that JSON can hold, each with its words; the same for command line and API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from samplan_rostering.domain.evaluation import Gap, Violation
from samplan_rostering.domain.explain.candidates import Kind
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.explain.recommend import Recommendation
from samplan_rostering.domain.explain.shares import Shares
from samplan_rostering.domain.explain.why_not import GapReasons, WhyNot
from samplan_rostering.explanation.words import KINDS, Words


def effect_value(effect: Effect, words: Words) -> dict[str, Any]:
    """Return what changes do."""
    return {
        "changes": [change_value(change, words) for change in effect.changes],
        "broken": [violation_value(violation, words) for violation in effect.broken],
        "mended": [violation_value(violation, words) for violation in effect.mended],
        "opened": [gap_value(gap, words) for gap in effect.opened],
        "closed": [gap_value(gap, words) for gap in effect.closed],
        "costs": {term.value: points for term, points in effect.costs.items()},
        "points": effect.points,
        "minutes": dict(effect.minutes),
        "text": list(words.effect(effect)),
    }


def why_not_value(answer: WhyNot, words: Words) -> dict[str, Any]:
    """Return why somebody does not work a shift."""
    return {
        "employee": answer.employee,
        "day": answer.day,
        "shift": answer.shift,
        "current": answer.current,
        "effect": effect_value(answer.effect, words),
    }


def reasons_value(reasons: GapReasons, words: Words) -> dict[str, Any]:
    """Return why a need is not met."""
    return {
        "day": reasons.day,
        "shift": reasons.shift,
        "skill": reasons.skill,
        "missing": reasons.missing,
        "there": list(reasons.there),
        "rules": {rule.value: list(codes) for rule, codes in reasons.by_rule().items()},
        "needed_elsewhere": list(reasons.needed_elsewhere()),
        "free": list(reasons.free()),
        "people": [
            {
                "employee": person.employee,
                "current": person.current,
                "broken": [violation_value(violation, words) for violation in person.broken],
                "opened": [gap_value(gap, words) for gap in person.opened],
                "points": person.points,
            }
            for person in reasons.people
        ],
        "text": list(words.reasons(reasons)),
    }


def recommendation_value(answer: Recommendation, words: Words) -> dict[str, Any]:
    """Return what would close a gap."""
    return {
        **asdict(answer.gap),
        "suggestions": [
            {
                "kind": item.kind.value,
                "text": str(KINDS[item.kind]),
                "effect": effect_value(item.effect, words),
            }
            for item in answer.suggestions
        ],
        "call_off": answer.call_off,
        "text": str(KINDS[Kind.CALL_OFF]) if answer.call_off else "",
        "complete": answer.complete,
        "reasons": None if answer.reasons is None else reasons_value(answer.reasons, words),
    }


def shares_value(shares: Shares, words: Words) -> dict[str, Any]:
    """Return what a roster's objective is made of; an empty name is nobody in particular, or no day."""
    return {
        "objective": shares.objective,
        "by_term": {term.value: points for term, points in shares.terms.items()},
        "by_employee": {employee or "": points for employee, points in shares.employees.items()},
        "by_day": {"" if day is None else str(day): points for day, points in shares.days.items()},
        "charges": [
            {**asdict(charge), "term": charge.term.value, "text": words.charge(charge)}
            for charge in shares.charges
        ],
    }


def violation_value(violation: Violation, words: Words) -> dict[str, Any]:
    """Return a broken rule."""
    return {**asdict(violation), "rule": violation.rule.value, "text": words.rule(violation)}


def gap_value(gap: Gap, words: Words) -> dict[str, Any]:
    """Return people missing."""
    return {**asdict(gap), "text": words.gap(gap)}


def change_value(change: CellChange, words: Words) -> dict[str, Any]:
    """Return a changed cell; an empty text is a free day."""
    return {**asdict(change), "text": words.change(change)}
