"""Rows of a large table whose cells are mostly alike: each kind of cell is written once a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from markupsafe import Markup, escape


class Cell(Protocol):
    """A cell of a table; cells of the same look are written in the same way, but for what their row says."""

    @property
    def look(self) -> Hashable:
        """What the cell shows."""


class Stencil:
    """What a macro writes of cells, kept by their looks.

    The macro takes a cell, what the page says of all (`given`), and by name what the rows say.
    """

    def __init__(self, macro: Callable[..., Markup], *given: object) -> None:
        self._macro, self._given = macro, given
        self._kept: dict[Hashable, Markup] = {}

    def row(self, cells: Iterable[Cell], **said: object) -> Markup:
        """Return the cells of a row; what is said is empty in every row or in none."""
        kept, parts = self._kept, []
        for cell in cells:
            look = cell.look
            if look not in kept:
                kept[look] = self._macro(
                    cell, *self._given, **{name: _blank(name, said[name]) for name in said}
                )
            parts.append(kept[look])
        text = "".join(parts)
        for name, value in said.items():
            text = text.replace(_blank(name, value) or "\0", escape(value))
        return Markup(text)  # noqa: S704 - of macros, which escape, and of escaped values


def _blank(name: str, value: object) -> str:
    """Return what stands for a value in what is kept: a mark that no text from the database can hold."""
    return f"\0{name}\0" if value else ""
