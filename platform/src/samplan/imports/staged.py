"""Rows of a large file in tables of the transaction: as texts, then as typed values, with every fault.

Texts come by PostgreSQL's COPY, numbers are read in SQL, and values that repeat (dates, codes) once each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, NoReturn

from sqlalchemy import text

from samplan.db.session import TenantSession
from samplan.i18n import _l
from samplan.imports.faults import Fault, FaultLog, ImportFaults, Text
from samplan.imports.large import MOST_ROWS, LargeFile, Row
from samplan.imports.mapping import ColumnMapping, meanings
from samplan.imports.spec import Kind, Language, SheetSpec
from samplan.imports.staged_cells import flat, lines_of, note_identities
from samplan.imports.staged_faults import odd_numbers, read_value, tell_refused, tell_wrong
from samplan.imports.staged_plain import copy_plain, cursor_of
from samplan.imports.staged_sql import KeptRows, Shape, bit, coded, columns_sql, typed_sql
from samplan.imports.values import shown

BATCH = 4000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition in SQL, on the typed row `t`, under which the value of a field is refused.

    What is `hidden` may not be kept in the list of faults either: its letters and digits are not told.
    """

    key: str
    condition: str
    code: str
    message: Text
    expected: Text = ""
    hidden: bool = False


@dataclass(slots=True)
class StagedFile:
    """A file whose rows stand in the tables `file_raw` (texts) and `file_rows` (typed) until the commit."""

    session: TenantSession
    spec: SheetSpec
    file: LargeFile
    mapping: ColumnMapping
    log: FaultLog
    language: Language = "sv"
    places: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    values: dict[str, set[str]] = field(default_factory=dict)
    identities: int = 0
    """Cells with a personal identity number."""
    plain: bool = False
    """Whether PostgreSQL takes the whole text apart as we do; known once it has been tried."""
    trimmed: bool = False
    """Whether no cell of a plain text begins or ends with a space; known once it has been read."""
    viewed: bool = False
    """Whether `file_rows` is a view on rows that are kept."""

    def execute(self, statement: str, **params: Any) -> Any:
        """Run SQL in the transaction."""
        return self.session.execute(text(statement), params)

    def fault(
        self, code: str, row: int, key: str, message: Text, *, raw: str = "", expected: Text = ""
    ) -> None:
        """Note a fault at a field's column."""
        place = self.places.get(key)
        heading = self.file.source.headings[place - 1] if place else ""
        self.log.add(Fault(code, message, "", row, place, heading, shown(raw), expected))

    def execute_by_hash(self, statement: str, **params: Any) -> Any:
        """Run SQL that reads all rows of the file; PostgreSQL cannot always know that they are many."""
        names = ("enable_nestloop", "enable_sort")
        settings = "SELECT " + ", ".join(f"set_config('{name}', :value, true)" for name in names)
        self.execute(settings, value="off")
        found = self.execute(statement, **params)
        self.execute(settings, value="on")
        return found

    def use_kept(self, kept: KeptRows) -> None:
        """Let `file_rows` be rows that were kept; `close` before the transaction ends."""
        self.execute("DROP TABLE IF EXISTS file_rows")
        self.execute(f"CREATE TEMP VIEW file_rows AS {kept.query}")
        self.viewed = True
        self.prepare()

    def prepare(self) -> None:
        """Let statements on all rows have the memory that they need, and be run as they stand."""
        self.execute("SET LOCAL work_mem = '96MB'")
        self.execute("SET LOCAL jit = off")  # to compile what runs once costs more than it gains

    def close(self) -> None:
        """Let the name `file_rows` be free again where it stands for kept rows."""
        if self.viewed:
            self.execute("DROP VIEW file_rows")
            self.viewed = False


def stage_file(
    staged: StagedFile,
    shape: Shape,
    refusals: Sequence[Refusal] = (),
    *,
    look: bool,
    tell: Callable[[int], None] | None = None,
) -> None:
    """Fill `file_raw` and `file_rows`; faults, refusals among them, go to the log.

    A `plain` text is left to PostgreSQL to take apart, any other is read row by row. With `look` every cell
    is looked through for personal identity numbers, and whether the text is plain is tried. `tell` gets the
    number of rows so far, now and then.

    Raises:
        ImportFaults: a required field has no column, or there are too many rows.
    """
    _find_places(staged)
    texts = _texts(staged, shape) if look else None
    staged.plain = (look or staged.plain) and copy_plain(staged, tell, texts)
    if not staged.plain:
        _copy(staged, texts, tell)
    if staged.rows > MOST_ROWS:
        _stop_too_many(staged)
    _store_values(staged)
    wanted = [refusal for refusal in refusals if refusal.key in staged.places]
    wrong, refused = _make_rows(staged, shape, wanted)
    if wrong:
        tell_wrong(staged)
    for place, refusal in enumerate(wanted):
        if refused & bit(place):
            tell_refused(staged, refusal, bit(place))


def _make_rows(staged: StagedFile, shape: Shape, refusals: Sequence[Refusal]) -> tuple[int, int]:
    """Make the typed rows; return which fields are wrong and which refusals hold in any row, as bits."""
    if shape.kept is None:
        staged.execute("DROP TABLE IF EXISTS file_rows")
        staged.prepare()
    else:
        staged.use_kept(shape.kept)
    conditions = [refusal.condition for refusal in refusals]
    odd: list[str] = []
    while True:
        begun = staged.session.begin_nested()
        keys, constants = list(staged.places), staged.mapping.constants
        staged.execute(
            typed_sql(
                staged.spec, keys, constants, shape, conditions=conditions, odd=odd, trimmed=staged.trimmed
            )
        )
        wrong, refused = staged.execute("SELECT bit_or(wrong), bit_or(refused) FROM file_rows").one()
        values = {} if odd or not wrong else odd_numbers(staged, wrong)
        if not values:
            begun.commit()
            return wrong or 0, refused or 0
        begun.rollback()
        odd = list(values)
        _insert_values(staged, [row for rows in values.values() for row in rows])


def _find_places(staged: StagedFile) -> None:
    source = staged.file.source
    for key, heading in staged.mapping.columns.items():
        place = source.place(heading)
        if place is not None:
            staged.places[key] = place
    for column in staged.spec.columns:
        if column.required and column.key not in staged.places and column.key not in staged.mapping.constants:
            name = column.name.to(staged.language)
            message = _l("No column of the file is chosen for “%(name)s”.", name=name)
            staged.log.add(
                Fault("missing_column", message, heading=name, expected=_l("one of the columns of the file"))
            )
    staged.log.raise_if_any()


def _copy(staged: StagedFile, texts: frozenset[int] | None, tell: Callable[[int], None] | None) -> None:
    staged.execute("DROP TABLE IF EXISTS file_raw")
    columns = columns_sql(list(staged.places))
    staged.execute(f"CREATE TEMP TABLE file_raw (row_number int, {columns}) ON COMMIT DROP")
    named = {column.key: column for column in staged.spec.columns}
    places = [place - 1 for place in staged.places.values()]
    repeated = {key: place - 1 for key, place in staged.places.items() if coded(named[key])}
    staged.values = {key: set() for key in repeated}
    broken: list[Fault] = []
    rows = _readable(staged.file, broken)
    with cursor_of(staged) as cursor, cursor.copy("COPY file_raw FROM STDIN") as copy:
        while batch := list(islice(rows, BATCH)):
            if texts is not None:
                note_identities(staged, texts, "\n".join(map(" | ".join, map(itemgetter(1), batch))), batch)
            _even(staged, batch)
            for key, place in repeated.items():
                staged.values[key].update(map(itemgetter(place), (row for _number, row in batch)))
            copy.write(lines_of(batch, places))
            staged.rows += len(batch)
            if staged.rows > MOST_ROWS:
                break
            if tell is not None:
                tell(staged.rows)
    for fault in broken:
        staged.log.stop(fault)


def _readable(file: LargeFile, broken: list[Fault]) -> Iterator[Row]:
    """Yield a file's rows up to one that cannot be taken apart: to raise amid COPY ends the transaction."""
    try:
        yield from file.rows()
    except ImportFaults as found:
        broken += found.faults


def _stop_too_many(staged: StagedFile) -> NoReturn:
    message = _l("The file has more than %(limit)s rows.", limit=MOST_ROWS)
    staged.log.stop(Fault("too_many_rows", message, expected=_l("fewer rows, in several files")))


def _texts(staged: StagedFile, shape: Shape) -> frozenset[int]:
    """Return the places of columns in which ten digits in a row may be a personal identity number."""
    kinds = {column.key: column.kind for column in staged.spec.columns}
    return frozenset(
        place for key, place in staged.places.items() if kinds[key] is Kind.TEXT and key not in shape.codes
    )


def _even(staged: StagedFile, batch: list[Row]) -> None:
    """Fill short rows up to the headings; what stands beyond them is a fault."""
    source = staged.file.source
    width = max(len(source.cells[source.head - 1]), *staged.places.values())
    for number, row in batch:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
        elif len(row) > width and any(map(str.strip, row[width:])):
            message = _l("The row has more cells than there are headings.")
            wanted = _l("at most %(count)s cells; a text with the delimiter in quotation marks", count=width)
            staged.log.add(Fault("broken_row", message, row=number, column=width + 1, expected=wanted))


def _store_values(staged: StagedFile) -> None:
    """Read each repeated value once and keep what it is, for the typed rows to be joined with."""
    staged.execute("DROP TABLE IF EXISTS file_values")
    staged.execute(
        "CREATE TEMP TABLE file_values (field text, raw text, value text, sound boolean) ON COMMIT DROP"
    )
    named = {column.key: column for column in staged.spec.columns}
    rows: list[tuple[str, str, str | None, bool]] = []
    for key, raws in staged.values.items():
        known = meanings(named[key], staged.mapping) if named[key].choices else {}
        cells = {flat(raw) for raw in raws}
        rows += [(key, cell, *read_value(cell, named[key], known, staged.language)) for cell in cells]
    _insert_values(staged, rows)
    staged.execute("ANALYZE file_values")


def _insert_values(staged: StagedFile, rows: Sequence[tuple[str, str, str | None, bool]]) -> None:
    with cursor_of(staged) as cursor, cursor.copy("COPY file_values FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
