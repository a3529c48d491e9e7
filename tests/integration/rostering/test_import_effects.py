"""Reading a ward in says first what it changes for people and rosters of others, and stores it only then."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.models import ALL, Employee, RosterPeriod
from samplan_rostering.queries.employees.people import Place
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods.effects import Effects, effects_of, import_if
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status
from samplan_rostering.workbook import write_ward

BASE = "/t/ett/rostering"


def store(session: TenantSession, ward: WardData, period_id: UUID, *cells: Assignment) -> UUID:
    """Store a roster of these cells."""
    priced = evaluate_ward(ward, cells)
    solution = Solution(Status.FEASIBLE, priced.objective, 0, 1.5, 1, {}, priced.breakdown, cells)
    made = Made(new_id(), new_id(), period_id, input_hash(ward))
    store_roster(session, made, ward, solution)
    return made.roster_id


@pytest.fixture
def two_wards(tenant_session: TenantSession, unit: OrgUnit, other_unit: OrgUnit, ward: WardData) -> UUID:
    """The first of two wards is read in and has a roster, in which M01 works on the first day."""
    return store(tenant_session, ward, import_ward(tenant_session, ward), Assignment("M01", 0, "D"))


def row_counts(session: TenantSession) -> dict[str, int]:
    found = {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in ALL}
    return found | {"audit": session.scalar(select(func.count()).select_from(AuditEntry)) or 0}


def test_what_is_new_changes_nothing_that_is_there(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    effects = effects_of(tenant_session, ward)

    assert effects == Effects((), ())
    assert effects.mark == ""
    assert row_counts(tenant_session)["Employee"] == 0


def test_the_effects_name_the_shared_person_and_the_other_wards_roster(
    tenant_session: TenantSession, two_wards: UUID, ward: WardData, sharing_ward: WardData
) -> None:
    effects = effects_of(tenant_session, sharing_ward)

    (person,), (roster,) = effects.people, effects.rosters
    assert (person.code, person.name) == ("M01", "Åsa Exempel")
    assert person.places == (Place("Avdelning 12", ward.period.start, ward.period.end),)
    assert person.contracts.removed == ward.contracts[:1]
    assert person.contracts.added == sharing_ward.contracts[:1]
    assert person.absences.removed == ward.absences[:1]
    assert person.absences.added == sharing_ward.absences
    assert not person.fields
    assert effects.shared == (person,)
    assert (roster.id, roster.number, roster.unit) == (two_wards, 1, "Avdelning 12")
    assert roster.broken_after > roster.broken_before


def test_the_effects_are_exactly_what_is_stored_afterwards(
    tenant_session: TenantSession, two_wards: UUID, ward: WardData, sharing_ward: WardData
) -> None:
    shown = effects_of(tenant_session, sharing_ward)

    effects, period_id = import_if(tenant_session, sharing_ward, lambda found: found == shown)

    assert effects == shown
    assert period_id is not None
    assert ward_data(tenant_session, period_id) == sharing_ward
    assert effects_of(tenant_session, sharing_ward).mark == ""


def test_looking_stores_nothing_and_a_refusal_neither(
    tenant_session: TenantSession, two_wards: UUID, sharing_ward: WardData
) -> None:
    before = row_counts(tenant_session)

    effects_of(tenant_session, sharing_ward)
    assert row_counts(tenant_session) == before

    assert import_if(tenant_session, sharing_ward, lambda _effects: False)[1] is None
    assert row_counts(tenant_session) == before


def test_a_file_that_says_the_same_of_the_shared_person_touches_no_roster(
    tenant_session: TenantSession, two_wards: UUID, ward: WardData, sharing_ward: WardData
) -> None:
    same = replace(
        sharing_ward,
        contracts=(ward.contracts[0], sharing_ward.contracts[1]),
        absences=ward.absences[:1],
    )
    assert effects_of(tenant_session, same).mark != effects_of(tenant_session, sharing_ward).mark

    effects = effects_of(tenant_session, same)

    assert effects.rosters == ()
    assert all(not (person.contracts or person.absences) for person in effects.people)


def test_an_absence_outside_its_period_does_not_touch_a_roster(
    tenant_session: TenantSession, two_wards: UUID, ward: WardData, sharing_ward: WardData
) -> None:
    later = Period(date(2027, 3, 1), date(2027, 3, 28), "Vår 3")
    absence = replace(sharing_ward.absences[0], first=later.start, last=later.start)
    data = replace(
        sharing_ward,
        period=later,
        contracts=(ward.contracts[0], sharing_ward.contracts[1]),
        absences=(absence,),
        dated_requirements=(),
    )

    effects = effects_of(tenant_session, data)

    assert effects.people[0].absences.added == (absence,)
    assert effects.rosters == ()


def test_the_audit_trail_names_who_was_changed_by_id_and_no_value(
    tenant_session: TenantSession, two_wards: UUID, sharing_ward: WardData
) -> None:
    import_ward(tenant_session, sharing_ward)

    changed = tenant_session.scalars(select(AuditEntry).where(AuditEntry.action == "employee.changed")).all()
    shared = tenant_session.scalars(select(Employee.id).where(Employee.code == "M01")).one()
    assert [entry.object_id for entry in changed] == [str(shared)]
    assert changed[0].before == {"contracts": "set", "absences": "set", "skills": None}
    assert changed[0].after == {"contracts": "changed", "absences": "changed", "skills": "set"}


@contextmanager
def work(site: Site) -> Iterator[TenantSession]:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        yield session


@pytest.fixture
def scheduler(rostering_site: Site, two_units: None, ward: WardData) -> Person:
    """Somebody who reads files in where two wards share a person."""
    with work(rostering_site) as session:
        store(session, ward, import_ward(session, ward), Assignment("M01", 0, "D"))
    return rostering_site.person("ett", "scheduler")


def look(person: Person, ward: WardData) -> TestResponse:
    data = {"file": (io.BytesIO(write_ward(ward)), "avdelning.xlsx")}
    return person.client.post(f"{BASE}/import", data=data, buffered=True)


def confirm(person: Person, shown: TestResponse, **changed: str) -> TestResponse:
    fields = {
        name: shown.text.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
        for name in ("content", "filename", "seen")
    }
    return person.client.post(f"{BASE}/import/confirm", data=fields | changed, buffered=True)


def percentages(site: Site) -> list[Decimal]:
    """Return the contract of M01 as the first period has it now."""
    with work(site) as session:
        period_id = session.scalars(select(RosterPeriod.id).order_by(RosterPeriod.id)).first()
        assert period_id is not None
        return [row.percentage for row in ward_data(session, period_id).contracts if row.employee == "M01"]


def test_the_page_says_what_changes_before_it_is_read_in(
    rostering_site: Site, scheduler: Person, sharing_ward: WardData
) -> None:
    shown = look(scheduler, sharing_ward)

    assert shown.status_code == 200
    said = re.sub(r"<[^>]+>", "", shown.text)
    for words in (
        "Åsa Exempel",
        "Avdelning 12, 2027-01-04 – 2027-01-31",
        "75,5&nbsp;%",
        "50&nbsp;%",
        "Semester 2027-01-11 – 2027-01-12",
        "Utbildning 2027-01-04",
        "Schema 1",
        "Avbryt, ändra inget",
    ):
        assert words in said, words
    assert "Eva Exempel" not in shown.text
    assert percentages(rostering_site) == [Decimal("75.5")]

    done = confirm(scheduler, shown)

    assert done.status_code == 303
    assert percentages(rostering_site) == [Decimal(50)]


def test_what_was_not_shown_is_not_read_in(
    rostering_site: Site, scheduler: Person, ward: WardData, sharing_ward: WardData
) -> None:
    shown = look(scheduler, sharing_ward)
    with work(rostering_site) as session:
        import_ward(session, replace(ward, absences=()))

    outdated = confirm(scheduler, shown)

    assert outdated.status_code == 409
    assert "Ingenting har sparats" in outdated.text
    assert confirm(scheduler, shown, seen="").status_code == 409
    assert percentages(rostering_site) == [Decimal("75.5")]
    assert confirm(scheduler, outdated).status_code == 303
    assert percentages(rostering_site) == [Decimal(50)]
