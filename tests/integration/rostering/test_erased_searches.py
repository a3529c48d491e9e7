"""Searches for the least change name who is away: they forget a person who is erased."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.errors import Conflict
from samplan.ids import new_id
from samplan.jobs.models import JobRun
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.organisation.models import OrgUnit
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Employee, Roster, Scenario
from samplan_rostering.services.erasure.person import erase_person
from samplan_rostering.services.periods.wards import import_ward


def test_searches_for_the_least_change_tell_of_the_pseudonym(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData
) -> None:
    import_ward(tenant_session, ward)
    subject = SubjectRef(reference="M01")
    run = JobRun(
        job_type="rostering.replan",
        module="rostering",
        params={"away": [{"employee": "M01", "first": "2027-01-13"}]},
        status="succeeded",
        result={"changes": [["M01", 9, "D", ""], ["M02", 9, "", "D"]]},
    )
    tenant_session.add(run)
    tenant_session.flush()
    counted = erase_person(tenant_session, RetentionPolicy(subject=subject, dry_run=True))
    assert counted.rows["core.job_run"] == 1
    erase_person(tenant_session, RetentionPolicy(subject=subject, dry_run=False))
    tenant_session.refresh(run)
    assert '"M01"' not in json.dumps([run.params, run.result])
    assert ["M02", 9, "", "D"] in run.result["changes"]


@pytest.mark.parametrize("kind", ["period", "roster", "scenario"])
def test_nobody_is_erased_while_a_run_is_about_them(
    tenant_session: TenantSession, unit: OrgUnit, ward: WardData, kind: str
) -> None:
    period_id = import_ward(tenant_session, ward)
    scenario = Scenario(period_id=period_id, name="Vad om", changes=[])
    roster = Roster(
        period_id=period_id, number=1, origin="solved", status="feasible", objective=0, breakdown={},
        seconds=1, seed=1, versions={}, input_hash="",
    )  # fmt: skip
    run = JobRun(job_type="rostering.solve", module="rostering", params={}, status="running")
    tenant_session.add_all([scenario, roster, run])
    tenant_session.flush()
    about = {"period": period_id, "roster": roster.id, "scenario": scenario.id}[kind]
    subject = SubjectRef(reference="M01")
    look, act = (RetentionPolicy(subject, dry_run=dry_run) for dry_run in (True, False))
    run.params = {"source_id": str(about)}
    for policy in (look, act):
        with pytest.raises(Conflict, match="under way"):
            erase_person(tenant_session, policy)
    run.params = {"source_id": str(new_id())}
    assert erase_person(tenant_session, look).rows, "another ward's run is no hindrance"
    run.params, run.status = {"source_id": str(about)}, "succeeded"
    assert erase_person(tenant_session, act).rows
    assert tenant_session.scalar(select(Employee).where(Employee.code == "M01")) is None
