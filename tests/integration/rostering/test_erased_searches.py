"""Searches for the least change name who is away: they forget a person who is erased."""

from __future__ import annotations

import json

from samplan.db.session import TenantSession
from samplan.jobs.models import JobRun
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.organisation.models import OrgUnit
from samplan_rostering.domain.ward import WardData
from samplan_rostering.services.erasure import erase_person
from samplan_rostering.services.wards import import_ward


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
