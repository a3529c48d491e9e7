"""A call-off as files for suppliers: a workbook with places for answers, and a PDF (PDF/UA-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from babel.numbers import format_decimal

from samplan.plugin_api import Value, _, language, typeset, write_workbook
from samplan_agency.files.calloff import ANSWERS, CONFIRMED
from samplan_agency.models import CallOffAnswer
from samplan_agency.queries.calloff.shown import CallOffView, LineView

Confirmed: TypeAlias = tuple[LineView, CallOffAnswer]
"""A person who is confirmed for a line."""
_TEMPLATE = Path(__file__).parent / "typeset" / "calloff.typ"


def file_name(view: CallOffView) -> str:
    """Return what the files of a call-off are called, without ending."""
    return _("Call-off %(reference)s", reference=view.reference)


def request_workbook(view: CallOffView, lines: Iterable[LineView], created: datetime) -> bytes:
    """Return the workbook that suppliers fill in: a row for each person that is missing."""
    intro = (
        _("Call-off %(reference)s. State the reference on the invoice.", reference=view.reference),
        _("Each row is one person. Leave the id and the price empty where you have nobody."),
    )
    return write_workbook(
        [ANSWERS],
        {ANSWERS.key: _rows(lines)},
        title=file_name(view),
        intro=intro,
        language=language(),
        created=created,
    )


def confirmation_workbook(view: CallOffView, people: Iterable[Confirmed], created: datetime) -> bytes:
    """Return the workbook of what is confirmed: a row for each person and shift."""
    rows = [
        {"consultant": answer.consultant, "price": answer.price, **_shift(line)} for line, answer in people
    ]
    intro = (
        _("Confirmed shifts of %(reference)s. State the reference on the invoice.", reference=view.reference),
    )
    return write_workbook(
        [CONFIRMED],
        {CONFIRMED.key: rows},
        title=confirmation_name(view),
        intro=intro,
        language=language(),
        created=created,
    )


def confirmation_name(view: CallOffView) -> str:
    """Return what the files of a confirmation are called, without ending."""
    return _("Confirmation %(reference)s", reference=view.reference)


def _rows(lines: Iterable[LineView]) -> Iterator[dict[str, Value | None]]:
    for line in lines:
        for _person in range(line.missing):
            yield _shift(line)


def _shift(line: LineView) -> dict[str, Value | None]:
    return {
        "line": line.number,
        "unit": line.unit,
        "date": line.begins.date(),
        "begins": line.begins.time(),
        "ends": line.ends.time(),
        "break_minutes": line.row.break_minutes,
        "shift": line.row.shift,
        "skill": line.row.skill or "",
        "level": line.row.level,
    }


def request_pdf(view: CallOffView, lines: Sequence[LineView], tenant: str, until: str) -> bytes:
    """Return the request as a tagged PDF; `until` is the time for answers in words, empty for a draft."""
    lead = _("Answer by %(until)s at the latest.", until=until) if until else _("Draft")
    note = _("State %(reference)s in your answer and on the invoice.", reference=view.reference)
    rows = [[*_cells(line), str(line.missing)] for line in lines]
    return _pdf(file_name(view), tenant, (lead, note), [*_heads(), _("People")], rows)


def confirmation_pdf(view: CallOffView, people: Sequence[Confirmed], tenant: str) -> bytes:
    """Return what is confirmed as a tagged PDF."""
    lead = _("These people are confirmed.")
    note = _("State %(reference)s on the invoice.", reference=view.reference)
    rows = [[*_cells(line), answer.consultant, _amount(answer.price)] for line, answer in people]
    heads = [*_heads(), _("Consultant id"), _("SEK an hour")]
    return _pdf(confirmation_name(view), tenant, (lead, note), heads, rows)


def _pdf(
    title: str, author: str, texts: tuple[str, str], heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    data = {
        "lang": language(),
        "title": title,
        "author": author,
        "lead": texts[0],
        "note": texts[1],
        "columns": heads,
        "rows": rows,
    }
    return typeset(_TEMPLATE, data)


def _amount(price: Decimal | None) -> str:
    locale = "en" if language() == "en" else "sv_SE"
    return "" if price is None else str(format_decimal(price, "#,##0.00", locale=locale))


def _heads() -> list[str]:
    return [
        _("Line"), _("Unit"), _("Date"), _("Times"), _("Break"), _("Shift"), _("Competence"),
        _("Professional category"),
    ]  # fmt: skip


def _cells(line: LineView) -> list[str]:
    return [
        str(line.number),
        line.unit,
        line.begins.date().isoformat(),
        f"{line.begins:%H:%M}–{line.ends:%H:%M}",
        f"{line.row.break_minutes} min",
        line.row.shift,
        line.row.skill or "",
        line.row.level,
    ]
