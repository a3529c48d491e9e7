"""What jobs compute without a database: due times, durations, messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan.jobs.cli import Duration
from samplan.jobs.context import JobFailed
from samplan.jobs.dispatch import InlineDispatcher, message_id
from samplan.jobs.schedules import latest_due, schedule_key
from samplan.modules.contributions import Schedule

STOCKHOLM = "Europe/Stockholm"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


instants = st.integers(0, 2 * 366 * 86400).map(lambda seconds: at("2026-01-01") + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        ("15 3 * * *", "2027-01-04 02:15:00", "2027-01-04 02:15"),
        ("15 3 * * *", "2027-01-04 02:14:59.999", "2027-01-03 02:15"),
        ("15 3 * * *", "2027-07-04 02:00", "2027-07-04 01:15"),  # summer time
        ("30 2 * * *", "2027-03-28 01:00", "2027-03-28 01:00"),  # 02:30 is skipped: it comes at 03:00
        ("30 2 * * *", "2027-10-31 05:00", "2027-10-31 00:30"),  # 02:30 comes twice: the first one counts
        ("0 6 * * MON", "2027-01-10 12:00", "2027-01-04 05:00"),
        ("0 0 1 1 *", "2027-06-01 00:00", "2026-12-31 23:00"),
    ],
)
def test_the_latest_due_time_is_found_in_the_tenants_time_zone(cron: str, now: str, due: str) -> None:
    assert latest_due(cron, STOCKHOLM, at(now)) == at(due)


@given(instants, st.integers(0, 59), st.integers(0, 23))
def test_a_due_time_is_never_in_the_future_and_never_more_than_a_day_old(
    now: datetime, minute: int, hour: int
) -> None:
    due = latest_due(f"{minute} {hour} * * *", STOCKHOLM, now)
    assert due <= now
    assert now - due <= timedelta(hours=25)  # the day on which the clock is put back has 25 hours
    assert latest_due(f"{minute} {hour} * * *", STOCKHOLM, due) == due
    local = due.astimezone(ZoneInfo(STOCKHOLM))
    assert (local.hour, local.minute) == (hour, minute) or (hour == 2 and local.hour == 3)


def test_a_changed_schedule_is_a_new_one() -> None:
    keys = {
        schedule_key(schedule)
        for schedule in (
            Schedule("a.x", "0 3 * * *"),
            Schedule("a.x", "0 4 * * *"),
            Schedule("a.x", "0 3 * * *", {"unit": 1}),
            Schedule("a.y", "0 3 * * *"),
        )
    }
    assert len(keys) == 4
    assert "a.x 0 3 * * *" in keys


@pytest.mark.parametrize(("text", "seconds"), [("5", 5), ("5s", 5), ("500ms", 0.5), ("1.5m", 90)])
def test_durations_are_read(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds
    assert Duration().convert(seconds * 1.0, None, None) == seconds
    with pytest.raises(click.BadParameter, match="not a duration"):
        Duration().convert(f"{text} or so", None, None)


def test_a_message_is_kept_once_until_it_is_worked_off() -> None:
    dispatcher = InlineDispatcher()
    tenant, run = uuid4(), UUID(int=7)
    for attempt in (1, 1, 2):
        dispatcher.send(tenant, run, attempt, "solve", max_seconds=9)
    assert dispatcher.waiting("solve") == {message_id(run, 1), f"{run}-2"}
    assert dispatcher.waiting("high") == frozenset()


def test_a_failure_carries_its_code_text_and_values() -> None:
    failure = JobFailed("infeasible", "%(n)d too few", n=3)
    assert (failure.code, str(failure), failure.details) == ("infeasible", "%(n)d too few", {"n": 3})
    assert JobFailed.code == "error"
