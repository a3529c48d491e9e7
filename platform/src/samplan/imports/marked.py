"""Give a workbook back with its faults marked, so that it can be mended and sent again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from samplan.documents.xlsx import HEADING, Book
from samplan.imports.archive import DEFAULT_LIMITS, Limits
from samplan.imports.faults import Fault, FaultLog, ImportFaults
from samplan.imports.scan import Place
from samplan.imports.spec import FAULT_SHEET, OUR_SHEETS, Label, Language, folded
from samplan.imports.workbook import RawSheet, raw_sheets

_MARK: Mapping[str, object] = {"bg_color": "#F8C8C8", "border": 1, "border_color": "#B3261E"}
_HEADINGS = (
    Label("Blad", "Sheet"),
    Label("Rad", "Row"),
    Label("Kolumn", "Column"),
    Label("Rubrik", "Heading"),
    Label("Värde", "Value"),
    Label("Fel", "Fault"),
    Label("Förväntat", "Expected"),
)
_MORE = Label("… och {count} fel till", "… and {count} more faults")


def mark_workbook(
    data: bytes,
    faults: ImportFaults,
    *,
    language: Language,
    created: datetime,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """Return a workbook's values with each faulty cell coloured and commented, and a list of faults first.

    A file that cannot be read gives only the list. Formats and formulas of the original are not
    kept: a formula's value stands in its place.
    """
    book = Book(title=FAULT_SHEET.to(language), created=created)
    _write_list(book, faults, language)
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults.faults:
        by_sheet[fault.sheet].append(fault)
    try:
        for sheet in raw_sheets(data, FaultLog(), limits):
            if folded(sheet.name) not in OUR_SHEETS:
                _write_sheet(book, sheet, by_sheet[sheet.name])
    except ImportFaults:
        pass  # the file itself is the fault, and the list says so
    return book.finish()


def _write_list(book: Book, faults: ImportFaults, language: Language) -> None:
    sheet = book.sheet(FAULT_SHEET.to(language))
    for index, (label, width) in enumerate(zip(_HEADINGS, (22, 8, 8, 24, 28, 60, 60), strict=True)):
        sheet.set_column(index, index, width)
        book.put(sheet, 0, index, label.to(language), HEADING)
    sheet.freeze_panes(1, 0)
    row = 0
    for row, fault in enumerate(faults.faults, start=1):
        place = (fault.sheet, fault.row, fault.letter, fault.heading, fault.value)
        for index, text in enumerate((*place, str(fault.message), str(fault.expected))):
            book.put(sheet, row, index, text, {"text_wrap": True, "valign": "top"})
    if faults.unlisted:
        book.put(sheet, row + 1, 0, _MORE.to(language).format(count=faults.unlisted))
    sheet.autofilter(0, 0, row, len(_HEADINGS) - 1)


def _write_sheet(book: Book, raw: RawSheet, faults: list[Fault]) -> None:
    """Write a sheet's values; a fault of a whole row or sheet is marked in column A."""
    marks: dict[Place, list[Fault]] = defaultdict(list)
    for fault in faults:
        marks[fault.row or 1, fault.column or 1].append(fault)
    sheet = book.sheet(raw.name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(raw.scan.columns - 1, 0), 18)
    for number, cells in enumerate(raw.cells, start=1):
        for place, cell in enumerate(cells, start=1):
            value = raw.scan.errors.get((number, place), cell)
            if value != "" or (number, place) in marks:
                style = {**(HEADING if number == 1 else {}), **(_MARK if (number, place) in marks else {})}
                book.put(sheet, number - 1, place - 1, None if value == "" else value, style)
    for mark, found in marks.items():
        _comment(book, sheet, mark, found, is_written=_holds(raw, mark))


def _holds(raw: RawSheet, place: Place) -> bool:
    row, column = place
    return row <= len(raw.cells) and column <= len(raw.cells[row - 1])


def _comment(book: Book, sheet: Any, place: Place, faults: list[Fault], *, is_written: bool) -> None:
    row, column = place
    if not is_written:
        book.put(sheet, row - 1, column - 1, None, _MARK)
    text = "\n".join(f"{fault.message} {fault.expected}".strip() for fault in faults)
    sheet.write_comment(row - 1, column - 1, text, {"x_scale": 2.5, "y_scale": 1.5, "author": "Samplan"})
