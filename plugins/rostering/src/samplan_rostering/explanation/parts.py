"""Parts of a clash in words, from values that need no solver to be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samplan.plugin_api import _
from samplan_rostering import labels
from samplan_rostering.domain.rules import Rule
from samplan_rostering.explanation.words import Words, rule_name
from samplan_rostering.solver.contradictions import Contradiction


def part_text(part: Mapping[str, Any], words: Words) -> str:
    """Return a rule of somebody, a locked cell or a requirement, with its days and what is asked."""
    said = [part_subject(part, words), words.days(part["days"])]
    if part["limit"] is not None:
        limit = _figure(part, part["limit"])
        if part["measured"] is None:
            said.append(_("asked: %(limit)s", limit=limit))
        else:
            possible = _figure(part, part["measured"])
            said.append(_("asked: %(limit)s, possible: %(possible)s", limit=limit, possible=possible))
    return ", ".join(said)


def part_subject(part: Mapping[str, Any], words: Words) -> str:
    """Return what a part is: whose rule, or which requirement."""
    shift = part["shift"] or ""
    if part["rule"] is None:
        return _("Requirement %(need)s", need=words.need(shift, part["skill"]))
    name = words.name(part["employee"])
    if part["rule"] == Rule.PIN and shift:
        return _("%(name)s: locked to %(shift)s", name=name, shift=words.shift(shift))
    kind = f" {words.shift(shift)}" if shift else ""
    return f"{name}: {rule_name(Rule(part['rule']))}{kind}"


def contradiction_text(found: Contradiction, words: Words) -> str:
    """Return what contradicts itself in words, with what is asked and what is possible."""
    return ", ".join([_subject(found, words), *_details(found, words), *_because(found)])


@dataclass(frozen=True, slots=True)
class Contradicting:
    """What contradicts itself for the same reason: the reason, and a line for each person or date."""

    text: str
    lines: tuple[str, ...]
    example: Contradiction


def contradicting(found: Iterable[Contradiction], words: Words) -> list[Contradicting]:
    """Return contradictions grouped by their reason, the most common first."""
    groups: dict[tuple[object, ...], list[Contradiction]] = defaultdict(list)
    for each in found:
        subject = each.shift if each.employee is None else each.rule
        groups[each.employee is None, subject, each.sums is not None, each.because].append(each)
    return [_group(group, words) for group in sorted(groups.values(), key=len, reverse=True)]


def _group(group: Sequence[Contradiction], words: Words) -> Contradicting:
    first = group[0]
    if len(group) == 1:
        return Contradicting(contradiction_text(first, words), (), first)
    people = first.employee is not None
    subject = rule_name(first.rule) if people and first.rule else _subject(first, words)
    lines = (
        ": ".join([words.name(each.employee or "")] * people + [", ".join(_details(each, words))])
        for each in group
    )
    return Contradicting(", ".join([subject, *_because(first)]), tuple(lines), first)


def _subject(found: Contradiction, words: Words) -> str:
    if found.employee is None:
        return _("Requirement %(need)s", need=words.need(found.shift or "", None))
    return f"{words.name(found.employee)}: {rule_name(found.rule) if found.rule else ''}"


def _details(found: Contradiction, words: Words) -> list[str]:
    """Return which cell is locked, when, and what is asked and possible."""
    said = []
    if found.employee is not None and found.shift:
        said.append(_("locked to %(shift)s", shift=words.shift(found.shift)))
    if found.day is not None:
        said.append(words.days([found.day]))
    if found.asked is not None and found.possible is not None:
        said.append(_measured(found, found.asked, found.possible))
    return said


def _because(found: Contradiction) -> list[str]:
    rules = ", ".join(rule_name(rule) for rule in found.because)
    return [_("held back by: %(rules)s", rules=rules)] if rules else []


def _measured(found: Contradiction, asked: int, possible: int) -> str:
    """Return what is asked and what is possible; between two sums of shifts also the upper one."""
    rule = {"rule": None if found.rule is None else found.rule.value}
    if found.sums is None:
        return _(
            "asked: %(limit)s, possible: %(possible)s",
            limit=_figure(rule, asked),
            possible=_figure(rule, possible),
        )
    low, high, below, above = (
        _figure(rule, value) for value in (asked, found.sums[0], possible, found.sums[1])
    )
    limit = low if low == high else f"{low}–{high}"
    return _(
        "asked: %(limit)s, but shifts add up to %(below)s or %(above)s: widen the band of hours",
        limit=limit,
        below=below,
        above=above,
    )


def _figure(part: Mapping[str, Any], value: int) -> str:
    return str(value) if part["rule"] is None else labels.quantity(Rule(part["rule"]), value)
