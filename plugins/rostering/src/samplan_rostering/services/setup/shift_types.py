"""A ward's shift types: added, changed, replaced, and taken out of use without touching older rosters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.validate_settings import check_settings, longest_permitted
from samplan_rostering.domain.validation import minutes_allowed, nominal_minutes
from samplan_rostering.domain.ward import ShiftType as ShiftValue
from samplan_rostering.labels import clock_minutes
from samplan_rostering.models import CoverageNeed, ShiftType
from samplan_rostering.queries.setup.profile import ward_profile
from samplan_rostering.queries.setup.used import ShiftLine
from samplan_rostering.services.periods.wards import shift_columns
from samplan_rostering.services.setup.coverage import move_needs, refuse_if_asked_for
from samplan_rostering.services.setup.exceptions import note_change

_MINUTES = ("break_minutes", "paid_minutes", "on_call_minutes", "standby_minutes")
_TIMES = ("kind", "start_time", "end_time", *_MINUTES)
"""What rosters are judged by: it stays as soon as a roster has the shift type."""


def add_shift_type(session: TenantSession, ward_id: UUID, shift: ShiftValue, today: date) -> ShiftType:
    """Add a shift type to a ward.

    Raises:
        Invalid: the code is taken, or times and minutes make no sense.
    """
    _check_code(session, ward_id, shift.code)
    _check(session, ward_id, shift, today)
    last = session.scalar(select(func.max(ShiftType.position)).where(ShiftType.ward_id == ward_id))
    row = ShiftType(ward_id=ward_id, position=0 if last is None else last + 1, **shift_columns(shift))
    session.add(row)
    session.flush()
    record(session, "shift_type.added", "rostering.shift_type", row.id, after=_said(row))
    note_change(session, ward_id, today, date.max)
    return row


def change_shift_type(session: TenantSession, line: ShiftLine, shift: ShiftValue, today: date) -> None:
    """Change a shift type; its code stays, and its times too where a roster has it.

    Raises:
        Invalid: times and minutes make no sense, or rosters have those that were.
    """
    row = line.row
    columns = shift_columns(replace(shift, code=row.code))
    if line.worked and any(getattr(row, name) != columns[name] for name in _TIMES):
        message = _("Rosters have this shift type, so its times stay. Replace it by a new one.")
        raise Invalid(message, {"start": [message]})
    _check(session, row.ward_id, shift, today)
    before = _said(row)
    for name, value in columns.items():
        setattr(row, name, value)
    if before != _said(row):
        record(session, "shift_type.changed", "rostering.shift_type", row.id, before=before, after=_said(row))
        note_change(session, row.ward_id, today, date.max)


def replace_shift_type(session: TenantSession, old: ShiftType, shift: ShiftValue, today: date) -> ShiftType:
    """Let a new shift type take the place of one; older periods keep the one that they have.

    Raises:
        Conflict: it is out of use already.
        Invalid: the code is taken, or times and minutes make no sense.
    """
    if old.retired:
        raise Conflict(_("The shift type is out of use already."))
    new = add_shift_type(session, old.ward_id, shift, today)
    new.position, old.retired = old.position, True
    move_needs(session, old.id, new.id)
    _check_profile(session, old, today)
    record(
        session,
        "shift_type.retired",
        "rostering.shift_type",
        old.id,
        before={"code": old.code},
        after={"replaced_by": new.code},
    )
    session.flush()
    return new


def retire_shift_type(session: TenantSession, row: ShiftType, today: date) -> None:
    """Take a shift type out of use: new periods do not have it, older ones keep it.

    Raises:
        Conflict: the ward's rule profile or a coverage template names it.
    """
    if row.retired:
        return
    refuse_if_asked_for(session, CoverageNeed.shift_type_id == row.id)
    row.retired = True
    _check_profile(session, row, today)
    record(session, "shift_type.retired", "rostering.shift_type", row.id, before={"code": row.code})
    note_change(session, row.ward_id, today, date.max)


def restore_shift_type(session: TenantSession, row: ShiftType, today: date) -> None:
    """Take a shift type into use again."""
    if row.retired:
        row.retired = False
        record(session, "shift_type.restored", "rostering.shift_type", row.id, after={"code": row.code})
        note_change(session, row.ward_id, today, date.max)


def _check_code(session: TenantSession, ward_id: UUID, code: str) -> None:
    taken = session.scalars(select(ShiftType.code).where(ShiftType.ward_id == ward_id))
    if code.casefold() in {other.casefold() for other in taken}:
        message = _("The ward has a shift type with this code already.")
        raise Invalid(message, {"code": [message]})


def _check(session: TenantSession, ward_id: UUID, shift: ShiftValue, today: date) -> None:
    length = nominal_minutes(shift) - shift.standby_minutes
    longest = longest_permitted(ward_profile(session, ward_id, today).ward)
    faults: dict[str, list[str]] = {}
    if length > longest:
        faults["end"] = [_("A shift is at most %(limit)s hours long.", limit=clock_minutes(longest))]
    for name, (low, high) in minutes_allowed(shift).items():
        if not low <= getattr(shift, name) <= high:
            faults[name] = [_length_fault(name, low, high)]
            break  # the limits of the others follow from this one
    if faults:
        raise Invalid(_("The shift type cannot be like this."), faults)


def _length_fault(name: str, low: int, high: int) -> str:
    """Return what a length may be, as its field takes it: breaks in minutes, the others in hours."""
    if name == "break_minutes":
        return _("A number of minutes from %(low)s to %(high)s.", low=low, high=high)
    return _("From %(low)s to %(high)s hours.", low=clock_minutes(low), high=clock_minutes(high))


def _check_profile(session: TenantSession, row: ShiftType, today: date) -> None:
    """Refuse to retire what the standing profile names: the ward's next period would contradict it."""
    session.flush()
    profile = ward_profile(session, row.ward_id, today)
    kept = tuple(shift for shift in profile.ward.shift_types if shift.code != row.code)
    alone = replace(profile.ward, settings=profile.lines)
    there = len(tuple(check_settings(alone)))
    if len(tuple(check_settings(replace(alone, shift_types=kept)))) > there:
        raise Conflict(_("The ward's rule profile names this shift type. Change the rule first."))


def _said(row: ShiftType) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "start_time": row.start_time,
        "end_time": row.end_time,
        **{name: getattr(row, name) for name in _MINUTES},
        "colour": row.colour,
    }
