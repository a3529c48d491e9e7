"""Walk a sheet's XML once, under limits, for what the workbook library does not tell.

That is: how far the filled cells reach, formula errors, formulas that were never computed, and
merged cells. Reading stops at the first limit, so a sheet of a million rows costs no more than
one of the allowed size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from samplan.imports.faults import column_number

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COMPUTED_TEXT = frozenset({"str", "s", "inlineStr"})
_MOST_TEXTS = 1_000_000  # distinct shared texts
_MOST_MARKS = 10_000  # errors, uncomputed formulas or merged cells kept of one sheet: more help nobody

Place = tuple[int, int]
"""Row and column of a cell, both counted from 1."""


class BrokenPart(Exception):
    """A part of the workbook is not what the format says."""


class LimitReached(Exception):
    """A sheet goes beyond a limit: `kind` is rows, columns, area or text."""

    def __init__(self, kind: str, place: Place) -> None:
        super().__init__(kind)
        self.kind = kind
        self.place = place


@dataclass(slots=True)
class Budget:
    """What the sheets of one workbook may use together; counted down while they are walked."""

    rows: int
    columns: int
    text_length: int
    area: int
    elements: int
    text_total: int


@dataclass(slots=True)
class SheetScan:
    """What was found in one sheet."""

    rows: int = 0
    columns: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    uncomputed: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def scan_sheet(xml: bytes, budget: Budget, shared: Sequence[int]) -> SheetScan:
    """Walk one sheet; `shared` holds the lengths of the shared texts.

    Raises LimitReached, or BrokenPart for XML that no spreadsheet program writes.
    """
    walker = _SheetWalker(budget, shared)
    _parse(xml, walker)
    budget.area -= walker.scan.rows * walker.scan.columns
    if budget.area < 0:
        raise LimitReached("area", (walker.scan.rows, walker.scan.columns))
    return walker.scan


def shared_lengths(xml: bytes) -> list[int]:
    """Return the length of each shared text of the workbook."""
    walker = _TextWalker()
    if xml:
        _parse(xml, walker)
    return walker.lengths


def check_no_doctype(xml: bytes) -> None:
    """Raise BrokenPart when the XML is malformed or defines a document type, as no workbook does."""
    _parse(xml, _Walker())


class _Walker:
    """Handlers that do nothing."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element, its name without prefix."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text between tags."""


def _parse(xml: bytes, walker: _Walker) -> None:
    parser = expat.ParserCreate("utf-8")  # whatever the part declares: so does the workbook library
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise BrokenPart

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: walker.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: walker.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = walker.text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise BrokenPart from error


class _TextWalker(_Walker):
    """Lengths of the shared texts."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the handler's signature
        """Begin a text."""
        if name == "si":
            self.lengths.append(0)
            if len(self.lengths) > _MOST_TEXTS:
                raise BrokenPart

    def text(self, text: str) -> None:
        """Add to the text that is open."""
        if self.lengths:
            self.lengths[-1] += len(text)


class _SheetWalker(_Walker):
    """Follows the cells of a sheet; a cell counts as filled when it has a value."""

    def __init__(self, budget: Budget, shared: Sequence[int]) -> None:
        self.scan = SheetScan()
        self._budget = budget
        self._shared = shared
        self._place: Place = (0, 0)
        self._kind = ""
        self._formula = self._filled = self._reading = False
        self._value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a cell stands and what it holds."""
        self._budget.elements -= 1
        if self._budget.elements < 0:
            raise LimitReached("area", self._place)
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self._place = (int(number) if number.isdecimal() else self._place[0] + 1, 0)
        elif name in {"v", "t"}:
            self._filled = self._reading = True
        elif name == "f":
            self._formula = True
        elif name == "mergeCell" and len(self.scan.merged) < _MOST_MARKS:
            self.scan.merged.append(_span(attributes.get("ref", "")))

    def end(self, name: str) -> None:
        """Judge a cell when it ends."""
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        """Keep the text of the value that is open."""
        if self._reading:
            self._value.append(text)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._place = _place(attributes["r"])
        else:
            self._place = (max(self._place[0], 1), self._place[1] + 1)
        self._kind = attributes.get("t", "")
        self._formula = self._filled = self._reading = False
        self._value.clear()

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._kind == "e":
            if len(self.scan.errors) < _MOST_MARKS:
                self.scan.errors[self._place] = value or "#N/A"
        elif self._formula and not value and self._kind not in _COMPUTED_TEXT:
            if len(self.scan.uncomputed) < _MOST_MARKS:
                self.scan.uncomputed.add(self._place)
        elif not self._filled:
            return
        self._spend_place()
        self._spend_text(value)

    def _spend_place(self) -> None:
        row, column = self._place
        self.scan.rows = max(self.scan.rows, row)
        self.scan.columns = max(self.scan.columns, column)
        if row > self._budget.rows:
            raise LimitReached("rows", self._place)
        if column > self._budget.columns:
            raise LimitReached("columns", self._place)

    def _spend_text(self, value: str) -> None:
        """Count a text as often as cells show it: a short file may show a long text very often."""
        length = len(value)
        if self._kind == "s":
            if not value.strip().isdecimal() or int(value) >= len(self._shared):
                raise BrokenPart
            length = self._shared[int(value)]
        self._budget.text_total -= length
        if length > self._budget.text_length or self._budget.text_total < 0:
            raise LimitReached("text", self._place)


def _place(reference: str) -> Place:
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise BrokenPart
    return int(match[2]), column_number(match[1])


def _span(reference: str) -> tuple[Place, Place]:
    first, _, last = reference.partition(":")
    return _place(first), _place(last or first)
