"""A calendar of published shifts: its clock, its identities, and the names that are not there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from samplan_rostering.calendar_file import write_calendar
from samplan_rostering.queries.publishing.shifts import OwnShift

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ME = UUID(int=5)


def shift(on: date, start: datetime, end: datetime, number: int = 1) -> OwnShift:
    return OwnShift(
        on=on,
        code="N",
        name="Natt",
        unit="Avdelning 12",
        starts_at=start.astimezone(UTC),
        ends_at=end.astimezone(UTC),
        timezone="Europe/Stockholm",
        number=number,
        published_at=datetime(2026, 9, 1, 12, tzinfo=UTC),
    )


def night(on: date) -> OwnShift:
    start = datetime(on.year, on.month, on.day, 21, tzinfo=STOCKHOLM)
    morning = on + timedelta(1)
    return shift(on, start, datetime(morning.year, morning.month, morning.day, 7, tzinfo=STOCKHOLM))


@pytest.mark.parametrize(
    ("on", "hours"), [(date(2026, 10, 24), 11), (date(2026, 3, 28), 9), (date(2026, 10, 25), 10)]
)
def test_a_night_is_as_long_as_it_is_worked(on: date, hours: int) -> None:
    calendar = Calendar.from_ical(write_calendar(ME, [night(on)], title="Schema"))
    (event,) = calendar.walk("VEVENT")
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=hours)
    assert (starts.hour, ends.hour) == (21, 7), "by the ward's clock"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Stockholm"]


@pytest.mark.parametrize("fold", [0, 1])
def test_in_the_hour_that_comes_twice_the_instant_is_kept(fold: int) -> None:
    end = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=fold)
    late = shift(date(2026, 10, 24), datetime(2026, 10, 24, 21, tzinfo=STOCKHOLM), end)
    (event,) = Calendar.from_ical(write_calendar(ME, [late], title="Schema")).walk("VEVENT")
    assert event["DTEND"].dt.astimezone(UTC) == end.astimezone(UTC)


def test_an_event_keeps_its_identity_and_counts_on() -> None:
    on = date(2026, 11, 2)
    first, second = (
        Calendar.from_ical(write_calendar(ME, [found], title="Schema")).walk("VEVENT")[0]
        for found in (night(on), shift(on, night(on).starts_at, night(on).ends_at, 2))
    )
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)


def test_nobody_is_named_and_no_shift_makes_an_empty_calendar() -> None:
    content = write_calendar(ME, [night(date(2026, 11, 2))], title="Schema").decode()
    assert "ATTENDEE" not in content
    assert "ORGANIZER" not in content
    assert Calendar.from_ical(write_calendar(ME, [], title="Schema")).walk("VEVENT") == []
