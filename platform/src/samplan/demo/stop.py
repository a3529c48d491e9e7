"""Stopping when asked to: signals are noted, and obeyed between two steps."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STEP_SECONDS = 0.1


class Stopped(Exception):
    """The user, or the system, asked the demo to stop."""


@dataclass(slots=True)
class Stop:
    """Whether somebody asked the demo to stop.

    Nothing is interrupted in the middle: a server that is being started is known before it is stopped.
    """

    requested: bool = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note SIGINT, SIGTERM and SIGHUP for the block; a SIGHUP that nohup ignores stays ignored."""
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, _number: int, _frame: object) -> None:
        if not self.requested:
            os.write(2, b"\nstopping ...\n")  # print is not safe in a signal handler
        self.requested = True

    def check(self) -> None:
        """Raise `Stopped` when somebody asked for it."""
        if self.requested:
            raise Stopped

    def sleep(self, seconds: float) -> None:
        """Wait, or raise `Stopped` as soon as somebody asks for it."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, STEP_SECONDS))
            self.check()
