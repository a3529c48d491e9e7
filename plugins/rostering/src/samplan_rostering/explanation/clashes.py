"""Clashes of rules, locked cells and requirements in words, and as values that JSON can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samplan.plugin_api import _
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.parts import part_text
from samplan_rostering.explanation.words import Words
from samplan_rostering.solver.explain.clash import Clash, ClashPart, Explanation, Verdict
from samplan_rostering.solver.explain.needs import needs_of
from samplan_rostering.solver.problem import Problem


@dataclass(frozen=True, slots=True)
class ClashWords:
    """A problem with the words of what it was made from, and the skill of each need."""

    problem: Problem
    words: Words
    skills: Sequence[str | None]

    @classmethod
    def of_ward(cls, problem: Problem, ward: WardData) -> ClashWords:
        """Return the words of a ward's problem."""
        return cls(problem, Words.of_ward(ward), [row.skill for _day, row in needs_of(ward)])

    def value(self, explanation: Explanation) -> dict[str, Any]:
        """Return an explanation as values that JSON can hold, with its words."""
        return {
            "verdict": explanation.verdict.value,
            "text": self.verdict(explanation),
            "clashes": [self.clash(clash) for clash in explanation.clashes],
        }

    def clash(self, clash: Clash) -> dict[str, Any]:
        """Return a clash as values that JSON can hold."""
        return {"minimal": clash.minimal, "parts": [self._value(part) for part in clash.parts]}

    def verdict(self, explanation: Explanation) -> str:
        """Return in a sentence what was found out."""
        if explanation.verdict is Verdict.POSSIBLE:
            return _("All rules that were asked about can be kept together.")
        if explanation.verdict is Verdict.UNKNOWN:
            return _("It was not found out in time whether all rules can be kept together.")
        return _("These cannot all be kept; to leave out or ease any one of them is enough for each list:")

    def part(self, part: ClashPart) -> str:
        """Return a part of a clash in words."""
        return part_text(self.part_value(part), self.words)

    def part_value(self, part: ClashPart) -> dict[str, Any]:
        """Return a part of a clash as values, without words."""
        employee = None if part.employee is None else self.problem.employees[part.employee].id
        skill = self.skills[part.needs[0]] if part.needs and self.skills else None
        return {
            "rule": None if part.rule is None else part.rule.value,
            "employee": employee,
            "days": list(part.days),
            "shift": None if part.shift is None else self.problem.shifts[part.shift],
            "skill": skill,
            "measured": part.measured,
            "limit": part.limit,
        }

    def _value(self, part: ClashPart) -> dict[str, Any]:
        return {**self.part_value(part), "text": self.part(part)}
