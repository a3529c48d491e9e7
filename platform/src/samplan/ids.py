"""Identifiers: types that keep them apart, and version 7 UUIDs."""

from __future__ import annotations

import os
import time
from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
GroupId = NewType("GroupId", UUID)
AccountId = NewType("AccountId", UUID)
RunId = NewType("RunId", UUID)


def new_id() -> UUID:
    """Return a version 7 UUID (RFC 9562, 5.7): Unix milliseconds, 12 bits of their fraction, random bits.

    The fraction (6.2, method 3; the database's own `uuidv7()` does so too) keeps what one process makes in
    its order. Rows of the ORM get their key here, so that many can be written in one statement.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62
    return UUID(int=value | int.from_bytes(os.urandom(8), "big") >> 2)


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID that `text` spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
