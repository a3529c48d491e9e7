"""What an optimisation is to put first: named sets of weights, each relative to the ward's own.

A goal holds for one search. What is stored of its roster, and compared, is priced by the ward's own weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.domain.ward_rules.hours import Cost
from samplan_rostering.domain.ward_rules.profile import all_rules, usual_rule

MOST = 100_000
"""The largest weight that a ward may have."""


class GoalName(StrEnum):
    """What to put first."""

    BALANCED = "balanced"
    COVERAGE = "coverage"
    WISHES = "wishes"
    FAIRNESS = "fairness"
    COST = "cost"
    LEAST_CHANGE = "least_change"


@dataclass(frozen=True, slots=True)
class Goal:
    """Factors of weights: of the sheet of limits by field, and of rules by key.

    `hour_price` is what an hour costs at least, for a ward without rates, and `change_price` what each cell
    costs that is not as in the roster to start from.
    """

    sheet: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    hour_price: int = 0
    change_price: int = 0


GOALS: Mapping[GoalName, Goal] = MappingProxyType(
    {
        GoalName.BALANCED: Goal(),
        GoalName.COVERAGE: Goal({"weight_under_minimum": 5, "weight_under_target": 5}),
        GoalName.WISHES: Goal({"weight_wish": 10}, {"uneven_wishes": 5}),
        GoalName.FAIRNESS: Goal(
            {
                "weight_uneven_nights": 8,
                "weight_uneven_weekends": 8,
                "weight_weekend_over": 4,
                "weight_weekend_adjacent": 4,
            },
            {"uneven_holidays": 8, "uneven_wishes": 8},
        ),
        GoalName.COST: Goal({"weight_over_maximum": 3}, hour_price=2),
        GoalName.LEAST_CHANGE: Goal(change_price=50),
    }
)


def with_goal(ward: WardData, name: GoalName) -> WardData:
    """Return a ward with the weights that a goal asks for; its hard rules are as they were."""
    goal = GOALS[name]
    weights = {of: _times(getattr(ward.rules, of), factor) for of, factor in goal.sheet.items()}
    by_rule = {**_of_sheet(goal), **goal.rules}
    settings = tuple(
        setting
        if setting.weight is None
        else replace(setting, weight=_times(setting.weight, by_rule.get(setting.rule, 1)))
        for setting in ward.settings
    )
    ward = replace(ward, rules=replace(ward.rules, **weights), settings=settings)
    for key, factor in goal.rules.items():
        ward = _weighted(ward, key, factor)
    return _priced(ward, goal.hour_price) if goal.hour_price else ward


def _times(weight: int, factor: int) -> int:
    return min(weight * factor, MOST)


def _of_sheet(goal: Goal) -> dict[str, int]:
    """Return the factors of the sheet's weights by the rules that have them."""
    return {
        kind.key: goal.sheet[kind.sheet["weight"]]
        for kind in BY_KEY.values()
        if kind.sheet.get("weight") in goal.sheet
    }


def _weighted(ward: WardData, key: str, factor: int) -> WardData:
    """Return a ward in which a rule has a weight, where no line says one for everybody already."""
    kind = BY_KEY[key]
    if kind.usual is Level.OFF or any(s.rule == key and s.employee is None for s in ward.settings):
        return ward
    usual = usual_rule(kind, ward.rules)
    line = RuleSetting(key, Level.SOFT, weight=_times(usual.weight, factor))
    return replace(ward, settings=(*ward.settings, line))


def _priced(ward: WardData, hour: int) -> WardData:
    """Return a ward in which hours cost: by its own rates, or each the same where it has none."""
    rates = [rule for rule in all_rules(ward) if isinstance(rule, Cost)]
    if any(rule.active and rule.rated for rule in rates):
        return ward
    lines = tuple(s for s in ward.settings if s.rule != Cost.key)
    own = [s for s in ward.settings if s.rule == Cost.key and s.parameters]
    priced = tuple(replace(s, level=Level.SOFT, weight=max(s.weight or 1, 1)) for s in own) or (
        RuleSetting(Cost.key, Level.SOFT, weight=1, parameters=(("hour", str(hour)),)),
    )
    return replace(ward, settings=(*lines, *priced))
