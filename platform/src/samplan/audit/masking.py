"""What an entry of the audit trail may show: values as plain JSON, without secrets and personal data."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

SET, CHANGED = "set", "changed"
LONGEST_TEXT = 1000

# Fields that hold a secret whatever the caller says about them, and texts that are one wherever they stand.
SECRET_NAME = re.compile(
    r"passw|secret|token|credential|api_?key|private_?key|hash|cookie|authorization", re.IGNORECASE
)
SECRET_TEXT = re.compile(
    r"smp_[0-9a-z]{16}|whsec_[0-9a-z+/]{16}|\$argon2|bearer\s+\S{16}|-----BEGIN [A-Z ]*PRIVATE KEY",
    re.IGNORECASE,
)

_LARGEST_INTEGER = 2**63


def plain(value: object) -> Any:
    """Return `value` as JSON that comes back from PostgreSQL's `jsonb` as it went in.

    Whole numbers lose their decimal point, what JSON cannot say becomes text, text loses what PostgreSQL
    cannot store; so `plain(read back) == plain(written)`, which the hash chain rests on.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _plain_number(value)
    if isinstance(value, Mapping):
        return {_plain_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _plain_text(_as_text(value))


def _plain_number(value: Any) -> int | float | str:
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        whole = int(value)
        return whole if abs(whole) < _LARGEST_INTEGER else str(whole)
    return float(value)


def _as_text(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _plain_text(text: str) -> str:
    text = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def masked(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, personal: Collection[str] = ()
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return both sides of a change as they may be kept.

    A personal or secret field shows as "set" or "changed", or as None where it has no value.

    Args:
        before: the fields as they were; None for a new thing.
        after: the fields as they are now; None for one that is gone.
        personal: names of fields with personal data, at any depth.
    """
    old = None if before is None else plain(before)
    new = None if after is None else plain(after)
    return _shown(old, None, personal), _shown(new, old, personal)


def _shown(
    values: dict[str, Any] | None, former: dict[str, Any] | None, personal: Collection[str]
) -> dict[str, Any] | None:
    """Return `values` with what is personal or secret replaced by marks; `former` tells what has changed."""
    if values is None:
        return None
    return {
        name: _shown_value(name, value, (former or {}).get(name), personal) for name, value in values.items()
    }


def _shown_value(name: str, value: Any, former: Any, personal: Collection[str]) -> Any:
    if name in personal or SECRET_NAME.search(name):
        return _mark(value, former)
    if isinstance(value, dict):
        return _shown(value, former if isinstance(former, dict) else None, personal)
    if isinstance(value, list):
        return [_shown_value("", item, None, personal) for item in value]
    if isinstance(value, str) and SECRET_TEXT.search(value):
        return _mark(value, former)
    return value


def _mark(value: Any, former: Any) -> str | None:
    if value is None:
        return None
    return SET if former is None or former == value else CHANGED
