"""The page of several wards: those with the same dates, and the run over them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import BASE, work
from samplan.jobs.models import JobRun
from samplan.testing.site import Site
from samplan_rostering.domain.ward import WardData
from samplan_rostering.services.periods.wards import import_ward

PAGE = f"{BASE}/wards/optimise"


@pytest.fixture
def periods(rostering_site: Site, two_units: None, ward: WardData, sharing_ward: WardData) -> list[UUID]:
    """Two wards with the same dates and people of their own."""
    own = replace(
        sharing_ward,
        employees=sharing_ward.employees[1:],
        contracts=sharing_ward.contracts[1:],
        absences=(),
    )
    with work(rostering_site) as session:
        return [import_ward(session, ward), import_ward(session, own)]


def test_wards_with_the_same_dates_are_rostered_together(rostering_site: Site, periods: list[UUID]) -> None:
    person = rostering_site.person("ett", "staffing_coordinator")
    page = person.client.get(PAGE).text
    assert "Avdelning 12" in page
    assert "Avdelning 13" in page
    form = {"wards": [str(key) for key in periods], "internal": str(periods[1]), "seconds": 20, "rounds": 1}
    answer = person.client.post(f"{PAGE}?dates=2027-01-04_2027-01-31", data=form, buffered=True)
    assert answer.status_code == 303, answer.text
    with work(rostering_site) as session:
        run = session.scalars(select(JobRun)).one()
        assert run.job_type == "rostering.solve_wards"
        assert run.params["period_ids"] == [str(periods[0])]
        assert run.params["internal_period_id"] == str(periods[1])
    assert f"run-{run.id}" in person.client.get(PAGE).text
    assert f"run-{run.id}" not in rostering_site.person("ett", "scheduler").client.get(PAGE).text


def test_what_cannot_be_rostered_together_is_told(
    rostering_site: Site, two_units: None, ward: WardData, sharing_ward: WardData
) -> None:
    person = rostering_site.person("ett", "scheduler")
    assert "Inga enheter har samma datum" in person.client.get(PAGE).text
    with work(rostering_site) as session:
        ids = [import_ward(session, ward), import_ward(session, sharing_ward)]
    for form, told in (
        ({"wards": [str(key) for key in ids], "internal": "", "seconds": 20, "rounds": 1}, "M01"),
        ({"wards": [], "internal": "", "seconds": 20, "rounds": 1}, "Välj minst en enhet."),
        (
            {"wards": [str(ids[0])], "internal": str(ids[0]), "seconds": 20, "rounds": 1},
            "Välj minst en enhet.",
        ),
        ({"wards": [str(ids[0])], "internal": "", "seconds": 5, "rounds": 1}, "seconds"),
    ):
        answer = person.client.post(PAGE, data=form, buffered=True)
        assert answer.status_code == 422, form
        assert told in answer.text
    assert rostering_site.person("ett", "viewer").client.get(PAGE).status_code == 403
