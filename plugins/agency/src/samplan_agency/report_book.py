"""The half-year report's tables, once for the page, the workbook and the PDF; and the two files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import get_locale

from samplan.plugin_api import Book, Cell, _
from samplan_agency.domain.ratios import above_target
from samplan_agency.files.report import Report as Document
from samplan_agency.files.report import ReportColumn, ReportSection, write_report_pdf
from samplan_agency.labels import CATEGORIES, CERTAINTIES, DENOMINATORS
from samplan_agency.queries.costs.figures import Figures
from samplan_agency.queries.costs.report import ALL, COUNTRY, HalfYear, Published, beside, published
from samplan_agency.queries.parameters import Number

_MILLION = Decimal(1_000_000)
_HEADING = {"bold": True, "bg_color": "#DCEBEF", "text_wrap": True}


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table: numbers to one place, None for what is not known; `wide` is the column with most text."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numeric: bool = True
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The report as a document: title, what it is of, its tables."""

    title: str
    lead: str
    tables: tuple[ReportTable, ...]


def make_report(
    found: HalfYear, title: str, lead: str, *, target: Number, fte_hours: Number, region: str
) -> Report:
    """Return the report's tables in the language of the request; without `region` it is of a part of one."""
    whole = found.cell()
    denominator = str(DENOMINATORS[found.asked.denominator])
    key_rows = _key_rows(whole, target, fte_hours)
    sources = _("Target: %(target)s. Hours a month: %(hours)s.", target=target.source, hours=fte_hours.source)
    return Report(
        title,
        lead,
        (
            ReportTable(
                "whole", _("The whole"), (_("Figure"), _("This year"), _("A year before")), key_rows, sources
            ),
            _matrix(found, "change", _("Change of the cost, per cent"), lambda part: part.change),
            _matrix(found, "cost", _("Cost of hired staff, SEK million"), lambda part: part.hired / _MILLION),
            _matrix(
                found, "share", _("Share of %(whole)s, per cent", whole=denominator), lambda part: part.share
            ),
            _matrix(found, "points", _("Change of the share, percentage points"), lambda part: part.points),
            *_beside(found, region),
            _country(),
        ),
    )


def _key_rows(whole: Figures, target: Number, fte_hours: Number) -> tuple[tuple[Cell, ...], ...]:
    """Return the figures of the whole, this year's and those of the year before."""
    above = above_target(whole.hired, whole.own, target.value)
    denominator = str(DENOMINATORS[whole.denominator])
    return (
        (
            _("Cost of hired staff, SEK million"),
            _one(whole.hired / _MILLION),
            None if whole.cost_before is None else _one(whole.cost_before / _MILLION),
        ),
        (_("Change of the cost, per cent"), _one(whole.change), None),
        (_("Share of %(whole)s, %%", whole=denominator), _one(whole.share), _one(whole.share_before)),
        (_("Change of the share, points"), _one(whole.points), None),
        (_("Full-time equivalents"), _one(whole.fte(fte_hours.value)), None),
        (
            _("Above the target of %(target)s %%, SEK million", target=_spelled(target.value)),
            _one(above / _MILLION),
            None,
        ),
    )


def _matrix(
    found: HalfYear, name: str, title: str, value: Callable[[Figures], Decimal | None]
) -> ReportTable:
    """Return a table of sectors by professions, with all of both last and first."""
    categories = [*CATEGORIES, *([None] if (ALL, None) in found.cells else [])]
    names = [str(CATEGORIES[one]) if one else _("Not stated") for one in categories]
    sectors = {ALL: _("All sectors")} | {one: text or _("Not stated") for one, text in found.sectors.items()}
    rows = tuple(
        (text, *(_one(value(found.cell(sector, one))) for one in categories), _one(value(found.cell(sector))))
        for sector, text in sectors.items()
    )
    return ReportTable(name, title, (_("Sector"), *names, _("All professions")), rows)


def _beside(found: HalfYear, region: str) -> list[ReportTable]:
    """Return the table of what others have published of the same months beside the report's own; or none."""
    rows = [
        (
            row.measure[:1].upper() + row.measure[1:],
            "–" if own is None else _own(row, own),
            re.sub("^-", "−", f"{row.value} {row.unit}".replace(".", ",")),
            row.whom(region),
            row.source,
            str(CERTAINTIES[row.certainty]),
        )
        for row, own in beside(found, region)
    ]
    if not rows:
        return []
    columns = (_("Figure"), _("Here"), _("Published"), _("Published for"), _("Source"), _("Certainty"))
    note = _("Here: by this report's definitions. Published: as others have it, not confirmed by SKR.")
    title = _("Beside published figures")
    return [ReportTable("beside", title, columns, tuple(rows), note, False, 4)]


def _own(row: Published, own: Figures) -> str:
    value = {"cost": own.hired / _MILLION, "share": own.share, "change": own.change}[row.figure]
    unit = _("SEK million") if row.figure == "cost" else "%"
    return "–" if value is None else f"{_spelled(_one(value))} {unit}"


def _country() -> ReportTable:
    rows = tuple(
        (
            row.period,
            row.measure,
            f"{row.value} {row.unit}".replace(".", ","),
            row.source,
            str(CERTAINTIES[row.certainty]),
        )
        for row in published()
        if row.scope == COUNTRY
    )
    columns = (_("Period"), _("Figure"), _("Value"), _("Source"), _("Certainty"))
    note = _("As others have published them: not computed here, and not confirmed by SKR.")
    return ReportTable("country", _("The whole country, published figures"), columns, rows, note, False, 3)


def write_report(report: Report, *, created: datetime) -> bytes:
    """Return the report as a workbook: a sheet a table, numbers as numbers."""
    book = Book(title=report.title, created=created)
    for table in report.tables:
        sheet = book.sheet(table.title)
        book.put(sheet, 0, 0, report.title, {"bold": True})
        book.put(sheet, 1, 0, report.lead)
        for column, heading in enumerate(table.columns):
            sheet.set_column(column, column, 44 if column == 0 else 20)
            book.put(sheet, 3, column, heading, _HEADING)
        for place, row in enumerate(table.rows, start=4):
            for column, cell in enumerate(row):
                book.put(
                    sheet, place, column, cell, {"num_format": "#,##0.0"} if isinstance(cell, Decimal) else {}
                )
        if table.note:
            book.put(sheet, len(table.rows) + 5, 0, table.note)
    return book.finish()


def typeset_report(report: Report, author: str) -> bytes:
    """Return the report as a tagged PDF (PDF/UA-1) in the language of the request."""
    sections = tuple(
        ReportSection(
            table.title,
            (table.note,) if table.note else (),
            tuple(
                ReportColumn(heading, numeric=table.numeric and place > 0, wide=place == table.wide)
                for place, heading in enumerate(table.columns)
            ),
            tuple(tuple(map(_spelled, row)) for row in table.rows),
        )
        for table in report.tables
    )
    language = "en" if str(get_locale() or "").startswith("en") else "sv"
    return write_report_pdf(Document(report.title, report.lead, author, report.title, language, sections))


def _one(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"))


def _spelled(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, Decimal):
        pattern = (
            "#,##0.0" if cell != cell.to_integral_value() or cell.as_tuple().exponent == -1 else "#,##0.##"
        )
        return str(format_decimal(cell, pattern, locale=str(get_locale() or "sv_SE"))).replace("-", "−")
    return str(cell)
