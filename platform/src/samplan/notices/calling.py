"""One call of an endpoint: signed, to an address that was checked, without following where it points."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from standardwebhooks.webhooks import Webhook

from samplan import __version__
from samplan.notices.guard import Blocked, addresses_of
from samplan.settings import IPNetwork

SECONDS = 10.0  # for each step, and twice that for the whole call


@dataclass(frozen=True, slots=True)
class Call:
    """What is told to whom: `secrets` sign it, the newest first."""

    url: str
    secrets: tuple[str, ...]
    event_id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call went: the answer's status, or in a word why there is none."""

    status: int | None
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether the endpoint has taken it: any status from 200 to 299."""
        return self.status is not None and 200 <= self.status < 300


def body_of(event: str, at: datetime, tenant: str, payload: dict[str, Any]) -> str:
    """Return what is sent: the type, the time, the tenant's slug, and what is told."""
    told = {"type": event, "timestamp": at.isoformat(), "tenant": tenant, "data": payload}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def headers_of(call: Call, now: datetime) -> dict[str, str]:
    """Return the headers of the Standard Webhooks; the id is the event's, and the same at every try."""
    key = str(call.event_id)
    signatures = (Webhook(secret).sign(key, now, call.body) for secret in call.secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Samplan/{__version__}",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def post(call: Call, now: datetime, networks: Iterable[IPNetwork]) -> Answer:
    """Call an endpoint and return how that went; nothing of the answer but its status is read."""
    parts = urlsplit(call.url)
    host, tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _Checked(host, port, addresses_of(host, port, networks), tls=tls)
    except Blocked:
        return Answer(None, "private")
    except (OSError, UnicodeError):
        return Answer(None, "unknown_host")
    watch = threading.Timer(SECONDS * 2, connection.abort)
    watch.start()
    try:
        connection.request("POST", path, call.body.encode(), headers_of(call, now))
        return Answer(connection.getresponse().status)
    except ssl.SSLError:
        return Answer(None, "tls")
    except TimeoutError:
        return Answer(None, "timeout")
    except (OSError, http.client.HTTPException):
        return Answer(None, "timeout" if connection.aborted else "unreachable")
    finally:
        watch.cancel()
        connection.close()


class _Checked(http.client.HTTPConnection):
    """A connection to addresses that were checked: the name is not looked up again in between."""

    def __init__(self, host: str, port: int, addresses: list[str], *, tls: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._addresses, self._tls = addresses, tls
        self.aborted = False

    def connect(self) -> None:
        """Connect to the first address that answers; the certificate must be the name's."""
        for number, address in enumerate(self._addresses, start=1):
            try:
                self.sock = socket.create_connection((address, self.port), SECONDS)
                break
            except OSError:
                if self.aborted or number == len(self._addresses):
                    raise
        if self._tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """End a call that takes too long, from another thread."""
        self.aborted = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.close()
