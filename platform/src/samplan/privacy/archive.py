"""A register extract as a file: for each part a JSON and a CSV, and a list of what there is."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from samplan.audit.export import BYTE_ORDER_MARK, safe_cell
from samplan.modules.contributions import ExportPart
from samplan.privacy.service import Extract
from samplan.privacy.subject import Subject
from samplan.tenancy.context import TenantContext

INDEX = "index.json"


def extract_archive(extract: Extract, tenant: TenantContext, subject: Subject, made_at: datetime) -> bytes:
    """Return the ZIP; CSV files are as Swedish spreadsheets open them, with nothing a formula could be."""
    buffer = io.BytesIO()
    stamp = made_at.timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, text: str) -> None:
            archive.writestr(zipfile.ZipInfo(name, stamp), text.encode(), zipfile.ZIP_DEFLATED)

        add(INDEX, _json(_index(extract, tenant, subject, made_at)))
        for module, parts in extract.parts.items():
            for part in parts:
                path = f"{_safe(module)}/{_safe(part.name)}"
                add(f"{path}.json", _json(list(part.rows)))
                add(f"{path}.csv", _csv(part))
    return buffer.getvalue()


def _index(extract: Extract, tenant: TenantContext, subject: Subject, made_at: datetime) -> dict[str, Any]:
    return {
        "tenant": {"slug": tenant.slug, "name": tenant.name},
        "made_at": made_at.isoformat(timespec="seconds"),
        "subject": {
            "membership_id": subject.membership_id,
            "account_id": subject.ref.account_id,
            "reference": subject.ref.reference,
        },
        "parts": [
            {"module": module, "name": part.name, "about": str(part.label), "rows": len(part.rows)}
            for module, parts in extract.parts.items()
            for part in parts
        ],
    }


def _safe(name: str) -> str:
    """Return a part's name as the name of a file, whatever a plugin calls it."""
    return re.sub(r"[^\w-]", "_", name) or "_"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _csv(part: ExportPart) -> str:
    columns = list(dict.fromkeys(name for row in part.rows for name in row))
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([safe_cell(name) for name in columns])
    writer.writerows(_cells(row, columns) for row in part.rows)
    return buffer.getvalue()


def _cells(row: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
    return [safe_cell(_cell(row.get(name))) for name in columns]


def _cell(value: object) -> object:
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value) if hasattr(value, "isoformat") else value
