"""The audit trail as CSV, as Swedish spreadsheets open it: semicolons, UTF-8 with a mark."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samplan.audit.models import AuditEntry

BYTE_ORDER_MARK = "\ufeff"

# A spreadsheet takes a cell that begins like this for a formula, and may run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

COLUMNS = (
    "sequence",
    "at",
    "actor_kind",
    "actor_id",
    "actor",
    "action",
    "object_type",
    "object_id",
    "before",
    "after",
    "request_id",
    "hash",
)


def safe_cell(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(entries: Iterable[AuditEntry], names: Mapping[UUID, str], timezone: str) -> Iterator[str]:
    """Give the file's lines, the first with the columns' names; times are those of `timezone`."""
    zone = ZoneInfo(timezone)
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for entry in entries:
        name = names.get(entry.actor_id, "") if entry.actor_id else ""
        yield _line(
            (
                entry.sequence,
                entry.at.astimezone(zone).isoformat(timespec="seconds"),
                entry.actor_kind,
                entry.actor_id,
                name,
                entry.action,
                entry.object_type,
                entry.object_id,
                _as_json(entry.before),
                _as_json(entry.after),
                entry.request_id,
                entry.hash.hex(),
            )
        )


def _as_json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue()
