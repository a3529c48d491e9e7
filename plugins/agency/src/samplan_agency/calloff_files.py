"""A call-off as files for suppliers: a workbook with places for answers, and a PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from flask_babel import get_locale

from samplan.plugin_api import Language, Value, _, write_workbook
from samplan_agency.files.calloff import ANSWERS
from samplan_agency.queries.calloffs import CallOffView, LineView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
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
        language=_language(),
        created=created,
    )


def _rows(lines: Iterable[LineView]) -> Iterator[dict[str, Value | None]]:
    for line in lines:
        for _person in range(line.missing):
            yield {
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
    import typst  # native code, late

    heads = (
        _("Line"), _("Unit"), _("Date"), _("Times"), _("Break"), _("Shift"), _("Competence"),
        _("Professional category"), _("People"),
    )  # fmt: skip
    data = {
        "lang": _language(),
        "title": file_name(view),
        "author": tenant,
        "lead": _("Answer by %(until)s at the latest.", until=until) if until else _("Draft"),
        "note": _("State %(reference)s in your answer and on the invoice.", reference=view.reference),
        "columns": heads,
        "rows": [_cells(line) for line in lines],
    }
    content: bytes = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same document on every machine
    )
    return content


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
        str(line.missing),
    ]


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _language() -> Language:
    return "en" if str(get_locale() or "").startswith("en") else "sv"
