"""Published shifts as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from samplan.plugin_api import _
from samplan_rostering.queries.publishing.shifts import OwnShift

_REFRESH = timedelta(hours=6)


def write_calendar(employee_id: UUID, shifts: Iterable[OwnShift], *, title: str) -> bytes:
    """Return the shifts as a calendar; it names nobody.

    An event keeps its UID from one publication to the next, so that a calendar moves it rather than adds it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Samplan//Roster//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for shift in shifts:
        event = Event()
        event.add("uid", f"{employee_id}-{shift.on.isoformat()}@samplan")
        event.add("dtstamp", shift.published_at.astimezone(UTC))
        event.add("last-modified", shift.published_at.astimezone(UTC))
        event.add("sequence", shift.number)
        event.add("summary", f"{shift.code} {shift.name}".strip())
        duty = _duty(shift)
        if duty:
            event.add("description", duty)
        event.add("location", shift.unit)
        event.add("dtstart", _local(shift.starts_at, shift.timezone))
        event.add("dtend", _local(shift.ends_at, shift.timezone))
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _duty(shift: OwnShift) -> str:
    """Return from when a shift is on-call duty and standby; nothing for one that has neither."""
    standby = shift.ends_at - timedelta(minutes=shift.standby_minutes)
    on_call = standby - timedelta(minutes=shift.on_call_minutes)
    turns = []
    if on_call < standby:
        turns.append(_("On-call duty from %(time)s", time=f"{_local(on_call, shift.timezone):%H:%M}"))
    if standby < shift.ends_at:
        turns.append(_("Standby from %(time)s", time=f"{_local(standby, shift.timezone):%H:%M}"))
    return ", ".join(turns)


def _local(at: datetime, timezone: str) -> datetime:
    """Return the instant on the ward's clock; in the hour that the clock shows twice it is told in UTC."""
    local = at.astimezone(ZoneInfo(timezone))
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return at.astimezone(UTC)
    return local
