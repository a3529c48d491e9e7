"""How often somebody may try to sign in: per account and per address, over a moving window.

Counted in Redis, and in this process's own memory while Redis cannot be reached. An attempt counts for
its account before the password is looked at, so that parallel attempts cannot outrun the limit; a success
clears the account. For an address only failures count: a whole hospital may sit behind one.
"""

from __future__ import annotations

import hmac
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar, cast

import structlog
from flask import Flask, Response, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from samplan.errors import NotFound
from samplan.i18n import ngettext
from samplan.settings import Settings

log = structlog.get_logger(__name__)

_EXTENSION = "samplan_throttle"
_REDIS_TIMEOUT_S = 1
T = TypeVar("T")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class LoginThrottle:
    """The limit, and where attempts are counted: `windows` are tried in their order."""

    limit: RateLimitItem
    windows: tuple[MovingWindowRateLimiter, ...]
    prefix: str
    secret: bytes

    @classmethod
    def counting_in(cls, storage: Storage, settings: Settings) -> LoginThrottle:
        """Count in `storage`, and in memory while it fails, by the settings' limit."""
        windows = (MovingWindowRateLimiter(storage), MovingWindowRateLimiter(MemoryStorage()))
        prefix = f"samplan:{settings.environment}"
        return cls(parse(settings.login_attempts), windows, prefix, settings.secret_key.encode())

    def seconds_to_wait(self, email: str, address: str) -> int:
        """Count an attempt, and return 0 where it may go on, else in how many seconds to try again."""
        account, place = self._account(email), self._place(address)
        if not self._ask(lambda window: window.test(self.limit, *place)):
            return self._wait(place)
        if not self._ask(lambda window: window.hit(self.limit, *account)):
            return self._wait(account)
        return 0

    def failed(self, address: str) -> None:
        """Count a failure against the address that it came from."""
        place = self._place(address)
        self._ask(lambda window: window.hit(self.limit, *place))

    def seconds_to_wait_with_secret(self, secret: str) -> int:
        """Count the use of a secret as `seconds_to_wait` does an attempt to sign in."""
        used = self._key("used", secret)
        return 0 if self._ask(lambda window: window.hit(self.limit, *used)) else self._wait(used)

    def seconds_to_wait_after_wrong_secret(self, address: str) -> int:
        """Count a wrong secret, apart from sign-ins: calendars go on asking by addresses that have ended."""
        place = self._key("secret", network_of(address))
        return 0 if self._ask(lambda window: window.hit(self.limit, *place)) else self._wait(place)

    def succeeded(self, email: str) -> None:
        """Forget the account's attempts."""
        account = self._account(email)
        self._ask(lambda window: window.clear(self.limit, *account))

    def _wait(self, key: tuple[str, ...]) -> int:
        stats = self._ask(lambda window: window.get_window_stats(self.limit, *key))
        return max(1, math.ceil(stats.reset_time - time.time()))

    def _account(self, email: str) -> tuple[str, ...]:
        return self._key("account", email.strip().casefold())

    def _place(self, address: str) -> tuple[str, ...]:
        return self._key("address", network_of(address))

    def _key(self, kind: str, who: str) -> tuple[str, ...]:
        # Redis holds no personal data: who it is appears only as a keyed hash.
        return (self.prefix, kind, hmac.digest(self.secret, who.encode(), "sha256").hex())

    def _ask(self, question: Callable[[MovingWindowRateLimiter], T]) -> T:
        """Put the question to the first window that can answer."""
        for window in self.windows[:-1]:
            try:
                return question(window)
            except StorageError as error:
                log.warning("throttle_storage_unavailable", error=type(error.storage_error).__name__)
        return question(self.windows[-1])


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or an IPv6 network of 64 bits, one subscriber's."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def install_throttle(app: Flask, settings: Settings) -> None:
    """Let `app` count sign-in attempts as the settings say."""
    url = settings.redis_url
    storage = storage_from_string(
        url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url,
        wrap_exceptions=True,
        socket_timeout=_REDIS_TIMEOUT_S,
        socket_connect_timeout=_REDIS_TIMEOUT_S,
    )
    app.extensions[_EXTENSION] = LoginThrottle.counting_in(cast("Storage", storage), settings)


def current_throttle() -> LoginThrottle:
    """Return the throttle of this application."""
    return cast("LoginThrottle", current_app.extensions[_EXTENSION])


def limited_by_token(token: str, answer: Callable[[], Answer]) -> Answer | Response:
    """Return the answer to who comes with a secret in the address, unless it was used too often.

    Wrong secrets count against the address that they come from, and a good one is answered all the same: a
    whole hospital may sit behind one, and secrets are too long to be guessed. The answer to a wrong secret is
    as short as can be, and the same for all that may be wrong.
    """
    throttle = current_throttle()
    if wait := throttle.seconds_to_wait_with_secret(token):
        return Response("", 429, {"Retry-After": str(wait)})
    try:
        return answer()
    except NotFound:
        wait = throttle.seconds_to_wait_after_wrong_secret(request.remote_addr or "")
        return Response("", 429, {"Retry-After": str(wait)}) if wait else Response("", 404)


def too_many_attempts(wait: int) -> str:
    """Return what to tell somebody who has to wait so many seconds."""
    return ngettext(
        "Too many attempts. Try again in a minute.",
        "Too many attempts. Try again in %(num)s minutes.",
        math.ceil(wait / 60),
    )
