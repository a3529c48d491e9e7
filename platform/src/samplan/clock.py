"""Time as an argument: services take a `Clock`, tests give a frozen one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, time-zone aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's present instant in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock for tests that stands still until it is moved."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock on by `by`."""
        self.instant += by


def local_now(clock: Clock, timezone: str) -> datetime:
    """Return the present instant where the clocks follow a time zone; its date is today there.

    `timezone` is the tenant's: what is today is the same on pages, in the API and in commands.
    """
    return clock.now().astimezone(ZoneInfo(timezone))
