"""The key of a line of costs: what tells that a later delivery gives the same line again."""

from __future__ import annotations

import re
from hashlib import md5
from uuid import UUID


def line_key(natural: str) -> UUID:
    """Return the hash of a natural key, as PostgreSQL's `md5(…)::uuid`; it protects nothing."""
    return UUID(md5(natural.encode(), usedforsecurity=False).hexdigest())


def names_a_person(consultant: str) -> bool:
    """Tell whether a consultant id looks like a name: it has no digit."""
    return re.search("[0-9]", consultant) is None
