"""What is shown of key figures side by side, on the page and in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_decimal

from samplan.plugin_api import Cell, NumberFormat, TableColumn, _, write_table
from samplan_rostering.labels import clock_minutes
from samplan_rostering.queries.scenarios.comparison import Column
from samplan_rostering.scenario_words import FIGURES, FigureWords


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of one column, with how it differs from the base; `mood` is better, worse, other or none."""

    text: str
    more: str = ""
    mood: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of every column."""

    label: str
    values: tuple[Value, ...]


def figure_rows(columns: Sequence[Column]) -> list[FigureRow]:
    """Return the figures of the columns, the first of which is the base; money only where some has rates."""
    return [
        FigureRow(str(words.label), tuple(_value(words, column, columns[0]) for column in columns))
        for words in FIGURES
        if words.name != "money" or any(_figure(column, "money") is not None for column in columns)
    ]


def comparison_book(columns: Sequence[Column], created: datetime) -> bytes:
    """Return the comparison as a workbook: each figure, and by how much it differs from the base."""
    headings = [TableColumn(_("Figure"), width=44), TableColumn(_name(columns[0]), width=18)]
    for column in columns[1:]:
        headings += [
            TableColumn(_name(column), width=18),
            TableColumn(_("Difference"), NumberFormat.GENERAL, 14),
        ]
    rows: list[list[Cell]] = []
    for words in FIGURES:
        row: list[Cell] = [str(words.label), _cell(words, _figure(columns[0], words.name))]
        for column in columns[1:]:
            value, base = _figure(column, words.name), _figure(columns[0], words.name)
            more = None if value is None or base is None else round(value - base, 2)
            row += [_cell(words, value), None if more is None else _hours(words, more)]
        rows.append(row)
    return write_table(_("Comparison"), headings, rows, created=created)


def _name(column: Column) -> str:
    return column.name or _("The period as it is")


def _figure(column: Column, name: str) -> float | None:
    return None if column.figures is None else getattr(column.figures, name)


def _cell(words: FigureWords, value: float | None) -> Cell:
    if value is None:
        return None
    return timedelta(minutes=value) if words.unit == "minutes" else value


def _hours(words: FigureWords, more: float) -> Cell:
    """Return a difference; of times in hours, because a spreadsheet has no negative times."""
    return round(more / 60, 2) if words.unit == "minutes" else more


def _value(words: FigureWords, column: Column, base: Column) -> Value:
    value, before = _figure(column, words.name), _figure(base, words.name)
    if value is None:
        return Value("–")
    if before is None or column is base:
        return Value(_text(words, value))
    more = round(value - before, 2)
    if not more:
        return Value(_text(words, value), _("the same"))
    mood = "other" if not words.better else "better" if (more < 0) == (words.better == "lower") else "worse"
    return Value(_text(words, value), _text(words, more, sign=True), mood)


def _text(words: FigureWords, value: float, *, sign: bool = False) -> str:
    if words.unit == "minutes":
        return clock_minutes(int(value), sign=sign)
    text = str(format_decimal(abs(value)))
    return text if not sign else f"{'+' if value > 0 else '−'}{text}"
