"""An invented ward whose roster is made and lacks people: its gaps have been handed over to be called off.

The roster is written down, not searched for: two weeks of seven nurses who may not work more, so that nights
and a weekend stand empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from samplan.plugin_api import TenantSession, new_id
from samplan_rostering.demo_ward import SHIFTS, SKILLS
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import (
    FULLTIME_WEEK_MINUTES,
    Contract,
    Employee,
    HeldSkill,
    Period,
    RosterType,
    Unit,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.queries.hired.calloff import lines_of
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.hired.calloff import renew_lines, set_state
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

AHEAD, DAYS = 14, 14
_WEEKDAYS, _NIGHTS = RosterType.DAY_WEEKEND, RosterType.NIGHT
_NURSES = (
    ("Astrid Lövmark", 100, _WEEKDAYS, "DDDDD--DDDD---"),
    ("Bo Sandelin", 100, _WEEKDAYS, "DDDDD--DDDDD--"),
    ("Carin Ekholt", 100, _WEEKDAYS, "KKKKK--KKKK---"),
    ("David Norling", 100, _WEEKDAYS, "KKKK---KKKKK--"),
    ("Esma Tallgren", 90, _WEEKDAYS, "--DDDDD--DDD--"),
    ("Filip Åkerhjelm", 90, _WEEKDAYS, "--KKKKK--KKK--"),
    ("Gunnel Rosvik", 85, _NIGHTS, "NNN----NNN----"),
)
"""Name, per cent of full time, kind of roster, and the shifts day by day from a Monday."""


def first_day(today: date) -> date:
    """Return the Monday that the ward's period begins on: two to three weeks ahead."""
    return today + timedelta(AHEAD + 7 - today.weekday())


def gap_ward(start: date) -> WardData:
    """Return the ward for two weeks from a Monday."""
    codes = [f"M4-{number:02d}" for number in range(1, len(_NURSES) + 1)]
    return WardData(
        unit=Unit("MED4", "Medicinavdelning 4 (exempel)"),
        period=Period(start, start + timedelta(DAYS - 1), "Schema med luckor (exempel)"),
        skills=SKILLS[:1],
        shift_types=SHIFTS,
        employees=tuple(
            Employee(code, name, "Sjuksköterska", skills=(HeldSkill("SSK"),))
            for code, (name, *_) in zip(codes, _NURSES, strict=True)
        ),
        contracts=tuple(
            Contract(
                code, date(start.year - 2, 1, 1), None, Decimal(percent), kind, FULLTIME_WEEK_MINUTES[kind]
            )
            for code, (_name, percent, kind, _shifts) in zip(codes, _NURSES, strict=True)
        ),
        weekly_requirements=tuple(_weekly()),
    )


def _weekly() -> Iterator[WeeklyRequirement]:
    for weekday in range(7):
        people = 2 if weekday < 5 else 1
        for shift, count in (("D", people), ("K", people), ("N", 1)):
            yield WeeklyRequirement(weekday, shift, "SSK", count, count, None)


def gap_roster(ward: WardData) -> tuple[Assignment, ...]:
    """Return who works what on the ward."""
    return tuple(
        Assignment(employee.code, day, shift)
        for employee, (*_, shifts) in zip(ward.employees, _NURSES, strict=True)
        for day, shift in enumerate(shifts)
        if shift != "-"
    )


def load_gaps(session: TenantSession, ward: WardData) -> UUID:
    """Add the ward with its roster, and list what it lacks; return the period.

    Most is handed over to be called off; of the last, own staff is being asked about some and one is open.
    """
    period_id, cells = import_ward(session, ward), gap_roster(ward)
    found = evaluate_ward(ward, cells)
    made = Made(new_id(), None, period_id, input_hash(ward))
    solution = Solution(Status.FEASIBLE, found.objective, None, 0.0, 1, {}, found.breakdown, cells)
    store_roster(session, made, ward, solution)
    renew_lines(session, period_id, to_target=True)
    lines = lines_of(session, period_id)
    for chosen, state in ((lines[:-3], "agency"), (lines[-3:-1], "own_staff")):
        set_state(session, period_id, [(line.row.id, line.row.version) for line in chosen], state)
    return period_id
