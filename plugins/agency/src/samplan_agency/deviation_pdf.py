"""Invoice deviations as a document for the supplier, tagged (PDF/UA-1), typeset by Typst."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from samplan.plugin_api import Language, _, typeset
from samplan_agency import labels
from samplan_agency.queries.control.lines import QueueLine

_TEMPLATE = Path(__file__).parent / "typeset" / "deviations.typ"


def write_pdf(lines: Sequence[QueueLine], region: str, day: date, language: Language) -> bytes:
    """Return the deviations by supplier as a PDF in the language of the request."""
    return typeset(_TEMPLATE, _data(lines, region, day, language))


def _data(lines: Sequence[QueueLine], region: str, day: date, language: Language) -> dict[str, Any]:
    title = _("Invoice deviations")
    names = sorted({line.supplier for line in lines})
    return {
        "lang": language,
        "title": title,
        "author": region,
        "lead": f"{region}, {day.isoformat()}. " + _("Amounts are SEK without VAT."),
        "foot": f"{title} · {region} · {day.isoformat()}",
        "nothing": _("No deviations."),
        "columns": [
            _("Invoice"),
            _("Call-off"),
            _("Date"),
            _("Reason"),
            _("Billed"),
            _("Expected"),
            _("Difference"),
        ],
        "sections": [
            _section(name, [line for line in lines if line.supplier == name], language) for name in names
        ],
    }


def _section(name: str, lines: Sequence[QueueLine], language: Language) -> dict[str, Any]:
    total = sum((line.row.difference for line in lines), Decimal(0))
    return {
        "title": name or _("Supplier not told"),
        "rows": [
            [
                line.line.invoice or "–",
                line.line.order_reference or "–",
                (line.line.work_date or line.line.work_month).isoformat()[: 10 if line.line.work_date else 7],
                ". ".join(filter(None, (str(labels.REASONS[line.row.reason]), line.row.note))),
                *(
                    _sek(amount, language)
                    for amount in (line.row.billed, line.row.expected, line.row.difference)
                ),
            ]
            for line in lines
        ],
        "total": _("Sum of differences: %(amount)s SEK", amount=_sek(total, language)),
    }


def _sek(amount: Decimal, language: Language) -> str:
    return str(format_decimal(amount, "#,##0.00", locale="en" if language == "en" else "sv_SE"))
