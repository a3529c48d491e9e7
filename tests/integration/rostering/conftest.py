"""A small ward, and the organisation that it belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import NoReturn

import pytest

from publishing import CELLS, Desk, make_desk
from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)

START, END = date(2027, 1, 4), date(2027, 1, 31)


@pytest.fixture
def ward() -> WardData:
    """Four people, a day and a night shift, four weeks; something of everything."""
    people = [
        ("M01", "Åsa Exempel"),
        ("M02", "Bo Exempel"),
        ("M03", "Cia Exempel"),
        ("M04", "Didrik Exempel"),
    ]
    return WardData(
        unit=Unit("AVD12", "Avdelning 12"),
        period=Period(START, END, "Vår 1"),
        skills=(Skill("SSK", "Sjuksköterska"), Skill("USK", "Undersköterska")),
        shift_types=(
            ShiftType("D", "Dag", ShiftKind.DAY, time(7), time(15, 30), 30, 480, "#0b5a6f"),
            ShiftType("N", "Natt", ShiftKind.NIGHT, time(21), time(7), 0, 600),
        ),
        employees=tuple(
            Employee(code, name, "Sjuksköterska", skills=(HeldSkill("SSK"), HeldSkill("USK", START, END)))
            for code, name in people
        ),
        contracts=tuple(
            Contract(code, date(2020, 1, 1), None, Decimal("75.5"), RosterType.ROTATION_20, 2180)
            for code, _name in people
        ),
        weekly_requirements=(
            *(WeeklyRequirement(day, "D", "SSK", 1, 1, 2) for day in range(7)),
            WeeklyRequirement(4, "N", None, 0, 1, None),
        ),
        dated_requirements=(DatedRequirement(date(2027, 1, 6), "D", "SSK", 0, 1, 1),),
        absences=(
            Absence("M01", date(2027, 1, 11), date(2027, 1, 12), AbsenceKind.VACATION),
            Absence("M02", date(2026, 12, 1), date(2026, 12, 2), AbsenceKind.SICK),
        ),
        wishes=(
            Wish("M01", date(2027, 1, 5), WishKind.WANT, "D", 5),
            Wish("M02", START, WishKind.OFF, None, 3),
        ),
        history=(PastShift("M02", date(2027, 1, 3), "D"),),
        pins=(Pin("M03", date(2027, 1, 7), "D"), Pin("M04", date(2027, 1, 7), None)),
    )


@pytest.fixture
def sharing_ward(ward: WardData) -> WardData:
    """Another ward in the same dates, which states another contract and absence for M01; M05 is its own."""
    return replace(
        ward,
        unit=Unit("AVD13", "Avdelning 13"),
        employees=(ward.employees[0], replace(ward.employees[1], code="M05", name="Eva Exempel")),
        contracts=(
            Contract("M01", date(2026, 1, 1), None, Decimal(50), RosterType.DAY, 2400),
            replace(ward.contracts[1], employee="M05"),
        ),
        absences=(Absence("M01", date(2027, 1, 4), date(2027, 1, 4), AbsenceKind.TRAINING),),
        wishes=(),
        history=(),
        pins=(),
    )


@pytest.fixture
def unit(tenant_session: TenantSession) -> OrgUnit:
    """The ward's unit, below a region, in the organisation of `tenant`."""
    return add_unit(tenant_session)


@pytest.fixture
def other_unit(tenant_session: TenantSession) -> OrgUnit:
    """The unit of `sharing_ward`."""
    return add_unit(tenant_session, "AVD13", "Avdelning 13")


def add_unit(session: TenantSession, code: str = "AVD12", name: str = "Avdelning 12") -> OrgUnit:
    region = OrgUnit(kind="region", code=f"REG-{code}", name="Provregionen")
    session.add(region)
    session.flush()
    ward = OrgUnit(kind="ward", code=code, name=name, parent_id=region.id)
    session.add(ward)
    session.flush()
    return ward


@pytest.fixture
def lenient(ward: WardData) -> WardData:
    """The ward with hours that three shifts may fill."""
    return replace(ward, settings=(RuleSetting("hours_min", Level.OFF),), pins=())


@pytest.fixture
def desk(tenant_session: TenantSession, unit: OrgUnit, lenient: WardData) -> Desk:
    return make_desk(tenant_session, lenient, CELLS, CELLS[:1])


@pytest.fixture
def benchmark_text() -> str:
    """Two people, three days, one shift, in the public benchmark's format."""
    return """\
SECTION_HORIZON
3
SECTION_SHIFTS
D,480,
SECTION_STAFF
A,D=3,1440,0,3,1,1,1
B,D=3,1440,0,3,1,1,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
B,1,D,2
SECTION_SHIFT_OFF_REQUESTS
A,2,D,1
SECTION_COVER
0,D,1,100,1
1,D,1,100,1
2,D,1,100,1
"""


@pytest.fixture
def rostering_site(site: Site) -> Site:
    """Two regions that roster, of which `ett` has the ward's unit."""
    for slug in ("ett", "annat"):
        site.add_tenant(slug, ("rostering",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        add_unit(session)
    site.app.register_error_handler(Exception, unexpected)
    return site


@pytest.fixture
def two_units(rostering_site: Site) -> None:
    """Add the unit of `sharing_ward` to the region `ett`."""
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        add_unit(session, "AVD13", "Avdelning 13")


def unexpected(error: Exception) -> NoReturn:
    """Let a bug fail the test with its traceback, not with a page about it."""
    raise error
