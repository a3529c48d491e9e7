"""Functions of the module's templates, there called `rostering_…`: names, weekdays, clock times, hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale

from samplan.plugin_api import Text, language
from samplan_rostering import labels, own_labels
from samplan_rostering.domain.rules import Rule
from samplan_rostering.explanation.words import KINDS
from samplan_rostering.rule_words import FIGURES, GROUPS, LEVELS, source_name
from samplan_rostering.web.stencil import Stencil
from samplan_rostering.workbook.rule_sheets import RULE_LABELS

_KINDS: Mapping[str, Mapping[Any, Text]] = MappingProxyType(
    {
        "status": labels.STATUSES,
        "edit": labels.EDITS,
        "exception": labels.EXCEPTIONS,
        "state": labels.STATES,
        "step": labels.STEPS,
        "speaker": labels.SPEAKERS,
        "roster_type": labels.ROSTER_TYPES,
        "person_field": labels.PERSON_FIELDS,
        "shift_kind": labels.SHIFT_KINDS,
        "wish": labels.WISHES,
        "work": labels.WORK_KINDS,
        "call_off": labels.CALL_OFF_STATES,
        "unsocial": labels.UNSOCIAL,
        "limit": labels.LIMITS,
        "own_wish": own_labels.OWN_WISHES,
        "request": own_labels.REQUEST_STATES,
        "window": own_labels.WINDOWS,
        "term": labels.TERMS,
        "rule": labels.RULES,
        "suggestion": KINDS,
        "rule_group": GROUPS,
        "level": LEVELS,
        "figure": FIGURES,
        "absence_sign": {kind: sign for kind, (sign, _name) in labels.ABSENCES.items()},
        "absence": {kind: name for kind, (_sign, name) in labels.ABSENCES.items()},
    }
)


def label(kind: str, code: str) -> Text:
    """Return what a code is called; the code itself when it is not known."""
    return _KINDS[kind].get(code, code)


def rule_name(key: str) -> str:
    """Return what a rule of the profile is called; the key itself when it is not known."""
    return RULE_LABELS[key].to(language()) if key in RULE_LABELS else key


def weekday(on: date) -> str:
    """Return the short name of the weekday, such as `mån`."""
    return format_date(on, "EEE", locale=get_locale() or "sv_SE").rstrip(".")


def clock(at: time) -> str:
    """Return a clock time as 07:00."""
    return at.isoformat("minutes")


def hours(minutes: int, *, sign: bool = False) -> str:
    """Return minutes as hours and minutes, such as 38:15; with `sign` as +1:30 or −0:45."""
    return labels.clock_minutes(minutes, sign=sign)


def quantity(rule: str, value: int) -> str:
    """Return a rule's figure: minutes as hours and minutes, counts as they are."""
    return labels.quantity(Rule(rule), value)


def source(identifier: str) -> str:
    """Return where a rule is found, with its identifier; empty for the ward's own."""
    return source_name(identifier)


def stencil(macro: Callable[..., Any], *given: object) -> Stencil:
    """Return what writes the rows of a large table whose cells a macro writes."""
    return Stencil(macro, *given)


FUNCTIONS: tuple[Callable[..., Any], ...] = (
    clock, hours, label, quantity, rule_name, source, stencil, weekday,
)  # fmt: skip
"""What the templates may call."""
