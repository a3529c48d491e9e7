"""Read one sheet into typed rows by its description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from samplan.i18n import _l
from samplan.imports.faults import Fault, FaultLog, Text, did_you_mean
from samplan.imports.scan import Place, SheetScan
from samplan.imports.spec import Column, Language, SheetSpec, Value, folded, names_of
from samplan.imports.values import CellFault, Raw, expected, parse, shown
from samplan.imports.writing import written

T = TypeVar("T")
Grid = Sequence[Sequence[Raw]]
"""Rows of cells from A1 on; an empty cell is an empty string."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: its number in the spreadsheet, its sound values, and the keys of faulty cells."""

    number: int
    values: Mapping[str, Value]
    faulty: frozenset[str] = frozenset()

    def get(self, key: str, kind: type[T]) -> T | None:
        """Return a value of the type that its column reads as, None for an empty or faulty cell."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def each(self, key: str) -> tuple[str, ...]:
        """Return the values of a cell that may hold several."""
        return tuple((self.get(key, str) or "").splitlines())

    def need(self, key: str, kind: type[T]) -> T:
        """Return the value of a cell that is known to be filled and sound; TypeError otherwise."""
        value = self.values.get(key)
        if not isinstance(value, kind):
            raise TypeError(f"{key} of row {self.number} is {value!r}")
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as read. `columns` gives the place (from 1) of each described column that is there.

    `readable` is False where the sheet or its row of headings is missing or useless, so that
    nothing follows from what is not in it.
    """

    spec: SheetSpec
    name: str
    language: Language
    columns: Mapping[str, int]
    rows: tuple[Row, ...] = ()
    readable: bool = True

    def values(self, key: str) -> frozenset[Value]:
        """Return all values of a column."""
        return frozenset(row.values[key] for row in self.rows if key in row.values)

    def fault(self, code: str, row: Row, key: str, message: Text, expected: Text = "") -> Fault:
        """Return a fault at a cell of this table, its value as it stands there."""
        column = self.spec.column(key)
        value = row.values.get(key)
        return Fault(
            code=code,
            message=message,
            sheet=self.name,
            row=row.number,
            column=self.columns.get(key),
            heading=column.name.to(self.language),
            value="" if value is None else shown(written(value, column, self.language)),
            expected=expected,
        )


def absent_table(spec: SheetSpec, language: Language) -> Table:
    """Return the table of a sheet that is not in the workbook."""
    return Table(spec, spec.name.to(language), language, {}, (), readable=not spec.required)


def read_table(spec: SheetSpec, name: str, grid: Grid, scan: SheetScan, log: FaultLog) -> Table:
    """Read a sheet's cells by its description; every fault goes to `log`."""
    reader = _TableReader(spec, name, grid, scan, log)
    return reader.read()


class _TableReader:
    """Carries what the steps of reading one sheet share."""

    def __init__(self, spec: SheetSpec, name: str, grid: Grid, scan: SheetScan, log: FaultLog) -> None:
        self._spec, self._name, self._grid, self._scan, self._log = spec, name, grid, scan, log
        self._head = next((i for i, cells in enumerate(grid, 1) if any(_filled(c) for c in cells)), 1)
        self._headings = list(grid[self._head - 1]) if grid else []
        self._language: Language = "sv"

    def read(self) -> Table:
        """Return the table."""
        columns = self._find_columns()
        if columns is None:
            return Table(self._spec, self._name, self._language, {}, (), readable=False)
        rows: list[Row] = []
        # Rows of nothing but formula errors are not in the grid, but the scan has seen them.
        for number in range(self._head + 1, max(len(self._grid), self._scan.rows) + 1):
            row = self._read_row(number, columns)
            if row is None:
                continue
            if len(rows) == self._spec.max_rows:
                self._add_row_limit(number)
                break
            rows.append(row)
        self._note_stray_cells(columns)
        return Table(self._spec, self._name, self._language, columns, tuple(rows))

    def _find_columns(self) -> dict[str, int] | None:
        """Return the place of each described column; None where the row of headings cannot be used."""
        if self._note_merged():
            return None
        known = {
            name: (column, language) for column in self._spec.columns for name, language in _names(column)
        }
        columns: dict[str, int] = {}
        english = 0
        unknown: list[int] = []
        for place, cell in enumerate(self._headings, 1):
            column, language = known.get(folded(str(cell)), (None, "sv"))
            if column is None:
                unknown += [place] if _filled(cell) else []
            elif column.key in columns:
                self._add("duplicate_column", (self._head, place), _l("The heading occurs twice."), str(cell))
            else:
                columns[column.key] = place
                english += 1 if language == "en" else -1
        self._language = "en" if english > 0 else "sv"
        if not columns:
            self._add_no_headings()
            return None
        missing = [column for column in self._spec.columns if column.key not in columns]
        for place in unknown:
            self._add_unknown_column(place, missing)
        for column in missing:
            if column.required:
                self._add_missing_column(column)
        return columns

    def _note_merged(self) -> bool:
        """Note merged cells; tell whether the headings are among them."""
        in_headings = False
        for (top, left), (bottom, _right) in self._scan.merged:
            if bottom < self._head or top > self._scan.rows:
                continue
            value = shown(self._cell(top, left))
            if top <= self._head:
                in_headings = True
                code, message, expected = "merged_heading", _l("Headings are merged."), _l("one in each cell")
            else:
                code, message, expected = (
                    "merged_cells",
                    _l("Cells are merged."),
                    _l("one value in each cell"),
                )
            self._add(code, (top, left), message, value, expected=expected)
        return in_headings

    def _read_row(self, number: int, columns: Mapping[str, int]) -> Row | None:
        """Read one row; None for an empty one."""
        places = columns.values()
        if not any(self._holds_anything((number, place)) for place in places):
            return None
        values: dict[str, Value] = {}
        faulty: set[str] = set()
        for column in self._spec.columns:
            place = columns.get(column.key)
            if place is None:
                continue
            try:
                value = self._read_cell((number, place), column)
            except CellFault as fault:
                faulty.add(column.key)
                raw = self._scan.errors.get((number, place)) or self._cell(number, place)
                text = shown(raw)
                self._add(
                    fault.code, (number, place), fault.message, text, expected=fault.expected, column=column
                )
            else:
                if value is not None:
                    values[column.key] = value
        return Row(number, values, frozenset(faulty))

    def _holds_anything(self, place: Place) -> bool:
        return place in self._scan.errors or place in self._scan.uncomputed or _filled(self._cell(*place))

    def _read_cell(self, place: Place, column: Column) -> Value | None:
        if place in self._scan.errors:
            raise CellFault(
                "formula_error",
                _l("The formula in the cell gives an error."),
                expected(column, self._language),
            )
        if place in self._scan.uncomputed:
            raise CellFault(
                "formula_not_computed",
                _l("The cell holds a formula that was never computed."),
                _l("a value; open the file in a spreadsheet program and save it"),
            )
        value = parse(self._cell(*place), column, self._language)
        if value is None and column.required:
            raise CellFault("missing_value", _l("A value is missing."), expected(column, self._language))
        return value

    def _note_stray_cells(self, columns: Mapping[str, int]) -> None:
        """Note the first value of each column that has values but no heading."""
        width = max((len(cells) for cells in self._grid), default=0)
        for place in range(1, width + 1):
            if place in columns.values() or _filled(self._cell(self._head, place)):
                continue
            for number in range(self._head + 1, len(self._grid) + 1):
                if _filled(self._cell(number, place)):
                    message = _l("The column has values but no heading.")
                    self._add("no_heading", (number, place), message, shown(self._cell(number, place)))
                    break

    def _add_no_headings(self) -> None:
        names = ", ".join(column.name.to(self._language) for column in self._spec.columns)
        message = _l("None of the headings of this sheet was found in its first filled row.")
        self._add(
            "no_headings", (self._head, None), message, expected=_l("the headings %(names)s", names=names)
        )

    def _add_missing_column(self, column: Column) -> None:
        name = column.name.to(self._language)
        message = _l("The column “%(name)s” is missing.", name=name)
        expected = _l("the heading “%(name)s” in row %(row)s", name=name, row=self._head)
        self._add("missing_column", (self._head, None), message, expected=expected, column=column)

    def _add_unknown_column(self, place: int, missing: Sequence[Column]) -> None:
        text = shown(self._headings[place - 1])
        names = [column.name.to(self._language) for column in missing]
        near = did_you_mean(text, names)
        expected: Text = _l("did you mean “%(near)s”?", near=near) if near else ""
        if not expected:
            expected = _l("remove the column or use the template")
        self._add(
            "unknown_column", (self._head, place), _l("The heading is not known."), text, expected=expected
        )

    def _add_row_limit(self, number: int) -> None:
        limit = self._spec.max_rows
        message = _l("The sheet has more than %(limit)s rows.", limit=limit)
        self._add(
            "too_many_rows", (number, None), message, expected=_l("at most %(limit)s rows", limit=limit)
        )

    def _add(
        self,
        code: str,
        place: tuple[int, int | None],
        message: Text,
        value: str = "",
        *,
        expected: Text = "",
        column: Column | None = None,
    ) -> None:
        heading = column.name.to(self._language) if column else ""
        self._log.add(Fault(code, message, self._name, *place, heading, value, expected))

    def _cell(self, row: int, column: int) -> Raw:
        """Return a cell by its place counted from 1; an empty string beyond the filled area."""
        if row > len(self._grid) or column > len(self._grid[row - 1]):
            return ""
        return self._grid[row - 1][column - 1]


def _names(column: Column) -> list[tuple[str, Language]]:
    return list(names_of(column).items())


def _filled(cell: Raw) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())
