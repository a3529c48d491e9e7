"""Write the workbook that `samplan.imports.workbook` reads: empty as a template, or with rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from samplan.documents.xlsx import HEADING, LAST_ROW, Book, TableColumn, write_headings
from samplan.imports.faults import column_letter
from samplan.imports.spec import INSTRUCTION_SHEET, Column, Kind, Label, Language, SheetSpec, Value
from samplan.imports.values import EARLIEST, LATEST
from samplan.imports.writing import FORMATS, NO, YES, written

Rows = Iterable[Mapping[str, Value | None]]
_REQUIRED_HEADING = {**HEADING, "bg_color": "#9CC9D3"}
_LIST_CHARACTERS = 255  # the longest list that a validation may hold itself
_KINDS: Mapping[Kind, Label] = {
    Kind.TEXT: Label("Text", "Text"),
    Kind.INTEGER: Label("Heltal", "Whole number"),
    Kind.DECIMAL: Label("Tal", "Number"),
    Kind.DATE: Label("Datum (2027-01-31)", "Date (2027-01-31)"),
    Kind.TIME: Label("Klockslag (07:30)", "Time of day (07:30)"),
    Kind.DURATION: Label("Timmar och minuter (38:15)", "Hours and minutes (38:15)"),
    Kind.YES_NO: Label("Ja eller Nej", "Yes or No"),
    Kind.CHOICE: Label("Välj i listan", "Choose from the list"),
}
_HEADINGS = (
    Label("Blad", "Sheet"),
    Label("Kolumn", "Column"),
    Label("Måste fyllas i", "Required"),
    Label("Innehåll", "Content"),
    Label("Tillåtna värden", "Allowed values"),
    Label("Exempel", "Example"),
    Label("Förklaring", "Explanation"),
)


def write_workbook(
    specs: Sequence[SheetSpec],
    rows: Mapping[str, Rows],
    *,
    title: str,
    intro: Sequence[str] = (),
    language: Language = "sv",
    created: datetime,
) -> bytes:
    """Return the workbook of these descriptions with `rows` by sheet key; a template when there are none.

    The first sheet tells what each column holds. The same content gives the same bytes.
    Raises KeyError for a choice that its column does not describe.
    """
    book = Book(title=title, created=created)
    _write_instructions(book, specs, title, intro, language)
    by_key = {spec.key: spec for spec in specs}
    for spec in specs:
        _write_sheet(book, spec, rows.get(spec.key, ()), by_key, language)
    return book.finish()


def _write_instructions(
    book: Book, specs: Sequence[SheetSpec], title: str, intro: Sequence[str], language: Language
) -> None:
    sheet = book.sheet(INSTRUCTION_SHEET.to(language))
    sheet.hide_gridlines(2)
    for index, width in enumerate((22, 28, 14, 26, 40, 22, 70)):
        sheet.set_column(index, index, width)
    book.put(sheet, 0, 0, title, {"bold": True, "font_size": 16})
    row = 1
    for row, text in enumerate(intro, start=1):
        book.put(sheet, row, 0, text)
    row += 2
    for index, label in enumerate(_HEADINGS):
        book.put(sheet, row, index, label.to(language), HEADING)
    wrapped = {"text_wrap": True, "valign": "top"}
    for spec in specs:
        name = spec.name.to(language)
        row += 1
        about = (name, "", (YES if spec.required else NO).to(language), "", "", "", spec.help.to(language))
        for index, text in enumerate(about):
            book.put(sheet, row, index, text, {**wrapped, "bold": index == 0, "top": 1})
        for column in spec.columns:
            row += 1
            for index, text in enumerate((name, *_about(column, language))):
                book.put(sheet, row, index, text, wrapped)


def _about(column: Column, language: Language) -> tuple[str, ...]:
    """Return what the instructions say of a column, from its heading to its explanation."""
    names = column.choice_names(language)
    allowed = ", ".join(names)
    if column.minimum is not None or column.maximum is not None:
        bounds = (str("" if b is None else b).replace(".", ",") for b in (column.minimum, column.maximum))
        allowed = "–".join(bounds)
    return (
        column.name.to(language),
        (YES if column.required else NO).to(language),
        _KINDS[column.kind].to(language),
        allowed,
        column.example or (names[0] if names else ""),
        column.help.to(language),
    )


def _write_sheet(
    book: Book, spec: SheetSpec, rows: Rows, by_key: Mapping[str, SheetSpec], language: Language
) -> None:
    sheet = book.sheet(spec.name.to(language))
    headings = [_table_column(column, language) for column in spec.columns]
    write_headings(book, sheet, headings)
    for place, column in enumerate(spec.columns):
        if column.required:
            book.put(sheet, 0, place, headings[place].heading, _REQUIRED_HEADING)
        rule = _validation(column, by_key, language)
        sheet.data_validation(
            1, place, min(spec.max_rows, LAST_ROW), place, _explained(rule, column, language)
        )
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(len(headings))}{spec.max_rows + 1}"})
    for number, values in enumerate(rows, start=1):
        for place, column in enumerate(spec.columns):
            value = values.get(column.key)
            if value is not None:
                style = {"num_format": headings[place].number_format.value}
                book.put(sheet, number, place, written(value, column, language), style)


def _table_column(column: Column, language: Language) -> TableColumn:
    longest = max((len(name) for name in column.choice_names(language)), default=0)
    heading = column.name.to(language)
    return TableColumn(heading, FORMATS[column.kind], min(max(len(heading) + 3, longest + 3, 12), 40))


def _explained(rule: dict[str, Any], column: Column, language: Language) -> dict[str, Any]:
    """Add the box that a spreadsheet shows beside a chosen cell."""
    text = column.help.to(language)
    if text:
        rule["input_title"] = column.name.to(language)[:32]
        rule["input_message"] = text[:255]
    return rule


def _validation(column: Column, by_key: Mapping[str, SheetSpec], language: Language) -> dict[str, Any]:
    """Return the rule by which a spreadsheet judges what is typed in a column."""
    if column.refers_to is not None:
        target = by_key[column.refers_to.sheet]
        place = target.columns.index(target.column(column.refers_to.column)) + 1
        letter, name = column_letter(place), target.name.to(language)
        source = f"='{name}'!${letter}$2:${letter}${target.max_rows + 1}"
        return {"validate": "list", "source": source, "error_type": "warning"}
    names = list(column.choice_names(language))
    if column.kind is Kind.YES_NO:
        names = [YES.to(language), NO.to(language)]
    if names and len(",".join(names)) <= _LIST_CHARACTERS:
        return {"validate": "list", "source": names}
    if column.kind is Kind.DATE:
        low, high = column.minimum or EARLIEST, column.maximum or LATEST
        return {"validate": "date", "criteria": "between", "minimum": low, "maximum": high}
    if column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return _number_rule(column)
    return {"validate": "any"}


def _number_rule(column: Column) -> dict[str, Any]:
    kind = "integer" if column.kind is Kind.INTEGER else "decimal"
    low = -(10**9) if column.minimum is None else _plain(column.minimum)
    high = 10**9 if column.maximum is None else _plain(column.maximum)
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _plain(bound: object) -> float | int:
    return bound if isinstance(bound, int) else float(str(bound))
