"""Which unit may stand below which: pure rules of the organisation tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from samplan.organisation.models import UNIT_KINDS

ROOT = "region"
CODE_LENGTH, NAME_LENGTH = 60, 200
_RANK = {kind: rank for rank, kind in enumerate(UNIT_KINDS)}

Broken = Literal["second_root", "parent_needed", "no_parent", "unknown_parent", "level", "parent_inactive"]
"""What can be wrong with the place of a unit; each has a text in `samplan.organisation.texts`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's kind, the code of the unit above it, and whether it is in use."""

    kind: str
    parent: str | None
    active: bool = True


def kinds_above(kind: str) -> tuple[str, ...]:
    """Return the kinds of unit that may stand directly above `kind`, from the top."""
    return UNIT_KINDS[: _RANK[kind]]


def kinds_below(kind: str) -> tuple[str, ...]:
    """Return the kinds of unit that may stand directly below `kind`, from the top."""
    return UNIT_KINDS[_RANK[kind] + 1 :]


def broken_places(tree: Mapping[str, Place]) -> Iterator[tuple[str, Broken]]:
    """Yield each unit whose place in the tree is wrong, and why.

    A unit stands below one of a higher level, so that no unit can come to stand below itself.
    """
    roots = [code for code, place in tree.items() if place.kind == ROOT]
    for code, place in tree.items():
        if place.kind == ROOT:
            if place.parent is not None:
                yield code, "no_parent"
            elif code != roots[0]:
                yield code, "second_root"
            continue
        if place.parent is None:
            yield code, "parent_needed"
        elif place.parent not in tree:
            yield code, "unknown_parent"
        else:
            above = tree[place.parent]
            if above.kind not in kinds_above(place.kind):
                yield code, "level"
            elif place.active and not above.active:
                yield code, "parent_inactive"
