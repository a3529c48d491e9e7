"""Read a workbook by its description: typed rows, or every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from samplan.i18n import _l
from samplan.imports.archive import DEFAULT_LIMITS, Limits, Package, load_bytes, open_package
from samplan.imports.checks import check_ascending, check_references, check_unique
from samplan.imports.faults import Fault, FaultLog, did_you_mean
from samplan.imports.scan import BrokenPart, Budget, LimitReached, SheetScan, scan_sheet, shared_lengths
from samplan.imports.spec import OUR_SHEETS, Language, SheetSpec, folded, names_of
from samplan.imports.tables import Grid, Table, absent_table, read_table


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it stands: name, cells from A1 on, and what the library does not tell of them."""

    name: str
    cells: Grid
    scan: SheetScan


def read_tables(
    source: bytes | Path, specs: Sequence[SheetSpec], log: FaultLog, limits: Limits = DEFAULT_LIMITS
) -> dict[str, Table]:
    """Return the tables of a workbook by the key of their description; faults go to `log`.

    Raises `ImportFaults` at once only for a file that cannot be read further. The caller adds
    its own checks and then calls `log.raise_if_any()`: before that nothing may be used.
    """
    tables: dict[str, Table] = {}
    unknown: list[RawSheet] = []
    names = {name: (spec, language) for spec in specs for name, language in names_of(spec).items()}
    english = 0
    for sheet in raw_sheets(load_bytes(source, log, limits), log, limits):
        log.sheets.append(sheet.name)
        if folded(sheet.name) in OUR_SHEETS:
            continue
        spec, language = names.get(folded(sheet.name), (None, "sv"))
        if spec is None:
            unknown += [sheet] if sheet.scan.rows else []
        elif spec.key in tables:
            log.add(Fault("duplicate_sheet", _l("The sheet occurs twice, in two languages."), sheet.name))
        else:
            tables[spec.key] = read_table(spec, sheet.name, sheet.cells, sheet.scan, log)
            english += 1 if language == "en" else -1
    missing = [spec for spec in specs if spec.key not in tables]
    _note_sheets(missing, [sheet.name for sheet in unknown], "en" if english > 0 else "sv", log)
    tables |= {spec.key: absent_table(spec, "en" if english > 0 else "sv") for spec in missing}
    for table in tables.values():
        if table.readable and table.spec.required and not table.rows:
            log.add(Fault("no_rows", _l("The sheet has no rows."), table.name))
        check_unique(table, log)
        check_ascending(table, log)
    check_references(tables, log)
    return {spec.key: tables[spec.key] for spec in specs}


def raw_sheets(data: bytes, log: FaultLog, limits: Limits = DEFAULT_LIMITS) -> Iterator[RawSheet]:
    """Yield the sheets of a workbook one by one, all of them scanned before the first is read."""
    package = open_package(data, log, limits)
    scans = _scan(package, log, limits)
    with _library_errors(log), CalamineWorkbook.from_filelike(package.repacked()) as workbook:
        for name, _path in package.sheets:
            grid = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield RawSheet(name, grid, scans[name])


def _scan(package: Package, log: FaultLog, limits: Limits) -> dict[str, SheetScan]:
    budget = Budget(
        rows=limits.rows,
        columns=limits.columns,
        text_length=limits.text_length,
        area=limits.area,
        elements=limits.elements,
        text_total=limits.text_total,
    )
    scans: dict[str, SheetScan] = {}
    name = ""
    try:
        shared = shared_lengths(package.parts.get("xl/sharedStrings.xml", b""))
        for name, path in package.sheets:
            scans[name] = scan_sheet(package.parts[path], budget, shared)
    except LimitReached as reached:
        log.stop(_limit_fault(name, reached, limits))
    except BrokenPart:
        log.stop(_broken(name))
    return scans


def _limit_fault(sheet: str, reached: LimitReached, limits: Limits) -> Fault:
    row, column = reached.place
    if reached.kind == "rows":
        message = _l("The sheet has more than %(limit)s rows.", limit=limits.rows)
        expected = _l("at most %(limit)s rows", limit=limits.rows)
        return Fault("too_many_rows", message, sheet, row, column, expected=expected)
    if reached.kind == "columns":
        message = _l("The sheet has more than %(limit)s columns.", limit=limits.columns)
        expected = _l("at most %(limit)s columns", limit=limits.columns)
        return Fault("too_many_columns", message, sheet, row, column, expected=expected)
    if reached.kind == "text":
        message = _l("The texts of the workbook are too long.")
        expected = _l("at most %(limit)s characters in a cell", limit=limits.text_length)
        return Fault("text_too_long", message, sheet, row, column, expected=expected)
    message = _l("The sheets of the workbook are too large together.")
    return Fault("too_large", message, sheet, expected=_l("a workbook with the sheets of the template only"))


def _broken(sheet: str) -> Fault:
    message = _l("The file is damaged and cannot be read.")
    expected = _l("a workbook (.xlsx) that opens in a spreadsheet program; save it again there")
    return Fault("broken_file", message, sheet, expected=expected)


@contextmanager
def _library_errors(log: FaultLog) -> Iterator[None]:
    """Turn what the library raises on malformed content into a fault.

    A panic of its Rust code arrives as a BaseException whose class cannot be imported.
    """
    try:
        yield
    except (CalamineError, OSError, ValueError):
        log.stop(_broken(""))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        log.stop(_broken(""))


def _note_sheets(
    missing: Sequence[SheetSpec], unknown: Sequence[str], language: Language, log: FaultLog
) -> None:
    """Note sheets that must be there and sheets that nobody would read."""
    for spec in missing:
        if spec.required:
            name = spec.name.to(language)
            found = ", ".join(unknown)
            expected = _l("a sheet named “%(name)s”; found: %(found)s", name=name, found=found or "–")
            log.add(
                Fault(
                    "missing_sheet",
                    _l("The sheet “%(name)s” is missing.", name=name),
                    name,
                    expected=expected,
                )
            )
    names = [spec.name.to(language) for spec in missing]
    for name in unknown:
        near = did_you_mean(name, names)
        expected = _l("remove the sheet or use the template")
        if near:
            expected = _l("did you mean “%(near)s”?", near=near)
        log.add(Fault("unknown_sheet", _l("The sheet is not known."), name, expected=expected))
