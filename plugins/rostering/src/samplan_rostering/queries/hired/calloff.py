"""Shifts that lack people: as lines to be offered and called off, and as what other plugins may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, Period, StaffingGap, TenantSession
from samplan_rostering.models import CallOffLine, RosterPeriod, ShiftType, Skill, Ward
from samplan_rostering.queries.rosters.coverage import Need

WAITING = "agency"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the words for it; its times are the ward's."""

    row: CallOffLine
    unit: str
    unit_name: str
    shift: str
    shift_name: str
    skill: str | None
    skill_name: str | None
    begin: datetime
    end: datetime


def call_off_lines(session: TenantSession, *where: object) -> list[Line]:
    """Return the lines that the conditions choose, in the order of their beginning."""
    rows = session.execute(
        select(CallOffLine, OrgUnit.code, OrgUnit.name, Ward.timezone, ShiftType, Skill)
        .join(RosterPeriod, RosterPeriod.id == CallOffLine.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .join(ShiftType, ShiftType.id == CallOffLine.shift_type_id)
        .outerjoin(Skill, Skill.id == CallOffLine.skill_id)
        .where(*where)  # type: ignore[arg-type] # conditions
        .order_by(CallOffLine.starts_at, ShiftType.position, CallOffLine.id)
    )
    return [
        Line(
            row=row,
            unit=code,
            unit_name=name,
            shift=shift.code,
            shift_name=shift.name,
            skill=skill.code if row.skill_id else None,
            skill_name=skill.name if row.skill_id else None,
            begin=row.starts_at.astimezone(ZoneInfo(zone)),
            end=row.ends_at.astimezone(ZoneInfo(zone)),
        )
        for row, code, name, zone, shift, skill in rows
    ]


def missing_people(needs: Iterable[Need], *, to_target: bool) -> Mapping[tuple[int, str, str | None], int]:
    """Return how many people lack by day, shift and skill, each person once.

    Who is missing of a skill is missing of the shift too: of its row without a skill what is left counts.
    """
    missing: dict[tuple[int, str, str | None], int] = {}
    of_skills: dict[tuple[int, str], int] = defaultdict(int)
    for need in needs:
        lacking = max((need.target if to_target else need.minimum) - need.staffed, 0)
        missing[need.day, need.shift, need.skill] = lacking
        if need.skill is not None:
            of_skills[need.day, need.shift] += lacking
    for day, shift, skill in list(missing):
        if skill is None:
            missing[day, shift, None] = max(missing[day, shift, None] - of_skills[day, shift], 0)
    return {key: count for key, count in missing.items() if count}


class OpenGaps:
    """The lines that have been handed over, as the core's `StaffingGaps`."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session

    def open(self, period: Period, units: Collection[str] = ()) -> Sequence[StaffingGap]:
        """Return the lines handed over that begin in the period, of these units (none: of all)."""
        first = datetime.combine(period.start, time(), UTC) - timedelta(days=1)
        last = datetime.combine(period.end, time(), UTC) + timedelta(days=2)
        lines = call_off_lines(
            self._session,
            CallOffLine.state == WAITING,
            CallOffLine.people > 0,
            CallOffLine.starts_at.between(first, last),
        )
        return [
            gap_value(line)
            for line in lines
            if period.start <= line.begin.date() <= period.end and (not units or line.unit in units)
        ]


def gap_value(line: Line) -> StaffingGap:
    """Return a line as the value that other plugins read."""
    return StaffingGap(
        id=line.row.id,
        unit=line.unit,
        starts_at=line.row.starts_at.astimezone(UTC),
        ends_at=line.row.ends_at.astimezone(UTC),
        break_minutes=line.row.break_minutes,
        shift=line.shift,
        skill=line.skill,
        count=line.row.people,
        state=line.row.state,
        since=line.row.updated_at.astimezone(UTC),
        skill_name=line.skill_name or "",
    )


def lines_of(session: TenantSession, period_id: UUID) -> list[Line]:
    """Return the lines of a period."""
    return call_off_lines(session, CallOffLine.period_id == period_id)
