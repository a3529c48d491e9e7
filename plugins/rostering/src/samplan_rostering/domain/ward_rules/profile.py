"""Which rules a ward has, with their figures: what is usual, the sheet of limits, and the rule profile."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, time
from types import MappingProxyType, NoneType
from typing import Any, get_args, get_type_hints

from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.rule_setting import RuleSetting
from samplan_rostering.domain.ward import RuleProfile, WardData
from samplan_rostering.domain.ward_rules.base import RosterRule, WardRule
from samplan_rostering.domain.ward_rules.case import Case
from samplan_rostering.domain.ward_rules.fairness import CarriedBalance
from samplan_rostering.domain.ward_rules.notice import Notice
from samplan_rostering.domain.ward_rules.permissions import Permission, Permissions
from samplan_rostering.domain.ward_rules.registry import BY_KEY, RULES
from samplan_rostering.domain.ward_rules.rest import LongShift, ShortRest

_COMMON = frozenset(item.name for item in fields(WardRule))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a ward that change anything, and the permissions that they are judged by."""

    rules: tuple[RosterRule, ...]
    permissions: Permissions
    carried: Mapping[tuple[str, str], int]
    """Balance from earlier periods by the key of the rule that shares and the employee."""
    notice: Notice

    def case(self, ward: WardData, guests: Collection[Guest] = ()) -> Case:
        """Return an empty roster of the ward, to be judged by these rules."""
        return Case(ward, self.permissions, self.carried, guests)


def rule_set(ward: WardData) -> RuleSet:
    """Return the rules of a valid ward."""
    rules = [rule for rule in all_rules(ward) if rule.active and rule.touches(ward.period)]
    return RuleSet(
        tuple(rule for rule in rules if isinstance(rule, RosterRule)),
        Permissions(
            tuple(_permission(rule) for rule in rules if isinstance(rule, ShortRest)),
            tuple(_permission(rule) for rule in rules if isinstance(rule, LongShift)),
        ),
        MappingProxyType(_carried(rule for rule in rules if isinstance(rule, CarriedBalance))),
        next((rule for rule in rules if isinstance(rule, Notice) and rule.employee is None), Notice(days=0)),
    )


def all_rules(ward: WardData) -> list[WardRule]:
    """Return every rule with its figures, also those that are off; several of one class where so set."""
    settings: dict[str, list[RuleSetting]] = defaultdict(list)
    for setting in ward.settings:
        settings[setting.rule].append(setting)
    found: list[WardRule] = []
    hired = ward.hired
    for kind in RULES:
        own = settings[kind.key]
        personal = frozenset() if kind.repeated else frozenset(s.employee for s in own if s.employee)
        personal |= hired if kind.spares_hired else frozenset()
        if kind.repeated or any(setting.employee is None for setting in own):
            found += [rule_of(setting, ward.rules, personal) for setting in own if setting.employee is None]
        else:
            found.append(usual_rule(kind, ward.rules, personal))
        found += [rule_of(setting, ward.rules) for setting in own if setting.employee is not None]
    return found


def usual_rule(
    kind: type[WardRule], sheet: RuleProfile, exempt: frozenset[str] = frozenset(), **other: Any
) -> WardRule:
    """Return a rule with its usual figures and those of the sheet of limits, and others as given."""
    figures = {name: getattr(sheet, of_sheet) for name, of_sheet in kind.sheet.items()}
    return kind(**{"level": kind.usual, "exempt": exempt, **figures, **other})


def rule_of(setting: RuleSetting, sheet: RuleProfile, exempt: frozenset[str] = frozenset()) -> WardRule:
    """Return the rule that a line of the profile sets.

    Raises:
        KeyError: there is no such rule.
        ValueError: a figure is unknown or cannot be read; the message names it.
    """
    kind = BY_KEY[setting.rule]
    known = parameters_of(kind)
    given: dict[str, Any] = {}
    for name, text in setting.parameters:
        if name not in known:
            raise ValueError(name)
        try:
            given[name] = read_value(known[name], text)
        except ValueError:
            raise ValueError(name) from None
    if setting.weight is not None:
        given["weight"] = setting.weight
    return usual_rule(
        kind,
        sheet,
        exempt if setting.employee is None else frozenset(),
        level=setting.level,
        employee=setting.employee,
        other=setting.other,
        valid_from=setting.valid_from,
        valid_to=setting.valid_to,
        **given,
    )


def parameters_of(kind: type[WardRule]) -> dict[str, Any]:
    """Return the figures that a rule has of its own, with their types."""
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind) if item.name not in _COMMON}


def defaults_of(kind: type[WardRule]) -> dict[str, Any]:
    """Return the usual values of the figures that a rule has of its own."""
    own = (item for item in fields(kind) if item.name not in _COMMON)
    return {item.name: None if item.default is MISSING else item.default for item in own}


def read_value(kind: Any, text: str) -> Any:
    """Return a figure written as text, of the type asked for; raises ValueError when it is not one."""
    kinds = get_args(kind)
    if NoneType in kinds:
        return None if not text else read_value(next(k for k in kinds if k is not NoneType), text)
    if kind in {time, date}:
        return kind.fromisoformat(text)
    if kinds:  # tuple[str, ...]
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return kind(text)


def write_value(value: Any) -> str:
    """Return a figure as text that `read_value` reads."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.isoformat("minutes") if isinstance(value, time) else str(value)


def _permission(rule: ShortRest | LongShift) -> Permission:
    return Permission(rule.minutes, rule.employee, rule.valid_from or date.max, rule.valid_to or date.min)


def _carried(rules: Iterable[CarriedBalance]) -> dict[tuple[str, str], int]:
    carried: dict[tuple[str, str], int] = defaultdict(int)
    for rule in rules:
        for key, count in rule.by_rule().items():
            carried[key, rule.employee or ""] += count
    return dict(carried)
