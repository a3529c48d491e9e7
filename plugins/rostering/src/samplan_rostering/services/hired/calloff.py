"""Listing the shifts that lack people, and handing the lines on: own staff, the internal unit, agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import CallOffLine, Roster, RosterPeriod, ShiftType, Skill
from samplan_rostering.models.figures import CALL_OFF_STATES
from samplan_rostering.queries.hired.calloff import missing_people
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.coverage import coverage
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.queries.solving.best import rosters_in_force

Key = tuple[int, str, str | None]


def renew_lines(session: TenantSession, period_id: UUID, *, to_target: bool) -> int:
    """Bring a period's lines to what its roster in force lacks, and return how many lack somebody.

    A line keeps its id and state; one that lacks nobody any more is filled, and open again when it does.
    Guests of an internal unit count. Raises `NotFound`, and `Conflict` without a roster.
    """
    period = session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    if period is None:
        raise NotFound(_("There is no such roster period."))
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    if roster is None:
        raise Conflict(_("The period has no roster yet."))
    ward = ward_data(session, period_id)
    stands = standing(session, roster, ward, assignments(session, roster))
    missing = missing_people(coverage(ward, stands.cells, stands.guests), to_target=to_target)
    _store(session, period, ward, missing)
    after = {"number": roster.number, "lines": len(missing)}
    record(session, "calloff.renewed", "rostering.period", period_id, after=after)
    session.flush()
    return len(missing)


def _store(session: TenantSession, period: RosterPeriod, ward: WardData, missing: Mapping[Key, int]) -> None:
    shifts = _codes(session, ShiftType, period.ward_id)
    skills = _codes(session, Skill, period.ward_id)
    rows = session.scalars(select(CallOffLine).where(CallOffLine.period_id == period.id))
    known = {(row.on_date, row.shift_type_id, row.skill_id): row for row in rows}
    timeline, breaks = Timeline(ward), {shift.code: shift.break_minutes for shift in ward.shift_types}
    for (day, shift, skill), people in missing.items():
        place = ward.period.date_of(day), shifts[shift], skills[skill] if skill else None
        begin, end = timeline.interval(day, shift)
        row = known.pop(place, None)
        if row is None:
            row = CallOffLine(
                period_id=period.id, on_date=place[0], shift_type_id=place[1], skill_id=place[2], people=0
            )
            row.starts_at, row.ends_at, row.break_minutes = begin, end, breaks[shift]
            session.add(row)
        elif row.state == "filled":
            _change(row, row.people, "open")
        if (row.people, row.starts_at, row.ends_at) != (people, begin, end):
            row.starts_at, row.ends_at, row.break_minutes = begin, end, breaks[shift]
            _change(row, people, row.state)
    for row in known.values():
        if row.state not in {"filled", "withdrawn"}:
            _change(row, row.people, "filled")


def _change(row: CallOffLine, people: int, state: str | None) -> None:
    row.people, row.state = people, state or "open"
    row.version = (row.version or 0) + 1
    row.updated_at = func.now()


def _codes(session: TenantSession, model: type[ShiftType | Skill], ward_id: UUID) -> Mapping[str, UUID]:
    return dict(session.execute(select(model.code, model.id).where(model.ward_id == ward_id)).all())


def set_state(session: TenantSession, period_id: UUID, chosen: Sequence[tuple[UUID, int]], state: str) -> int:
    """Give lines another state, all or none; `chosen` has each with the version that was seen.

    Raises `Invalid` for an unknown state or no line, `NotFound` for one that is not the period's, and
    `Conflict` where one has changed meanwhile.
    """
    if state not in CALL_OFF_STATES or not chosen:
        raise Invalid(_("Choose lines, and what is to be said of them."))
    ids = [line_id for line_id, _version in chosen]
    query = select(CallOffLine).where(CallOffLine.period_id == period_id, CallOffLine.id.in_(ids))
    rows = {row.id: row for row in session.scalars(query.order_by(CallOffLine.id).with_for_update())}
    if len(rows) != len(set(ids)):
        raise NotFound(_("There is no such line."))
    if any(rows[line_id].version != version for line_id, version in chosen):
        raise Conflict(_("Lines have changed meanwhile. This is what they say now."))
    for row in rows.values():
        _change(row, row.people, state)
    after = {"state": state, "lines": len(rows)}
    record(session, "calloff.handed_over", "rostering.period", period_id, after=after)
    session.flush()
    return len(rows)
