"""Read the rows of another system's file by a mapping: typed values, and every fault at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from samplan.i18n import _l
from samplan.imports.checks import check_ascending, check_unique
from samplan.imports.faults import Fault, FaultLog
from samplan.imports.foreign import domestic, is_error
from samplan.imports.mapping import ColumnMapping, meanings, parts_of
from samplan.imports.sources import SourceTable
from samplan.imports.spec import Column, Label, Language, SheetSpec, Value, folded
from samplan.imports.tables import Row, Table
from samplan.imports.values import CellFault, expected, parse, shown


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the reading of every row needs: places, meanings, and faults of codes found before."""

    spec: SheetSpec
    source: SourceTable
    places: Mapping[str, int]
    known: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]
    language: Language
    unknown: dict[tuple[str, str], CellFault] = field(default_factory=dict)


def read_mapped(
    spec: SheetSpec, source: SourceTable, mapping: ColumnMapping, log: FaultLog, language: Language = "sv"
) -> Table:
    """Return a file's rows by the keys of the described fields; faults go to `log`.

    Nothing is raised for a faulty row: `sound_rows` leaves it out. What is wrong with the mapping as a whole,
    such as a required field without a column, is a fault without a row, after which nothing should be used.
    In faults a column has the heading that it has in the file.
    """
    places = {key: place for key, name in mapping.columns.items() if (place := source.place(name))}
    _note_missing(spec, places, mapping, log, language)
    used = replace(spec, columns=tuple(_named_as_in_file(each, places, source) for each in spec.columns))
    known = {column.key: meanings(column, mapping) for column in spec.columns if column.choices}
    reading = _Reading(used, source, places, known, mapping.constants, language)
    rows = tuple(_read_row(number, reading, log) for number in source.filled)
    table = Table(used, source.origin.sheet, language, places, rows)
    check_unique(table, log)
    check_ascending(table, log)
    return table


def sound_rows(table: Table, log: FaultLog) -> list[Row]:
    """Return the rows of a table in which nothing was found wrong."""
    found = log.found()
    faulty = {fault.row for fault in found.faults} if found else set()
    return [row for row in table.rows if row.number not in faulty and not row.faulty]


def _named_as_in_file(column: Column, places: Mapping[str, int], source: SourceTable) -> Column:
    place = places.get(column.key)
    return column if place is None else replace(column, name=Label(source.headings[place - 1]))


def _note_missing(
    spec: SheetSpec, places: Mapping[str, int], mapping: ColumnMapping, log: FaultLog, language: Language
) -> None:
    for column in spec.columns:
        if column.required and column.key not in places and column.key not in mapping.constants:
            name = column.name.to(language)
            message = _l("No column of the file is chosen for “%(name)s”.", name=name)
            log.add(
                Fault("missing_column", message, heading=name, expected=_l("one of the columns of the file"))
            )


def _read_row(number: int, reading: _Reading, log: FaultLog) -> Row:
    values: dict[str, Value] = {}
    faulty: set[str] = set()
    for column in reading.spec.columns:
        place = reading.places.get(column.key)
        if place is None:
            continue
        raw = reading.source.cell(number, place)
        try:
            value = _read_cell(raw, column, reading)
        except CellFault as fault:
            faulty.add(column.key)
            where = reading.source.origin.sheet, number, place, column.name.to(reading.language)
            log.add(Fault(fault.code, fault.message, *where, shown(raw), fault.expected))
        else:
            if value is not None:
                values[column.key] = value
    return Row(number, values, frozenset(faulty))


def _read_cell(raw: str, column: Column, reading: _Reading) -> Value | None:
    language = reading.language
    if is_error(raw):
        message = _l("The formula in the cell gives an error.")
        raise CellFault("formula_error", message, expected(column, language))
    text = domestic(raw, column.kind)
    value = _chosen(text, column, reading) if column.choices else parse(text, column, language)
    if value is None and column.required and column.key not in reading.constants:
        raise CellFault("missing_value", _l("A value is missing."), expected(column, language))
    return value


def _chosen(text: str, column: Column, reading: _Reading) -> Value | None:
    """Return what the cell's values stand for, one a line; a text that stands for nothing is itself."""
    found: list[str] = []
    for part in parts_of(text, column):
        value = reading.known[column.key].get(folded(part))
        if value is None:
            value = _unknown(part, column, reading)
        if value and value not in found:
            found.append(value)
    return "\n".join(found) or None


def _unknown(part: str, column: Column, reading: _Reading) -> str:
    """Return a value that is no choice as it is; where it must be one it is refused."""
    known = reading.unknown.get((column.key, part))
    if known is None:
        try:
            return str(parse(part, column, reading.language) or "")
        except CellFault as fault:
            reading.unknown[column.key, part] = known = fault
    raise CellFault(known.code, known.message, known.expected)
