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
    """Return a version 7 UUID (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits.

    The database's own `uuidv7()` is the default for rows written in SQL; rows of the ORM get their key
    here, so that many can be written in one statement.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID that `text` spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
