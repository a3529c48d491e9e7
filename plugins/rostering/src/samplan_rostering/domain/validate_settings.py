"""Find what is wrong with the rule profile: before searching, and in plain terms."""

from collections.abc import Iterator

from samplan_rostering.domain.faults import Expected, Fault
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import BY_KEY, WardRule
from samplan_rostering.domain.ward_rules.bounds import loosened
from samplan_rostering.domain.ward_rules.patterns import ANY, FREE
from samplan_rostering.domain.ward_rules.profile import parameters_of, rule_of
from samplan_rostering.domain.ward_rules.rest import LongShift

MOST = 100_000
"""The largest weight and figure; what a roster costs stays far from what numbers can hold exactly."""
_COLUMNS = frozenset({"employee", "other", "valid_from", "valid_to"})


def check_settings(ward: WardData) -> Iterator[Fault]:
    """Yield every fault of the rule profile."""
    seen: set[tuple[str, str | None]] = set()
    for index, setting in enumerate(ward.settings):
        kind = BY_KEY.get(setting.rule)
        if kind is None:
            yield _fault(index, "rule", setting.rule, Expected.KNOWN_RULE)
            continue
        yield from _frame(ward, index, setting)
        if setting.level not in kind.levels:
            levels = ", ".join(sorted(kind.levels))
            yield _fault(index, "level", setting.level, Expected.LEVEL, levels=levels)
        if not kind.repeated and (setting.rule, setting.employee) in seen:
            yield _fault(index, "rule", setting.rule, Expected.UNIQUE)
        seen.add((setting.rule, setting.employee))
        try:
            rule = rule_of(setting, ward.rules)
        except ValueError as error:
            names = ", ".join(parameters_of(kind))
            yield _fault(index, "parameters", str(error), Expected.FIGURES, names=names)
            continue
        yield from _loosened(index, rule)
        if setting.level is not Level.OFF:
            yield from _figures(ward, index, rule)


def longest_permitted(ward: WardData) -> int:
    """Return how long a shift type may be: by the limit, or by a permission for longer ones."""
    permitted = [_minutes(ward, setting) for setting in ward.settings if setting.rule == LongShift.key]
    return max([ward.rules.max_shift_minutes, *permitted])


def _minutes(ward: WardData, setting: RuleSetting) -> int:
    try:
        rule = rule_of(setting, ward.rules)
    except ValueError:
        return 0
    return rule.minutes if isinstance(rule, LongShift) and rule.active else 0


def _fault(index: int, field: str, value: str, expected: Expected, **data: str) -> Fault:
    return Fault("setting", index, field, value, expected, data)


def _loosened(index: int, rule: WardRule) -> Iterator[Fault]:
    """Check that law and agreement are kept, and that figures are within their limits."""
    for item in loosened(rule):
        field = item.field if item.field in _COLUMNS | {"level"} else "parameters"
        value = getattr(rule, item.field)
        if item.bounds is None:
            yield _fault(index, field, _shown(value), Expected.KEPT, why=item.why or "", names=item.field)
        elif rule.level is not Level.OFF:
            limits = {"low": str(item.bounds.low), "high": str(item.bounds.high), "names": item.field}
            yield _fault(index, field, _shown(value), Expected.BETWEEN, **limits)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _frame(ward: WardData, index: int, setting: RuleSetting) -> Iterator[Fault]:
    """Check what every line has: people, weight and dates."""
    known = {employee.code for employee in ward.employees}
    for name, who in (("employee", setting.employee), ("other", setting.other)):
        if who is not None and who not in known:
            yield _fault(index, name, who, Expected.KNOWN_EMPLOYEE)
    if setting.weight is not None and not 0 <= setting.weight <= MOST:
        yield _fault(index, "weight", str(setting.weight), Expected.BETWEEN, low="0", high=str(MOST))
    first, last = setting.valid_from, setting.valid_to
    if first is not None and last is not None and last < first:
        yield _fault(index, "valid_to", last.isoformat(), Expected.NOT_BEFORE, earliest=first.isoformat())


def _figures(ward: WardData, index: int, rule: WardRule) -> Iterator[Fault]:
    for name in rule.faults():
        value = getattr(rule, name)
        field = name if name in _COLUMNS else "parameters"
        yield _fault(index, field, "" if value is None else str(value), Expected.SOUND, names=name)
    shifts, skills = {s.code for s in ward.shift_types}, {s.code for s in ward.skills}
    for name in parameters_of(type(rule)):
        value = getattr(rule, name)
        if type(value) is int and not -MOST <= value <= MOST:
            limits = {"low": str(-MOST), "high": str(MOST)}
            yield _fault(index, "parameters", str(value), Expected.BETWEEN, **limits)
        if name in {"pattern", "then"}:
            for token in value.split():
                if token not in shifts | {ANY, FREE}:
                    yield _fault(index, "parameters", token, Expected.KNOWN_SHIFT)
        if name == "shift" and value and value not in shifts:
            yield _fault(index, "parameters", value, Expected.KNOWN_SHIFT)
        if name == "skill" and value and value not in skills:
            yield _fault(index, "parameters", value, Expected.KNOWN_SKILL)
