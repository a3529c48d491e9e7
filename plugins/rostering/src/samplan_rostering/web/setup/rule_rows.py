"""The rules of a profile as rows of its page, and what a form of them says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from types import MappingProxyType
from typing import Any

from samplan.plugin_api import Language, Text, _l
from samplan_rostering import labels
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import RuleProfile, WardData
from samplan_rostering.domain.ward_rules import BY_KEY, RULES, WardRule
from samplan_rostering.domain.ward_rules.bounds import BOUNDS, FIXED, Bounds, Group, Unit, group_of
from samplan_rostering.domain.ward_rules.profile import (
    parameters_of,
    read_value,
    rule_of,
    usual_rule,
    write_value,
)
from samplan_rostering.rule_words import (
    FIGURES,
    LEVELS,
    REFERENCES,
    TEXTS,
    TO_BE_CONFIRMED,
    UNITS,
    WHY,
    source_name,
)
from samplan_rostering.web.forms import minutes_of
from samplan_rostering.workbook.rule_sheets import RULE_LABELS

Form = Mapping[str, Any]
ORDER = (Level.OFF, Level.SOFT, Level.HARD)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a rule: how it is asked for, and its limits."""

    name: str
    label: Text
    value: str
    kind: str
    bounds: Bounds | None = None
    choices: tuple[tuple[str, Text], ...] = ()

    @property
    def chosen(self) -> frozenset[str]:
        """The chosen ones of several choices."""
        return frozenset(part.strip() for part in self.value.split(","))

    @property
    def unit(self) -> Text:
        """What the figure counts."""
        return "" if self.bounds is None else UNITS[self.bounds.unit]

    @property
    def limits(self) -> str:
        """From what to what the figure may be set."""
        return "" if self.bounds is None else "–".join(bounds_shown(self.bounds))


def bounds_shown(bounds: Bounds) -> tuple[str, str]:
    """Return the limits of a figure as it is entered: lengths of time in hours and minutes."""
    show = labels.clock_minutes if bounds.unit is Unit.MINUTES else str
    return show(bounds.low), show(bounds.high)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page shows it."""

    key: str
    name: str
    text: Text
    source: Text
    to_be_confirmed: bool
    group: Group
    level: Level
    levels: tuple[tuple[str, Text], ...]
    weight: int
    why: Text | None
    figures: tuple[Figure, ...]
    changed: bool

    @property
    def level_label(self) -> Text:
        """What the level is called."""
        return LEVELS[self.level]

    @property
    def weighed(self) -> bool:
        """Whether breaches may have a price."""
        return any(value == Level.SOFT for value, _ in self.levels)


def rows_of(lines: Mapping[str, RuleSetting], ward: WardData, language: Language) -> list[RuleRow]:
    """Return every rule that there is once, for everybody, with the figures that the lines give it."""
    found = []
    for kind in RULES:
        if kind.repeated:
            continue
        line = lines.get(kind.key)
        rule = usual_rule(kind, ward.rules) if line is None else rule_of(line, ward.rules)
        found.append(row_of(rule, ward, language, changed=line is not None))
    return found


def row_of(rule: WardRule, ward: WardData, language: Language, *, changed: bool = False) -> RuleRow:
    """Return a rule as a row."""
    fixed = FIXED.get(rule.key)
    allowed = [level for level in ORDER if level in rule.levels and (fixed is None or level is Level.HARD)]
    if rule.repeated:
        allowed = [level for level in allowed if level is not Level.OFF]
    level = rule.level if fixed is None else Level.HARD
    return RuleRow(
        key=rule.key,
        name=name_of(rule.key, language),
        text=TEXTS[rule.key],
        source=source_name(rule.source),
        to_be_confirmed=rule.source in TO_BE_CONFIRMED,
        group=group_of(type(rule)),
        level=level,
        levels=tuple((each.value, LEVELS[each]) for each in allowed),
        weight=rule.weight,
        why=None if fixed is None else WHY[fixed],
        figures=tuple(_figure(rule, name, hint, ward) for name, hint in parameters_of(type(rule)).items()),
        changed=changed,
    )


def name_of(key: str, language: Language) -> str:
    """Return what a rule is called."""
    return RULE_LABELS[key].to(language)


def grouped(rows: Iterable[RuleRow]) -> list[tuple[Group, list[RuleRow]]]:
    """Return the rows by where they come from."""
    kept = list(rows)
    return [(group, [row for row in kept if row.group is group]) for group in Group]


def said_lines(form: Form, sheet: RuleProfile) -> tuple[list[RuleSetting], dict[str, str]]:
    """Return what a form says of the rules that there are once, and the fields that cannot be read."""
    lines: list[RuleSetting] = []
    wrong: dict[str, str] = {}
    for kind in RULES:
        if not kind.repeated:
            line, faults = said_line(form, kind, sheet)
            wrong |= faults
            if line is not None:
                lines.append(line)
    return lines, wrong


def said_line(
    form: Form, kind: type[WardRule], sheet: RuleProfile
) -> tuple[RuleSetting | None, dict[str, str]]:
    """Return what a form says of one rule, and the fields that cannot be read, with what stands there."""
    key = kind.key
    wrong: dict[str, str] = {}
    usual = usual_rule(kind, sheet)
    level = Level.HARD if key in FIXED else _level(form.get(f"level.{key}", usual.level), wrong, key)
    weight = _weight(form.get(f"weight.{key}"), usual.weight, wrong, key)
    figures = {}
    for name, hint in parameters_of(kind).items():
        field = f"figure.{key}.{name}"
        if field not in form and f"{field}.asked" not in form:
            figures[name] = write_value(getattr(usual, name))
            continue
        many: Any = getattr(form, "getlist", None)
        text = ", ".join(many(field)) if many else str(form.get(field, ""))
        try:
            figures[name] = (
                _minutes(text) if _timed(key, name) else write_value(read_value(hint, text.strip()))
            )
        except ValueError:
            wrong[field] = text
    if wrong or level is None:
        return None, wrong
    return RuleSetting(key, level, weight, parameters=tuple(sorted(figures.items()))), {}


def as_said(row: RuleRow, form: Form) -> RuleRow:
    """Return a row with what a form says in the place of what it says itself, also where that is wrong."""
    many: Any = getattr(form, "getlist", None)
    figures = []
    for figure in row.figures:
        field = f"figure.{row.key}.{figure.name}"
        asked = field in form or f"{field}.asked" in form
        text = ", ".join(many(field)) if many else str(form.get(field, ""))
        figures.append(replace(figure, value=text) if asked else figure)
    level = next((each for each in Level if each == form.get(f"level.{row.key}")), row.level)
    weight = str(form.get(f"weight.{row.key}", ""))
    return replace(
        row,
        level=level,
        weight=int(weight) if weight.isdecimal() and len(weight) < 8 else row.weight,
        figures=tuple(figures),
    )


def figure_shown(rule: str, name: str, text: str) -> str:
    """Return a stored figure as it is entered, with its unit."""
    bounds = BOUNDS.get((rule, name))
    if bounds is None:
        return text
    timed = bounds.unit is Unit.MINUTES and text.isdecimal()
    return f"{labels.clock_minutes(int(text)) if timed else text} {UNITS[bounds.unit]}"


def fault_field(line: RuleSetting, field: str, names: str) -> str:
    """Return the field of the form that a fault of the profile is about."""
    if field in {"level", "weight"}:
        return f"{field}.{line.rule}"
    if field == "parameters":
        known = [name for name in parameters_of(BY_KEY[line.rule]) if name in names.split(", ")]
        name = known[0] if known else next(iter(parameters_of(BY_KEY[line.rule])), "")
        return f"figure.{line.rule}.{name}"
    return field


def _timed(key: str, name: str) -> bool:
    """Tell whether a figure is a length of time."""
    bounds = BOUNDS.get((key, name))
    return bounds is not None and bounds.unit is Unit.MINUTES


def _minutes(text: str) -> str:
    """Return hours and minutes as the minutes that are stored; raises `ValueError` for what is none."""
    read = minutes_of(text)
    if read is None:
        raise ValueError(text)
    return str(read)


def _level(text: object, wrong: dict[str, str], key: str) -> Level | None:
    try:
        return Level(str(text))
    except ValueError:
        wrong[f"level.{key}"] = str(text)
        return None


def _weight(text: object, usual: int, wrong: dict[str, str], key: str) -> int:
    if text is None:
        return usual
    try:
        return int(str(text).strip())
    except ValueError:
        wrong[f"weight.{key}"] = str(text)
        return usual


_SEVERAL: Mapping[str, Mapping[Any, Text]] = MappingProxyType(
    {"meal_breaks": labels.SHIFT_KINDS, "roster_types": labels.ROSTER_TYPES}
)


def _figure(rule: WardRule, name: str, hint: Any, ward: WardData) -> Figure:
    bounds = BOUNDS.get((rule.key, name))
    figure = Figure(name, FIGURES[name], write_value(getattr(rule, name)), "text", bounds)
    if bounds is not None and bounds.unit is Unit.MINUTES:
        return replace(figure, kind="text", value=labels.clock_minutes(int(figure.value)))
    if bounds is not None:
        return replace(figure, kind="number")
    if hint is time:
        return replace(figure, kind="time")
    if name in _SEVERAL:
        return replace(figure, kind="several", choices=_named(_SEVERAL[name]))
    return _chosen(figure, name, hint, ward)


def _chosen(figure: Figure, name: str, hint: Any, ward: WardData) -> Figure:
    """Return a figure with what may be chosen for it, where that is known."""
    if name == "reference":
        return replace(figure, kind="choice", choices=_named(REFERENCES))
    if name in {"shift", "skill"}:
        rows = ward.shift_types if name == "shift" else ward.skills
        each: tuple[tuple[str, Text], ...] = () if hint is str else (("", _l("each")),)
        named = tuple((row.code, f"{row.code} {row.name}".strip()) for row in rows)
        return replace(figure, kind="choice", choices=each + named)
    return figure


def _named(names: Mapping[Any, Text]) -> tuple[tuple[str, Text], ...]:
    return tuple(
        (str(value.value if hasattr(value, "value") else value), text) for value, text in names.items()
    )
