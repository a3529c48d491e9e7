"""A small ward of our own, a small instance in the benchmark's format, and where the public ones are."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.ward import Period, RuleProfile, WardData

# Two nurses' weeks with two shift types; written for these tests.
OWN_INSTANCE = """SECTION_HORIZON
# All instances start on a Monday
7

SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift | separated
E,480,
L,480,E

SECTION_STAFF
# ID, MaxShifts, MaxMinutes, MinMinutes, MaxConsecutive, MinConsecutive, MinDaysOff, MaxWeekends
A,E=5|L=5,2400,1440,5,2,1,1
B,E=5|L=5,2400,1440,5,2,1,1
C,E=5|L=2,2400,1440,4,2,1,1

SECTION_DAYS_OFF
# EmployeeID, DayIndexes (start at zero)
A,0

SECTION_SHIFT_ON_REQUESTS
# EmployeeID, Day, ShiftID, Weight
B,2,L,3

SECTION_SHIFT_OFF_REQUESTS
# EmployeeID, Day, ShiftID, Weight
C,1,E,2

SECTION_COVER
# Day, ShiftID, Requirement, Weight for under, Weight for over
0,E,1,100,1
0,L,1,100,1
1,E,1,100,1
2,L,1,100,1
3,E,1,100,1
4,L,1,100,1
"""


@pytest.fixture
def own_instance() -> str:
    """Give the text of the small instance."""
    return OWN_INSTANCE


@pytest.fixture
def small_ward() -> Callable[..., WardData]:
    """Give what makes a ward of some people and days of the demo's kind, without past and absences."""

    def make(people: int = 6, days: int = 14, start: date = date(2027, 9, 6), **rules: int) -> WardData:
        ward = demo_ward(2, start)
        kept = ward.employees[:people]
        codes = {employee.code for employee in kept}
        needs = [
            replace(row, minimum=min(row.minimum, 1), target=1, maximum=None)
            for row in ward.weekly_requirements
        ]
        return replace(
            ward,
            period=Period(start, start + timedelta(days=days - 1), "Prov"),
            employees=kept,
            contracts=tuple(c for c in ward.contracts if c.employee in codes),
            weekly_requirements=tuple(needs),
            dated_requirements=(),
            absences=(),
            wishes=(),
            history=(),
            pins=(),
            rules=replace(RuleProfile(), **rules),  # type: ignore[arg-type] # whole numbers all
        )

    return make


@pytest.fixture(scope="session")
def benchmarks() -> Path:
    """Give the folder of the public instances, or skip."""
    named = os.environ.get("SAMPLAN_BENCHMARKS")
    if not named:
        pytest.skip("SAMPLAN_BENCHMARKS does not name the folder of the public benchmark instances")
    return Path(named)
