"""Functions of the module's templates, there called `agency_…`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from samplan.plugin_api import Text
from samplan_agency import labels

_KINDS: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "category": labels.CATEGORIES,
        "time_class": labels.TIME_CLASSES,
        "reason": labels.REASONS,
        "deviation": labels.DEVIATION_STATES,
    }
)


def label(kind: str, code: str) -> Text:
    """Return what a code is called; the code itself when it is not known."""
    return _KINDS[kind].get(code, code)


FUNCTIONS: tuple[Callable[..., Any], ...] = (label,)
"""What the templates may call."""
