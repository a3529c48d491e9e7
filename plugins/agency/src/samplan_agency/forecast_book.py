"""A forecast as a workbook: the same tables as its page, in SEK."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from samplan.plugin_api import Book, Cell, _
from samplan_agency.domain.forecast_table import by_division, by_type, changes, points, result
from samplan_agency.domain.outlook import Part
from samplan_agency.forecast_words import REASONS, type_name
from samplan_agency.queries.forecast.kept import KeptForecast

_BOLD = {"bold": True}
_MONEY = {"num_format": "#,##0"}
_WIDTH = 18
_FIRST_WIDTH = 44


def forecast_book(kept: KeptForecast, now: datetime) -> bytes:
    """Return the workbook of a forecast, in the language of the request."""
    forecast = kept.forecast
    title = _("Forecast %(year)s number %(number)s", year=forecast.year, number=forecast.number)
    book = Book(title=title, created=now)
    about = _(
        "Outcome up to %(month)s. SEK; revenue positive, costs negative: a positive deviation is better than"
        " the budget.",
        month=f"{forecast.as_of:%Y-%m}",
    )
    plain = _("Costs and revenue both positive.")
    once = _("So that nothing is counted twice.")
    _sheet(book, _("Forecast"), (title, about), _line_headings(), _line_rows(kept))
    _sheet(book, _("Outcome"), (title, plain), _change_headings(), _change_rows(kept))
    _sheet(book, _("Months"), (title, about), _month_headings(), _month_rows(kept))
    counted, left = _part_rows(kept, kept.counted), _part_rows(kept, kept.left_out)
    _sheet(book, _("Counted"), (title, about), _part_headings(), [row[:-1] for row in counted])
    _sheet(book, _("Left out"), (title, once), [*_part_headings(), _("Why")], left)
    return book.finish()


def _sheet(
    book: Book, name: str, above: tuple[str, str], headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    sheet = book.sheet(name)
    sheet.set_column(0, 0, _FIRST_WIDTH)
    sheet.set_column(1, len(headings) - 1, _WIDTH)
    book.put(sheet, 0, 0, above[0], {"bold": True, "font_size": 14})
    book.put(sheet, 1, 0, above[1])
    for place, heading in enumerate(headings):
        book.put(sheet, 3, place, heading, _BOLD | {"bottom": 1, "text_wrap": True})
    sheet.freeze_panes(4, 1)
    for number, row in enumerate(rows, start=4):
        for place, value in enumerate(row):
            book.put(sheet, number, place, value, _MONEY if isinstance(value, Decimal) else {})


def _line_headings() -> list[str]:
    return [_("Row"), _("Forecast"), _("Budget"), _("Deviation"), _("P10"), _("P90"), _("Last year")]


def _line_rows(kept: KeptForecast) -> list[list[Cell]]:
    known, names = kept.known, {"revenue": _("Revenue"), "cost": _("Gross cost"), "net": _("Net cost")}
    whole = [(names[str(line.key)], line) for line in result(kept.rows, known)]
    divisions = [
        (kept.names.get(line.key, _("No division")), line)  # type: ignore[call-overload] # by_division's keys
        for line in by_division(kept.rows, known, list(kept.names))
    ]
    types = [(str(type_name(*line.key)), line) for line in by_type(kept.rows, known)]  # type: ignore[misc] # by_type's keys
    rows: list[list[Cell]] = []
    for heading, several in (
        (_("The whole year"), whole),
        (_("Net by division"), divisions),
        (_("By cost type"), types),
    ):
        rows.append([heading])
        rows += [
            [
                name,
                line.forecast,
                line.budget or None,
                line.deviation if line.budget else None,
                line.low,
                line.high,
                line.last_year,
            ]
            for name, line in several
        ]
        rows.append([])
    return rows


def _change_headings() -> list[str]:
    return [
        _("Row"),
        _("Outcome so far"),
        _("Same months last year"),
        _("Against last year"),
        _("Against last year, per cent"),
    ]


def _change_rows(kept: KeptForecast) -> list[list[Cell]]:
    return [
        [
            _("All costs") if one.key == "cost" else str(type_name(*one.key)),  # type: ignore[misc] # changes' keys
            one.outcome,
            one.last_year,
            one.amount,
            None if one.percent is None else float(round(one.percent, 1)),
        ]
        for one in changes(kept.rows, kept.known)
    ]


def _month_headings() -> list[str]:
    accrued = _("Of it not invoiced yet")
    return [
        _("Month"), _("Outcome"), accrued, _("Forecast"), _("P10"), _("P90"), _("Budget"), _("Last year"),
    ]  # fmt: skip


def _month_rows(kept: KeptForecast) -> list[list[Cell]]:
    return [
        [
            f"{point.month:%Y-%m}",
            point.amount if point.known else None,
            point.accrued or None,
            None if point.known else point.amount,
            point.low,
            point.high,
            point.budget,
            point.last_year,
        ]
        for point in points(kept.rows, kept.known, kept.forecast.year)
    ]


def _part_headings() -> list[str]:
    return [_("What"), _("Division"), _("Cost type"), _("Amount")]


def _part_rows(kept: KeptForecast, parts: Iterable[Part]) -> list[list[Cell]]:
    return [
        [
            one.name,
            _("No division") if one.cell.division is None else kept.names.get(one.cell.division, ""),
            str(type_name(one.cell.kind, one.cell.cost_type)),
            -one.amount,
            str(REASONS[one.reason]) if one.reason else "",
        ]
        for one in parts
    ]
