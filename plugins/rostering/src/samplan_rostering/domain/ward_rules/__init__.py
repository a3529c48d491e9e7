"""The rules of a ward, one class a rule, each judged on instants here and compiled in `solver.ward_rules`.

`RULES` lists the classes; `rule_set` gives the rules of a ward with their figures.
"""

from samplan_rostering.domain.ward_rules.base import Breach, WardRule
from samplan_rostering.domain.ward_rules.case import Case, Person
from samplan_rostering.domain.ward_rules.profile import RuleSet, rule_set
from samplan_rostering.domain.ward_rules.registry import BY_KEY, RULES

__all__ = ["BY_KEY", "RULES", "Breach", "Case", "Person", "RuleSet", "WardRule", "rule_set"]
