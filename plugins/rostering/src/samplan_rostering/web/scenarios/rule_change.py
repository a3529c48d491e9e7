"""The form of a rule's change in a scenario: the rule is chosen first, then its level and figures are set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from samplan.plugin_api import Text, _, language
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import Employee, WardData
from samplan_rostering.domain.ward_rules import BY_KEY, RULES, WardRule
from samplan_rostering.domain.ward_rules.bounds import FIXED
from samplan_rostering.domain.ward_rules.profile import parameters_of, rule_of, usual_rule
from samplan_rostering.queries.setup.profile import is_own
from samplan_rostering.rule_words import FIGURES
from samplan_rostering.web.setup.profile_place import FaultLine, fault_line, unreadable
from samplan_rostering.web.setup.rule_rows import (
    Form,
    RuleRow,
    as_said,
    figure_shown,
    name_of,
    row_of,
    said_line,
)

PAIRS = frozenset({"together", "apart"})
_DATES = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """What the form shows: the rules to choose from, and the chosen one as it is now and as it was sent."""

    kinds: Sequence[tuple[str, str]]
    now: RuleRow | None
    row: RuleRow | None
    people: Sequence[Employee]
    said: Form
    faults: Sequence[FaultLine]

    @property
    def pair(self) -> bool:
        """Whether the rule is about two people."""
        return self.row is not None and self.row.key in PAIRS

    @property
    def wrong(self) -> frozenset[str]:
        """The fields that something is wrong with."""
        return frozenset(fault.field for fault in self.faults)


def rule_question(ward: WardData, form: Form, faults: Sequence[FaultLine] = ()) -> RuleQuestion:
    """Return the form for the rule that the request has chosen, if any."""
    offered = [kind for kind in RULES if kind.key not in FIXED or parameters_of(kind)]
    kind = next((each for each in offered if each.key == form.get("rule")), None)
    now = None if kind is None else row_of(_rule_now(kind, ward), ward, language())
    return RuleQuestion(
        kinds=sorted(
            ((each.key, name_of(each.key, language())) for each in offered), key=lambda pair: pair[1]
        ),
        now=None if kind is None or kind.repeated else now,
        row=None if now is None else as_said(now, form),
        people=ward.employees,
        said=form,
        faults=faults,
    )


def said_change(form: Form, ward: WardData) -> tuple[dict[str, Any], list[FaultLine]]:
    """Return the change of a rule that a form says, as JSON, and what of it cannot be read."""
    kind = BY_KEY.get(form.get("rule", ""))
    if kind is None:
        return {}, [FaultLine("rule", _("Rule"), _("Choose a rule."))]
    line, wrong = said_line(form, kind, ward.rules)
    wrong |= {name: form[name] for name in _DATES if not _is_date(form.get(name, ""))}
    if line is None or wrong:
        return {}, unreadable(wrong)
    change: dict[str, Any] = {"kind": "rule", "rule": kind.key, "level": line.level.value}
    change["parameters"] = dict(line.parameters)
    if line.level is Level.SOFT:
        change["weight"] = line.weight
    given = {name: form.get(name, "") for name in ("employee", "other", *_DATES)}
    return change | {name: text for name, text in given.items() if text}, []


def change_faults(form: Form, faults: Iterable[Fault]) -> list[FaultLine]:
    """Return what does not fit the period, each with its field of the form."""
    line = RuleSetting(form.get("rule", ""), Level.OFF)
    return [fault_line(line, replace(fault, field=fault.field.rpartition(".")[2])) for fault in faults]


def figures_text(rule: str, figures: Mapping[str, str]) -> list[tuple[Text, str]]:
    """Return the figures of a stored change by name, as they are entered and with their units."""
    return [(FIGURES.get(name, name), figure_shown(rule, name, text)) for name, text in figures.items()]


def _rule_now(kind: type[WardRule], ward: WardData) -> WardRule:
    """Return a rule as it holds for everybody; of one that there may be several of, a new one."""
    lines = (line for line in ward.settings if line.rule == kind.key and not is_own(line))
    line = next(lines, None)
    if line is not None:
        return rule_of(line, ward.rules)
    if kind.repeated:
        level = next(each for each in (Level.SOFT, Level.HARD) if each in kind.levels)
        return usual_rule(kind, ward.rules, level=level)
    return usual_rule(kind, ward.rules)


def _is_date(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False
