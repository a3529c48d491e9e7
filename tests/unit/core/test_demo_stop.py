"""Signals are noted and obeyed between two steps; the process's own handlers come back afterwards."""

import os
import signal
import time

import pytest

from samplan.demo.stop import Stop, Stopped


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_at_the_next_step_and_not_in_the_middle(
    number: signal.Signals, request: pytest.FixtureRequest
) -> None:
    # Where the tests run under nohup, a hangup is ignored already.
    given = signal.signal(number, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(number, given))
    stop, before = Stop(), signal.getsignal(number)
    with stop.listening():
        stop.check()
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        assert stop.requested
        with pytest.raises(Stopped):
            stop.check()
        with pytest.raises(Stopped):
            stop.sleep(60)
    assert signal.getsignal(number) == before


def test_hangup_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop = Stop()
        with stop.listening():
            os.kill(os.getpid(), signal.SIGHUP)
            stop.check()
            assert not stop.requested
    finally:
        signal.signal(signal.SIGHUP, before)


def test_sleep_lasts_as_long_as_nobody_asks() -> None:
    begin = time.monotonic()
    Stop().sleep(0.15)
    assert time.monotonic() - begin >= 0.15
