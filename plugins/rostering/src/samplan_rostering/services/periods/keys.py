"""The keys behind the codes of an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Keys:
    """The ids of what a ward's rows refer to by code; `added` are the employees who are new."""

    employees: Mapping[str, UUID]
    added: frozenset[UUID]
    shifts: Mapping[str, UUID]
    skills: Mapping[str, UUID]
