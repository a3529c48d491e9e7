"""A roster as a workbook: the grid with coverage and hours, what is missing, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale

from samplan.plugin_api import Book, Cell, _
from samplan_rostering import labels
from samplan_rostering.domain.ward import ShiftKind
from samplan_rostering.models import Roster
from samplan_rostering.queries.rosters.coverage import Level
from samplan_rostering.queries.rosters.grid import Day, Grid, GridCell
from samplan_rostering.queries.rosters.stored import PeriodRoster

Style = Mapping[str, object]
LINES: Style = MappingProxyType({"border": 1, "border_color": "#B8C4CC"})
HEADING: Style = MappingProxyType({**LINES, "bold": True, "bg_color": "#DCEBEF"})
PLAIN: Style = MappingProxyType({**LINES, "align": "center"})
DURATION: Style = MappingProxyType({**PLAIN, "num_format": "[h]:mm"})
RED: Style = MappingProxyType({**PLAIN, "bg_color": "#EEF0F2"})
NAME: Style = MappingProxyType({**PLAIN, "align": "left", "bold": True})
SHIFTS: Mapping[ShiftKind, Style] = MappingProxyType(
    {
        ShiftKind.DAY: {**PLAIN, "bg_color": "#FCE9B0"},
        ShiftKind.EVENING: {**PLAIN, "bg_color": "#F7CBA8"},
        ShiftKind.NIGHT: {**PLAIN, "bg_color": "#2F3E86", "font_color": "#FFFFFF"},
    }
)
LEVELS: Mapping[Level, tuple[str, Style]] = MappingProxyType(
    {
        Level.BELOW_MINIMUM: (" ▼", {**PLAIN, "bg_color": "#F8D4D4", "bold": True}),
        Level.BELOW_TARGET: (" ▽", {**PLAIN, "bg_color": "#FBEACB"}),
        Level.MET: ("", PLAIN),
        Level.ABOVE_MAXIMUM: (" ▲", {**PLAIN, "bg_color": "#DCE9FA"}),
    }
)
FIRST_DAY = 3  # after name, profession and share of full time


def write_roster(shown: PeriodRoster, roster: Roster) -> bytes:
    """Return the roster's workbook, in the language of the request."""
    grid = shown.grid
    created = datetime.combine(grid.ward.period.start, time())
    book = Book(title=f"{grid.ward.unit.name} {grid.ward.period.start}", created=created)
    _write_grid(book, grid)
    _write_unmet(book, grid)
    _write_costs(book, shown, roster)
    return book.finish()


def _write_grid(book: Book, grid: Grid) -> None:
    sheet = book.sheet(_("Roster"))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 18)
    sheet.set_column(FIRST_DAY, FIRST_DAY + len(grid.days) - 1, 5.5)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 2)
    sheet.freeze_panes(3, 1)
    _write_head(book, sheet, grid)
    row = 3
    for row, person in enumerate(grid.people, start=3):
        book.put(sheet, row, 0, person.employee.name or person.employee.code, NAME)
        hired = person.employee.hired
        words = (_("Hired"), hired.supplier) if hired else ()
        book.put(sheet, row, 1, ", ".join((*words, person.employee.profession)), PLAIN)
        book.put(sheet, row, 2, ", ".join(map(_percent, person.percentages)), PLAIN)
        for cell in person.cells:
            text, style = _shown(cell)
            book.put(sheet, row, FIRST_DAY + cell.day.number, text, style)
        end = FIRST_DAY + len(grid.days)
        for place, minutes in enumerate(
            (person.hours.rostered, person.hours.contract, person.hours.deviation)
        ):
            book.put(sheet, row, end + place, timedelta(minutes=minutes), DURATION)
    _write_coverage(book, sheet, grid, row + 2)


def _percent(share: Decimal) -> str:
    return f"{format_decimal(share, locale=get_locale() or 'sv_SE')} %"


def _write_head(book: Book, sheet: Any, grid: Grid) -> None:
    for column, heading in enumerate((_("Employee"), _("Profession"), _("Share of full time"))):
        book.put(sheet, 2, column, heading, HEADING)
    for day in grid.days:
        column = FIRST_DAY + day.number
        if day.monday or day.number == 0:
            book.put(sheet, 0, column, day.on.isocalendar().week, HEADING)
        book.put(sheet, 1, column, day.on, _head_style(day) | {"num_format": "ddd"})
        book.put(sheet, 2, column, day.on, _head_style(day) | {"num_format": "d/m"})
        if day.holiday:
            sheet.write_comment(2, column, day.holiday)
    for place, heading in enumerate((_("Hours"), _("Contract"), _("Deviation"))):
        book.put(sheet, 2, FIRST_DAY + len(grid.days) + place, heading, HEADING)


def _head_style(day: Day) -> dict[str, object]:
    return {**HEADING, "bg_color": "#D5DADF"} if day.red else dict(HEADING)


def _shown(cell: GridCell) -> tuple[str | None, Style]:
    if cell.shift is not None:
        return cell.shift.code, SHIFTS[cell.shift.kind]
    if cell.absence is not None:
        return str(labels.ABSENCES[cell.absence.kind][0]), {**PLAIN, "italic": True}
    if cell.parts:
        signs = ", ".join(
            f"{labels.ABSENCES[row.kind][0]} "
            + (f"{row.start:%H:%M}–{row.end:%H:%M}" if row.times_told else _("part of the day"))
            for row in cell.parts
        )
        return signs, {**PLAIN, "italic": True}
    return None, RED if cell.day.red else PLAIN


def _write_coverage(book: Book, sheet: Any, grid: Grid, top: int) -> None:
    for place, row in enumerate(grid.coverage):
        book.put(
            sheet, top + place, 0, f"{row.shift.code} {row.skill.code if row.skill else _('everybody')}", NAME
        )
        book.put(sheet, top + place, 1, _("Staffed/target"), PLAIN)
        for day, need in zip(grid.days, row.needs, strict=True):
            if need is not None:
                sign, style = LEVELS[need.level]
                text = f"{need.staffed}/{need.target}{sign}"
                book.put(sheet, top + place, FIRST_DAY + day.number, text, style)


def _write_unmet(book: Book, grid: Grid) -> None:
    headings = (_("Date"), _("Shift"), _("Skill"), _("Staffed"), _("Minimum"), _("Target"), _("Missing"))
    rows = [
        (
            need.on,
            need.shift,
            need.skill or _("everybody"),
            need.staffed,
            need.minimum,
            need.target,
            need.missing,
        )
        for need in grid.unmet
    ]
    _write_list(book, _("Missing people"), headings, rows)


def _write_costs(book: Book, shown: PeriodRoster, roster: Roster) -> None:
    names = {str(term): str(name) for term, name in labels.TERMS.items()}
    rows: list[tuple[Cell, ...]] = [
        (names.get(term, term), points) for term, points in shown.check.breakdown.items()
    ]
    rows += [(_("Total"), shown.check.objective), (_("Cannot be lower than"), roster.bound)]
    rows += [(_("Broken rule"), breach.text) for breach in shown.check.breaches]
    _write_list(book, _("Penalty points"), (_("Term"), _("Points")), rows)


def _write_list(book: Book, name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.sheet(name)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(headings), 14)
    for column, heading in enumerate(headings):
        book.put(sheet, 0, column, heading, HEADING)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            book.put(sheet, number, column, value)
    sheet.freeze_panes(1, 0)
