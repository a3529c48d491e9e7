"""Changes of a scenario in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from samplan_rostering import scenario_words as words
from samplan_rostering.domain.scenario.apply import KINDS
from samplan_rostering.web.scenarios.change_form import choice_text, weekdays
from samplan_rostering.web.scenarios.rule_change import figures_text


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change: what it is called, and its values by name."""

    title: str
    values: tuple[tuple[str, str], ...]


def change_lines(content: Mapping[str, Any]) -> ChangeLine:
    """Return a stored change in words."""
    kind = str(content.get("kind", ""))
    title = str(words.KINDS[kind][0]) if kind in words.KINDS else kind
    order = [item.name for item in fields(KINDS[kind])] if kind in KINDS else list(content)
    values: list[tuple[str, str]] = []
    for name in (name for name in order if name in content and name != "kind"):
        if name == "parameters" and isinstance(content[name], Mapping):
            figures = figures_text(str(content.get("rule", "")), content[name])
            values += [(str(label), text) for label, text in figures if text]
        else:
            values.append((str(words.FIELDS.get(name, name)), _text(name, content[name])))
    return ChangeLine(title, tuple(values))


def _text(name: str, value: Any) -> str:
    if name == "weekdays" and isinstance(value, list):
        return ", ".join(weekdays()[day] for day in value)
    if isinstance(value, list):
        return ", ".join(choice_text(str(item)) for item in value)
    return choice_text(value) if isinstance(value, str) else str(value)
