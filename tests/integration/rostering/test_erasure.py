"""A person's extract and erasure: the rosters stay, and whose shifts they were is no longer known."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select

from samplan.audit.models import AuditEntry
from samplan.audit.service import verify
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.jobs.models import JobRun
from samplan.modules.contributions import ErasureReport, RetentionPolicy, SubjectRef
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Absence, Contract, Employee, EmployeeSkill, RosterPeriod, Wish
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import RuleSetting as RuleRow
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.erasure.person import PSEUDONYM, erase_person, replaced
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

CELLS = (Assignment("M01", 0, "D"), Assignment("M01", 1, "D"), Assignment("M02", 4, "N"))


def store(session: TenantSession, ward: WardData) -> UUID:
    """Store the ward with a roster; returns the roster's id."""
    period_id = import_ward(session, ward)
    evaluation = evaluate_ward(ward, CELLS)
    solution = Solution(Status.FEASIBLE, evaluation.objective, None, 1.0, 1, {}, evaluation.breakdown, CELLS)
    made = Made(new_id(), new_id(), period_id, input_hash(ward))
    store_roster(session, made, ward, solution)
    return made.roster_id


def erase(session: TenantSession, code: str, *, dry_run: bool) -> ErasureReport:
    return erase_person(session, RetentionPolicy(subject=SubjectRef(reference=code), dry_run=dry_run))


def employee(session: TenantSession, code: str) -> Employee | None:
    return session.scalar(select(Employee).where(Employee.code == code))


def count(
    session: TenantSession, model: type[Absence | Wish | Contract | EmployeeSkill | AssignmentRow]
) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# --- extract ---


def test_the_extract_holds_every_table_that_names_the_person(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    rule = RuleSetting("nights_per_week", Level.HARD, employee="M01", parameters=(("limit", "2"),))
    store(tenant_session, replace(ward, settings=(rule, RuleSetting("quick_return", Level.OFF))))
    parts = {part.name: part for part in export_person(tenant_session, SubjectRef(reference="M01"))}
    assert parts["employee"].rows[0]["name"] == "Åsa Exempel"
    assert {name: len(part.rows) for name, part in parts.items()} == {
        "employee": 1,
        "skill": 2,
        "contract": 1,
        "absence": 1,
        "period": 1,
        "published_shift": 0,
        "calendar_feed": 0,
        "wish": 1,
        "wish_answer": 0,
        "absence_request": 0,
        "swap": 0,
        "history_shift": 0,
        "locked_cell": 0,
        "rule_setting": 1,
        "rule_permission": 0,
        "contract_share": 0,
        "assignment": 2,
        "roster_edit": 0,
        "worked_shift": 0,
        "scenario": 0,
    }
    assert parts["rule_setting"].rows[0]["parameters"] == {"limit": "2"}
    assert parts["wish"].rows[0]["shift"] == "D"
    assert parts["assignment"].rows[0]["on_date"] == ward.period.start
    others = {part.name: part for part in export_person(tenant_session, SubjectRef(reference="M02"))}
    assert (len(others["history_shift"].rows), len(others["assignment"].rows)) == (1, 1)
    locked = {part.name: part for part in export_person(tenant_session, SubjectRef(reference="M04"))}
    assert locked["locked_cell"].rows[0]["shift"] is None, "a locked free date has no shift"


def test_a_person_is_found_by_account_too_and_nobody_by_nothing(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    store(tenant_session, ward)
    account_id = new_id()
    found = employee(tenant_session, "M03")
    assert found is not None
    found.account_id = account_id
    tenant_session.flush()
    (own, *_rest) = export_person(tenant_session, SubjectRef(account_id=account_id))
    assert own.rows[0]["employment_id"] == "M03"
    both = export_person(tenant_session, SubjectRef(account_id=account_id, reference="M01"))
    assert both[0].rows[0]["employment_id"] == "M01", "an employment id says it more clearly"
    for nobody in (SubjectRef(), SubjectRef(reference=""), SubjectRef(account_id=new_id())):
        assert export_person(tenant_session, nobody) == []


# --- erasure ---


def test_a_dry_run_counts_and_changes_nothing(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    pair = RuleSetting("apart", Level.SOFT, None, "M02", "M01")
    store(tenant_session, replace(ward, settings=(pair,)))
    for _ in range(2):
        report = erase(tenant_session, "M01", dry_run=True)
        assert report.rows == {
            "rostering.employee": 1,
            "rostering.absence": 1,
            "rostering.wish": 1,
            "rostering.wish_answer": 0,
            "rostering.absence_request": 0,
            "rostering.swap": 0,
            "rostering.rule_setting": 1,
            "rostering.rule_permission": 0,
            "rostering.roster_edit": 0,
            "rostering.scenario": 0,
            "core.job_run": 0,
        }
    assert set(report.rows) <= set(report.labels)
    found = employee(tenant_session, "M01")
    assert found is not None
    assert found.name == "Åsa Exempel"


def test_whoever_is_rostered_becomes_anonymous_and_the_roster_stays(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    own = RuleSetting("nights_per_week", Level.HARD, employee="M01")
    pair, common = RuleSetting("apart", Level.SOFT, None, "M02", "M01"), RuleSetting("breaks", Level.OFF)
    store(tenant_session, replace(ward, settings=(own, pair, common)))
    found = employee(tenant_session, "M01")
    assert found is not None
    found.account_id = new_id()
    version = tenant_session.scalars(select(RosterPeriod)).one().version
    before = {model: count(tenant_session, model) for model in (Absence, Wish, Contract, EmployeeSkill)}
    shifts = count(tenant_session, AssignmentRow)

    erase(tenant_session, "M01", dry_run=False)

    tenant_session.expire_all()
    assert employee(tenant_session, "M01") is None
    assert PSEUDONYM.fullmatch(found.code)
    assert (found.name, found.account_id) == ("", None)
    assert count(tenant_session, AssignmentRow) == shifts
    after = {model: count(tenant_session, model) for model in before}
    assert tenant_session.scalars(select(RuleRow.rule)).all() == ["breaks"]
    assert after == {**before, Absence: before[Absence] - 1, Wish: before[Wish] - 1}
    assert tenant_session.scalars(select(RosterPeriod)).one().version == version + 1
    other = employee(tenant_session, "M02")
    assert other is not None
    assert other.name == "Bo Exempel"


def test_erasing_again_finds_nobody_and_keeps_the_pseudonym(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    store(tenant_session, ward)
    erase(tenant_session, "M01", dry_run=False)
    pseudonym = tenant_session.scalars(select(Employee.code).where(Employee.name == "")).one()
    assert erase(tenant_session, "M01", dry_run=False).rows == {}
    assert erase(tenant_session, pseudonym, dry_run=False).rows == {}
    assert employee(tenant_session, pseudonym) is not None


def test_whom_nothing_names_is_deleted_altogether(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    store(tenant_session, ward)
    shorter = replace(
        ward,
        employees=ward.employees[:3],
        contracts=ward.contracts[:3],
        pins=ward.pins[:1],
    )
    import_ward(tenant_session, shorter)
    report = erase(tenant_session, "M04", dry_run=True)
    assert report.rows["rostering.employee_deleted"] == 1
    assert employee(tenant_session, "M04") is not None
    assert erase(tenant_session, "M04", dry_run=False).rows == report.rows
    tenant_session.expire_all()
    assert employee(tenant_session, "M04") is None
    assert export_person(tenant_session, SubjectRef(reference="M04")) == []


def test_runs_that_told_of_the_employment_id_tell_of_the_pseudonym(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    store(tenant_session, ward)
    details = {
        "people": "M01, M010, M02",
        "reasons": [{"employee": "M01", "rule": "rest"}, {"employee": "M02"}],
    }
    run = JobRun(
        job_type="rostering.solve", module="rostering", params={}, status="failed", error_details=details
    )
    tenant_session.add(run)
    tenant_session.flush()
    assert erase(tenant_session, "M01", dry_run=True).rows["core.job_run"] == 1
    erase(tenant_session, "M01", dry_run=False)
    tenant_session.refresh(run)
    told = json.dumps(run.error_details)
    assert not re.search(r"\bM01\b", told)
    assert "M010, M02" in told
    assert '{"employee": "M02"}' in told


def test_only_the_whole_id_is_replaced() -> None:
    assert replaced({"a": ["x", "x1", 1, None, "x, y"]}, "x", "p") == {"a": ["p", "x1", 1, None, "p, y"]}


# --- through the pages ---


@pytest.fixture
def filled(rostering_site: Site, ward: WardData) -> Site:
    """The ward of the first region with its roster."""
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        store(session, ward)
    return rostering_site


def test_an_administrator_takes_out_and_erases_an_employee(filled: Site) -> None:
    client = filled.person("ett", "administrator").client
    whose = {"reference": "M01"}
    page = client.post("/t/ett/personal-data", data=whose).text
    assert "Pass i scheman" in page
    assert "Medarbetare: Åsa Exempel" in page
    assert "pseudonym ersätter anställnings-id" in page
    answer = client.post("/t/ett/personal-data/export", data=whose)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert json.loads(archive.read("rostering/employee.json"))[0]["name"] == "Åsa Exempel"
        assert len(json.loads(archive.read("rostering/assignment.json"))) == 2
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    assert client.post("/t/ett/personal-data/erase", data={**whose, "seen": found[1]}).status_code == 302
    assert "Ingenting finns sparat" in client.post("/t/ett/personal-data", data=whose).text
    assert client.get("/t/ett/rostering/").status_code == 200
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        assert verify(session) == [], "the trail is as whole as before"
        actions = [entry.action for entry in session.scalars(select(AuditEntry))]
        texts = " ".join(str((e.before, e.after, e.object_id)) for e in session.scalars(select(AuditEntry)))
    assert actions.count("employee.made_anonymous") == actions.count("personal_data.erased") == 1
    assert "Åsa" not in texts
    assert "M01" not in texts


def test_the_kept_roster_is_shown_with_the_pseudonym(filled: Site) -> None:
    client = filled.person("ett", "administrator").client
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        roster_id = session.scalars(select(AssignmentRow.roster_id)).first()
        erase(session, "M01", dry_run=False)
    page = client.get(f"/t/ett/rostering/rosters/{roster_id}")
    assert page.status_code == 200
    assert "Åsa Exempel" not in page.text
    assert PSEUDONYM.search(page.text)
    assert "Bo Exempel" in page.text


def test_another_region_neither_sees_nor_erases_the_employee(filled: Site) -> None:
    client = filled.person("annat", "administrator").client
    whose = {"reference": "M01"}
    assert "Ingenting finns sparat" in client.post("/t/annat/personal-data", data=whose).text
    assert client.post("/t/annat/personal-data/export", data=whose).status_code == 404
    assert client.post("/t/ett/personal-data/export", data=whose).status_code == 404
    assert client.post("/t/ett/personal-data/erase", data={**whose, "seen": "0"}).status_code == 404
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        assert employee(session, "M01") is not None
