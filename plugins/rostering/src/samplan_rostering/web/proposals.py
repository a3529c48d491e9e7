"""Changes of a roster's cells as a form carries them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from samplan.plugin_api import Invalid, _
from samplan_rostering.domain.explain.effect import CellChange

MOST_CHANGES = 2000


def packed(changes: Iterable[CellChange]) -> str:
    """Return changes as the text of a form's field."""
    cells = [[change.employee, change.day, change.before, change.after] for change in changes]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> tuple[CellChange, ...]:
    """Return the changes of a form's field; raises `Invalid` for what `packed` has not made."""
    try:
        cells = json.loads(text)
    except ValueError:
        cells = None
    if isinstance(cells, list) and len(cells) <= MOST_CHANGES and all(map(_is_change, cells)):
        return tuple(CellChange(*cell) for cell in cells)
    message = _("a list of changes: employee, day, shift before and shift after")
    raise Invalid(_("The changes did not arrive whole. Go back and try again."), {"changes": [message]})


def _is_change(cell: object) -> bool:
    return (
        isinstance(cell, list)
        and len(cell) == 4
        and type(cell[1]) is int
        and all(isinstance(cell[place], str) for place in (0, 2, 3))
    )
