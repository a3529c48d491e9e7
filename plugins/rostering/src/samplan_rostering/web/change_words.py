"""Changes of a scenario in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from samplan_rostering import scenario_words as words
from samplan_rostering.domain.scenario.apply import KINDS
from samplan_rostering.web.change_form import choice_text, weekdays


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
    values = [
        (str(words.FIELDS.get(n, n)), _text(n, content[n])) for n in order if n in content and n != "kind"
    ]
    return ChangeLine(title, tuple(values))


def _text(name: str, value: Any) -> str:
    if name == "weekdays" and isinstance(value, list):
        return ", ".join(weekdays()[day] for day in value)
    if isinstance(value, list):
        return ", ".join(choice_text(str(item)) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={item}" for key, item in value.items())
    return choice_text(value) if isinstance(value, str) else str(value)
