"""The hash chain: what an entry's hash covers, and how a broken chain is read.

Each entry's hash is the SHA-256 of a canonical JSON of all its columns, among them its number and the hash
of the entry before it. Whoever changes, removes or moves an entry would have to write every later entry
and the head anew, which the application's role may not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from samplan.audit.masking import plain
from samplan.audit.models import AuditEntry

GENESIS = bytes(32)  # what the first entry names as the hash before it

COVERED = (
    "tenant_id",
    "id",
    "sequence",
    "at",
    "actor_kind",
    "actor_id",
    "action",
    "object_type",
    "object_id",
    "before",
    "after",
    "request_id",
    "previous_hash",
)

# Telling a moved entry from a changed one tries the numbers of all faulty ones: not worth it for very many.
MOST_MOVED = 200


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault of the chain.

    `changed`: the entry `sequence` is not as it was written. `missing`: the entries `sequence` to `until`
    are gone. `moved`: what stands at `sequence` was written as number `origin`. `head`: the note of the
    newest entry does not fit the entries, the last of which is `sequence`.
    """

    kind: Literal["changed", "missing", "moved", "head"]
    sequence: int
    until: int | None = None
    origin: int | None = None

    def __str__(self) -> str:
        if self.kind == "missing" and self.until != self.sequence:
            return f"entries {self.sequence} to {self.until} are missing"
        if self.kind == "missing":
            return f"entry {self.sequence} is missing"
        if self.kind == "moved":
            return f"entry {self.sequence} was written as number {self.origin}"
        if self.kind == "changed":
            return f"entry {self.sequence} has been changed"
        return f"the head does not fit the last entry, {self.sequence}"


def canonical(value: object) -> bytes:
    """Return the one way of writing `value` as JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def entry_hash(entry: AuditEntry, *, sequence: int | None = None) -> bytes:
    """Return the SHA-256 over an entry's columns; `sequence` asks as if it had another number."""
    columns = {name: getattr(entry, name) for name in COVERED}
    if sequence is not None:
        columns["sequence"] = sequence
    return hashlib.sha256(canonical(columns)).digest()


@dataclass(slots=True)
class ChainCheck:
    """Goes through a tenant's entries in the order of their numbers and collects what is wrong."""

    faults: list[ChainFault] = field(default_factory=list)
    _suspects: list[AuditEntry] = field(default_factory=list)
    _last: int = 0
    _last_hash: bytes = GENESIS

    def see(self, entry: AuditEntry) -> None:
        """Check the next entry against itself and against the one before it."""
        follows = entry.sequence == self._last + 1
        if not follows:
            self.faults.append(ChainFault("missing", self._last + 1, entry.sequence - 1))
        if entry_hash(entry) != entry.hash:
            self._suspects.append(entry)
        elif follows and entry.previous_hash != self._last_hash:
            # This entry is whole and remembers another one before it than the one that stands there.
            self._note_changed(self._last)
        self._last, self._last_hash = entry.sequence, entry.hash

    def finish(self, head: tuple[int, bytes] | None) -> list[ChainFault]:
        """Compare with the head and return all faults, in the order of the numbers they are about."""
        number, hash_ = head or (0, GENESIS)
        if number > self._last:
            self.faults.append(ChainFault("missing", self._last + 1, number))
        elif number < self._last:
            self.faults.append(ChainFault("head", self._last))
        elif hash_ != self._last_hash and not self._is_suspect(self._last):
            self._note_changed(self._last)
        self.faults += self._named_suspects()
        return sorted(set(self.faults), key=lambda fault: (fault.sequence, fault.kind))

    def _note_changed(self, sequence: int) -> None:
        if not self._is_suspect(sequence):
            self.faults.append(ChainFault("changed", max(sequence, 1)))

    def _is_suspect(self, sequence: int) -> bool:
        return any(suspect.sequence == sequence for suspect in self._suspects[-1:])

    def _named_suspects(self) -> Iterable[ChainFault]:
        """Tell entries that stand at another number than they were written at from changed ones."""
        places = self._open_places()
        for entry in self._suspects:
            origin = next((n for n in places if entry_hash(entry, sequence=n) == entry.hash), None)
            if origin is None:
                yield ChainFault("changed", entry.sequence)
            else:
                yield ChainFault("moved", entry.sequence, origin=origin)

    def _open_places(self) -> list[int]:
        """Return the numbers whose rightful entry is not there."""
        places = [suspect.sequence for suspect in self._suspects]
        for fault in self.faults:
            if fault.kind == "missing":
                until = fault.until or fault.sequence
                places += range(fault.sequence, min(until, fault.sequence + MOST_MOVED) + 1)
        return places if len(self._suspects) <= MOST_MOVED else []
