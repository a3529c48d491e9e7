"""Entering what was worked, date by date: confirmed as rostered, other times, extra, overtime or absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import func

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.domain.timeline import Interval, local_instant, minutes
from samplan_rostering.models import RosterPeriod, WorkedShift
from samplan_rostering.queries.outcome.days import Entered, Outcome, Rostered, outcome

OF_ROSTERED = (WorkKind.PLANNED, WorkKind.CHANGED, WorkKind.ABSENCE)
"""What a rostered shift can turn out as; the others stand beside it."""
BESIDE = (WorkKind.EXTRA, WorkKind.OVERTIME)
LONGEST = 24 * 60
MOST_BESIDE = 5
"""Extra shifts of one person on one date."""
PERSONAL = (
    "kind", "starts_at", "ends_at", "paid_minutes", "extra_minutes", "on_call_minutes", "standby_minutes",
    "absence_kind", "shift_type_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody says of a date: local clock times, and minutes; `extra` None is worked out.

    A time of `end` that is not after `start` is on the next date.
    """

    kind: WorkKind
    shift_type_id: UUID | None = None
    start: time | None = None
    end: time | None = None
    pause: int = 0
    extra: int | None = None
    absence: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which row is meant: an employee, a date, and 0 for the rostered shift or more for one beside it."""

    employee_id: UUID
    on: date
    number: int = 0


def locked_outcome(session: TenantSession, period_id: UUID) -> Outcome:
    """Return a period's outcome while nobody else changes it; raises `NotFound`."""
    session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    return outcome(session, period_id)


def enter(
    session: TenantSession,
    found: Outcome,
    place: Place,
    entry: Entry,
    *,
    version: int,
    source: str = "entered",
) -> None:
    """Store what somebody worked on a date, in place of what was entered before.

    Raises `Invalid` for what cannot be, and `Conflict` where another version than `version` (0: none) is
    stored.
    """
    values = worked_values(found, place, entry)
    was = stored(found, place)
    if version != (0 if was is None else was.version):
        raise Conflict(_("Somebody else has changed this date meanwhile. This is what it says now."))
    write(session, found, place, values | {"source": source}, was)


def stored(found: Outcome, place: Place) -> Entered | None:
    """Return what has been entered at a place, if anything."""
    rows = found.worked.get((place.employee_id, place.on), ())
    return next((row for row in rows if row.number == place.number), None)


def write(
    session: TenantSession,
    found: Outcome,
    place: Place,
    values: dict[str, Any],
    was: Entered | None,
    *,
    rows: Mapping[UUID | None, WorkedShift] = MappingProxyType({}),
) -> None:
    """Store checked values at a place, in place of what `was` there; what is equal is left as it is.

    `rows` are stored rows by id, as far as the caller has them.
    """
    before = None if was is None else {name: getattr(was, name) for name in PERSONAL}
    after = {name: values[name] for name in PERSONAL}
    if before == after:
        return
    if was is None:
        key = {"employee_id": place.employee_id, "on_date": place.on, "number": place.number}
        row = WorkedShift(period_id=found.period.id, **key, **values)
        session.add(row)
    else:
        row = rows.get(was.id) or session.get_one(WorkedShift, (session.tenant_id, was.id))
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = func.now()
    session.flush()
    record(
        session,
        "outcome.entered",
        "rostering.worked_shift",
        row.id,
        before=before,
        after=after,
        personal=PERSONAL,
    )


def remove(session: TenantSession, found: Outcome, place: Place, *, version: int) -> None:
    """Take back what was entered; raises `NotFound`, and `Conflict` for another version."""
    was = stored(found, place)
    if was is None:
        raise NotFound(_("Nothing has been entered there."))
    if version != was.version:
        raise Conflict(_("Somebody else has changed this date meanwhile. This is what it says now."))
    row = session.get_one(WorkedShift, (session.tenant_id, was.id))
    before = {name: getattr(row, name) for name in PERSONAL}
    record(session, "outcome.removed", "rostering.worked_shift", row.id, before=before, personal=PERSONAL)
    session.delete(row)
    session.flush()


def confirm(session: TenantSession, found: Outcome, through: date, employee_id: UUID | None = None) -> int:
    """Enter the rostered shifts up to a date as worked, where nothing is entered; return how many."""
    if employee_id is not None:
        found.person(employee_id)
    rows = []
    for (who, on), shift in sorted(found.rostered.items(), key=lambda item: (item[0][1], str(item[0][0]))):
        if on > through or employee_id not in {None, who} or stored(found, Place(who, on)) is not None:
            continue
        values = planned_values(shift) | {"source": "confirmed"}
        rows.append(WorkedShift(period_id=found.period.id, employee_id=who, on_date=on, number=0, **values))
    session.add_all(rows)
    if rows:
        after = {"through": through.isoformat(), "shifts": len(rows)}
        record(session, "outcome.confirmed", "rostering.period", found.period.id, after=after)
    session.flush()
    return len(rows)


def planned_values(shift: Rostered) -> dict[str, Any]:
    """Return the columns of a shift that was worked as rostered."""
    return {
        "kind": WorkKind.PLANNED.value,
        "shift_type_id": shift.shift_type_id,
        "starts_at": shift.begin,
        "ends_at": shift.end,
        "paid_minutes": shift.paid,
        "extra_minutes": 0,
        "on_call_minutes": shift.on_call,
        "standby_minutes": shift.standby,
        "absence_kind": None,
    }


def worked_values(found: Outcome, place: Place, entry: Entry) -> dict[str, Any]:
    """Return the columns of what is entered; raises `Invalid` for what cannot be, and `NotFound`."""
    found.person(place.employee_id)
    if not found.period.start_date <= place.on <= found.period.end_date:
        raise NotFound(_("The date is outside the period."))
    rostered = found.rostered.get((place.employee_id, place.on))
    _check_kind(place, entry, rostered)
    if entry.kind is WorkKind.PLANNED and rostered is not None:
        return planned_values(rostered)
    if entry.kind is WorkKind.ABSENCE:
        return _absent(entry, rostered)
    begin, end = _times(found, place, entry)
    planned = rostered if entry.kind is WorkKind.CHANGED else None
    on_call, standby = _duty(planned, minutes(end - begin))
    _check_overlap(found, place, (begin, end), on_call + standby)
    paid = max(minutes(end - begin) - on_call - standby - entry.pause, 0)
    ordinary = 0 if planned is None else planned.paid
    extra = max(0, paid - ordinary) if entry.extra is None else entry.extra
    if extra > paid:
        raise Invalid(_("More is beyond the ordinary hours than was worked."))
    return {
        "kind": entry.kind.value,
        "shift_type_id": entry.shift_type_id
        or (rostered.shift_type_id if rostered and not place.number else None),
        "starts_at": begin,
        "ends_at": end,
        "paid_minutes": paid,
        "extra_minutes": extra if entry.kind is WorkKind.CHANGED else paid,
        "on_call_minutes": on_call,
        "standby_minutes": standby,
        "absence_kind": None,
    }


def _duty(planned: Rostered | None, length: int) -> tuple[int, int]:
    """Return how much of other times is on-call duty and standby: as planned, as far as the times reach."""
    if planned is None:
        return 0, 0
    standby = min(planned.standby, length)
    return min(planned.on_call, length - standby), standby


def _check_kind(place: Place, entry: Entry, rostered: Rostered | None) -> None:
    if not 0 <= place.number <= MOST_BESIDE:
        raise Invalid(
            _("At most %(limit)s extra shifts of one person can be entered on a date.", limit=MOST_BESIDE)
        )
    if entry.kind not in (BESIDE if place.number else OF_ROSTERED):
        raise Invalid(_("This cannot be said of the shift: choose another kind."))
    if not place.number and rostered is None:
        raise Invalid(_("Nothing is rostered for this person on this date. Enter it as an extra shift."))


def _absent(entry: Entry, rostered: Rostered | None) -> dict[str, Any]:
    if entry.absence is None:
        raise Invalid(_("Say what kind of absence it was."))
    return {
        "kind": WorkKind.ABSENCE.value,
        "shift_type_id": rostered.shift_type_id if rostered else None,
        "starts_at": None,
        "ends_at": None,
        "paid_minutes": 0,
        "extra_minutes": 0,
        "on_call_minutes": 0,
        "standby_minutes": 0,
        "absence_kind": entry.absence,
    }


def _times(found: Outcome, place: Place, entry: Entry) -> tuple[datetime, datetime]:
    if entry.start is None or entry.end is None:
        raise Invalid(_("Say when the work began and ended."))
    last = place.on + timedelta(days=int(entry.end <= entry.start))
    begin = local_instant(place.on, entry.start, found.zone)
    end = local_instant(last, entry.end, found.zone)
    if not begin < end or not 0 <= entry.pause < minutes(end - begin):
        raise Invalid(_("The break must be shorter than the work."))
    return begin, end


def _check_overlap(found: Outcome, place: Place, span: Interval, duty: int) -> None:
    """Refuse work at the same time; what is worked in on-call duty or standby stands beside that shift."""
    for days in (-1, 0, 1):
        on = place.on + timedelta(days=days)
        for row in found.worked.get((place.employee_id, on), ()):
            same = row.on_date == place.on and row.number == place.number
            if same or row.starts_at is None or row.ends_at is None:
                continue
            beside = bool(place.number) != bool(row.number)
            end = span[1] - timedelta(minutes=duty if beside else 0)
            other = timedelta(minutes=(row.on_call_minutes or 0) + (row.standby_minutes or 0))
            if row.starts_at < end and span[0] < row.ends_at - (other if beside else timedelta(0)):
                raise Invalid(
                    _("The time overlaps what is entered for %(date)s.", date=row.on_date.isoformat())
                )


def next_number(found: Outcome, employee_id: UUID, on: date) -> int:
    """Return the number of the next extra shift of a person on a date."""
    return max((row.number for row in found.worked.get((employee_id, on), ())), default=0) + 1
