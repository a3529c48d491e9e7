"""Who acts, and under which request: kept in context variables for the audit trail and the logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an account, by itself or through an API key, or the system."""

    kind: Literal["account", "api_key", "operator", "job", "system"]
    id: UUID | None = None


SYSTEM = Actor("system")

_actor: ContextVar[Actor] = ContextVar("samplan_actor", default=SYSTEM)
_request_id: ContextVar[str | None] = ContextVar("samplan_request_id", default=None)


def current_actor() -> Actor:
    """Return who acts now; the system where nobody has said otherwise."""
    return _actor.get()


def current_request_id() -> str | None:
    """Return the id of the request or run that this happens under."""
    return _request_id.get()


@contextmanager
def acting_as(actor: Actor, request_id: str | None = None) -> Iterator[Actor]:
    """Make `actor` (and the request or run id) current for the block."""
    actor_token = _actor.set(actor)
    request_token = _request_id.set(request_id) if request_id is not None else None
    try:
        yield actor
    finally:
        _actor.reset(actor_token)
        if request_token is not None:
            _request_id.reset(request_token)
