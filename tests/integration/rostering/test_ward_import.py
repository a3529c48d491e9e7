"""A ward comes back from the database as it went in; the same input twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.organisation.models import OrgUnit
from samplan.testing.factories import add_tenant
from samplan.testing.server import RolledBackDatabase
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    HeldSkill,
    Period,
    Skill,
    WardData,
    Wish,
    WishKind,
)
from samplan_rostering.models import ALL, Contract, RosterPeriod, ShiftType
from samplan_rostering.models import Absence as AbsenceRow
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.periods.wards import import_ward

NEXT = Period(date(2027, 2, 1), date(2027, 2, 28), "Vår 2")


def row_counts(session: TenantSession) -> dict[str, int]:
    return {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in ALL}


def next_period(ward: WardData) -> WardData:
    """The same ward, one period later, with nothing that belongs to the former."""
    return replace(ward, period=NEXT, dated_requirements=(), absences=(), wishes=(), history=(), pins=())


def test_a_ward_comes_back_as_it_went_in(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    period_id = import_ward(tenant_session, ward)

    tenant_session.expire_all()
    assert ward_data(tenant_session, period_id) == ward


def test_the_same_input_twice_changes_nothing(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    first = import_ward(tenant_session, ward)
    before = row_counts(tenant_session)

    second = import_ward(tenant_session, ward)

    assert second == first
    assert row_counts(tenant_session) == before
    assert ward_data(tenant_session, first) == ward


def test_a_changed_input_replaces_the_former(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    import_ward(tenant_session, ward)
    someone = replace(ward.employees[1], name="Bo Nytt", day_break=time(12), skills=(HeldSkill("VIK"),))
    changed = replace(
        ward,
        unit=replace(ward.unit, timezone="Europe/Helsinki"),
        skills=(*ward.skills, Skill("VIK", "Vikarie")),
        employees=(someone, *ward.employees[2:]),
        contracts=tuple(replace(c, percentage=Decimal(100)) for c in ward.contracts if c.employee != "M01"),
        wishes=(Wish("M02", ward.period.start, WishKind.AVOID, "N", 2),),
        absences=(Absence("M02", date(2026, 12, 2), date(2027, 1, 4), AbsenceKind.LEAVE),),
        rules=replace(ward.rules, weight_wish=4),
        settings=(
            RuleSetting("quick_return", Level.HARD, None, None, None, (("minutes", "600"),)),
            RuleSetting("together", Level.SOFT, 50, "M02", "M03", (), ward.period.start),
            RuleSetting("nights_per_week", Level.HARD, employee="M02", valid_to=ward.period.end),
        ),
    )

    period_id = import_ward(tenant_session, changed)

    assert ward_data(tenant_session, period_id) == changed
    assert tenant_session.get_one(RosterPeriod, (tenant_session.tenant_id, period_id)).version == 2


def test_another_period_leaves_the_former_as_it_was(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    former = import_ward(tenant_session, ward)
    shorter = next_period(
        replace(ward, shift_types=ward.shift_types[:1], weekly_requirements=ward.weekly_requirements[:7])
    )

    later = import_ward(tenant_session, shorter)

    assert later != former
    assert ward_data(tenant_session, former) == ward
    retired = select(ShiftType.code).where(ShiftType.retired)
    assert tenant_session.scalars(retired).all() == ["N"]
    exported = ward_data(tenant_session, later)
    assert exported.shift_types == shorter.shift_types
    assert exported.contracts == ward.contracts


def test_absences_outside_the_period_stay_when_the_input_is_silent(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    import_ward(tenant_session, ward)

    import_ward(tenant_session, next_period(ward))

    kept = tenant_session.scalars(select(AbsenceRow.first_date).order_by(AbsenceRow.first_date)).all()
    assert kept == [date(2026, 12, 1), date(2027, 1, 11)]
    assert tenant_session.scalar(select(func.count()).select_from(Contract)) == len(ward.contracts)


def test_an_unknown_unit_is_refused(tenant_session: TenantSession, ward: WardData) -> None:
    with pytest.raises(Invalid) as refused:
        import_ward(tenant_session, ward)

    assert list(refused.value.fields) == ["unit.code"]
    assert row_counts(tenant_session)["RosterPeriod"] == 0


def test_a_closed_unit_is_refused(tenant_session: TenantSession, unit: OrgUnit, ward: WardData) -> None:
    unit.active = False

    with pytest.raises(Invalid):
        import_ward(tenant_session, ward)


def test_the_audit_trail_names_no_person(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    import_ward(tenant_session, ward)
    import_ward(tenant_session, replace(ward, employees=tuple(replace(e, name="Ny") for e in ward.employees)))

    entries = tenant_session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    actions = [entry.action for entry in entries]
    assert actions.count("employee.added") == actions.count("employee.changed") == len(ward.employees)
    assert actions.count("period.imported") == 2
    changed = next(entry for entry in entries if entry.action == "employee.changed")
    assert changed.after == {"name": "changed"}
    assert "Exempel" not in repr([(entry.before, entry.after) for entry in entries])


def test_another_tenants_period_is_not_found(
    db: RolledBackDatabase, tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    period_id = import_ward(tenant_session, ward)
    tenant_session.commit()
    other = add_tenant(db, "grannregionen")

    with db.unit_of_work(other.id) as session, pytest.raises(NotFound):
        ward_data(session, period_id)
