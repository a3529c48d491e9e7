"""Files of published shifts: templates kept, previewed and refused, the files themselves, and the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from rostering_pages import BASE, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.export import COLUMNS
from samplan_rostering.models import ExportTemplate, Publication, RosterPeriod
from samplan_rostering.queries.publishing.publications import get_period, standing_of
from samplan_rostering.services.publishing import steps as publishing
from samplan_rostering.services.publishing.steps import Act

API = "/api/v1/t/ett/rostering"


@pytest.fixture
def publication_id(rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID) -> UUID:
    now = rostering_site.core.clock.now()
    with work(rostering_site) as session:
        period = get_period(session, period_id)

        def act() -> Act:
            return Act(scheduler.account_id, now, standing_of(session, period).mark, "Godtas i provet")

        publishing.send_to_consultation(session, period_id, roster_id, act())
        publishing.decide(session, period_id, act(), accepts=True)
        today = period.start_date
        return publishing.publish(session, period_id, act(), today=today, notice_days=14).id


def filled(*keys: str, **more: Any) -> dict[str, Any]:
    """Return a form with these columns in their order."""
    data = {
        "name": "Lön",
        "separator": ";",
        "decimal": ",",
        "encoding": "utf-8",
        "heading": "y",
        "version": "0",
    }
    data |= {f"columns-{place}-place": "" for place in range(len(COLUMNS))}
    for place, key in enumerate(keys, start=1):
        data[f"columns-{COLUMNS.index(key)}-place"] = str(place)
    return data | more


def test_a_template_is_kept_previewed_and_its_file_written(
    rostering_site: Site, scheduler: Person, publication_id: UUID
) -> None:
    made = scheduler.client.post(f"{BASE}/exports/new", data=filled("date", "employment_id", "hours"))
    assert made.status_code == 303
    page = scheduler.client.get(made.location).text
    assert "Datum;Anställnings-id;Arbetstimmar" in page
    assert "2027-01-04;M01;8,00" in page
    with work(rostering_site) as session:
        template = session.scalars(select(ExportTemplate)).one()
    answer = scheduler.client.get(f"{BASE}/publications/{publication_id}/exports/{template.id}.csv")
    assert answer.data.decode().splitlines()[:2] == [
        "Datum;Anställnings-id;Arbetstimmar",
        "2027-01-04;M01;8,00",
    ]
    assert "attachment" in answer.headers["Content-Disposition"]
    pax = scheduler.client.get(f"{BASE}/publications/{publication_id}/paxml.xml")
    assert 'anstid="M01"' in pax.text
    assert "Åsa" not in pax.text
    assert f"exports/{template.id}.csv" in scheduler.client.get(f"{BASE}/publications/{publication_id}").text


def test_what_is_wrong_with_a_template_is_told(rostering_site: Site, scheduler: Person) -> None:
    url = f"{BASE}/exports/new"
    for wrong in (
        filled(),
        filled("date", name=""),
        filled("date", separator=","),
        filled("date", separator="|"),
        filled("date", **{"columns-0-place": "99"}),
        filled("date", **{"columns-0-place": "x"}),
        filled("date", name="x" * 81),
        {"name": "Lön", "separator": ";", "decimal": ",", "encoding": "utf-8", "columns-3-place": "1"},
    ):
        assert scheduler.client.post(url, data=wrong).status_code == 422, wrong
    assert scheduler.client.post(url, data=filled("date")).status_code == 303
    assert scheduler.client.post(url, data=filled("date")).status_code == 422, "the name is taken"
    with work(rostering_site) as session:
        assert session.scalars(select(ExportTemplate.name)).all() == ["Lön"]


def test_a_template_that_another_has_changed_is_shown_anew(scheduler: Person) -> None:
    url = scheduler.client.post(f"{BASE}/exports/new", data=filled("date")).location
    assert scheduler.client.post(url, data=filled("date", name="Lön 2", version="1")).status_code == 303
    answer = scheduler.client.post(url, data=filled("unit", name="Lön 3", version="1"))
    assert answer.status_code == 409
    assert 'value="Lön 2"' in answer.text
    for outdated in ({}, {"version": "1"}, {"version": "x"}):
        late = scheduler.client.post(f"{url}/delete", data=outdated)
        assert (late.status_code, 'value="Lön 2"' in late.text) == (409, True), outdated
    assert 'name="version" value="2"' in scheduler.client.get(url).text
    assert scheduler.client.post(f"{url}/delete", data={"version": "2"}).status_code == 303
    assert scheduler.client.get(url).status_code == 404


def test_a_sign_that_the_encoding_lacks_is_told(
    rostering_site: Site, scheduler: Person, publication_id: UUID
) -> None:
    latin = filled("date", encoding="iso-8859-1", **{f"columns-{COLUMNS.index('date')}-heading": "Ł"})
    url = scheduler.client.post(f"{BASE}/exports/new", data=latin).location
    assert "saknar tecknet Ł" in scheduler.client.get(url).text
    file = f"{BASE}/publications/{publication_id}/exports/{url.rpartition('/')[2]}.csv"
    assert scheduler.client.get(file).status_code == 409


def test_who_may_not_and_who_is_elsewhere_gets_no_file(
    rostering_site: Site, scheduler: Person, publication_id: UUID
) -> None:
    url = scheduler.client.post(f"{BASE}/exports/new", data=filled("date")).location
    template_id = url.rpartition("/")[2]
    employee = rostering_site.person("ett", "employee").client
    file = f"publications/{publication_id}/exports/{template_id}.csv"
    for path in ("exports", "exports/new", f"exports/{template_id}", file):
        assert employee.get(f"{BASE}/{path}").status_code == 403, path
    assert "paxml.xml" not in employee.get(f"{BASE}/publications/{publication_id}").text
    other = rostering_site.person("annat", "administrator").client
    for path in (f"exports/{template_id}", file, f"publications/{publication_id}/paxml.xml"):
        assert other.get(f"/t/annat/rostering/{path}").status_code == 404, path
    assert scheduler.client.get(f"{BASE}/publications/{uuid4()}/exports/{template_id}.csv").status_code == 404


def test_the_api_has_what_was_published(
    rostering_site: Site, scheduler: Person, publication_id: UUID, period_id: UUID
) -> None:
    (listed,) = scheduler.client.get(f"{API}/periods/{period_id}/publications").json
    assert (listed["id"], listed["number"]) == (str(publication_id), 1)
    whole = scheduler.client.get(f"{API}/publications/{publication_id}").json
    with work(rostering_site) as session:
        assert whole["sha256"] == session.scalars(select(Publication.sha256)).one()
        assert session.scalars(select(RosterPeriod.state)).one() == "published"
    assert whole["intact"] is True
    assert whole["shifts"][0] | {"name": ""} == {
        "employee": "M01", "date": "2027-01-04", "unit": "AVD12", "shift": "D", "name": "",
        "starts": "2027-01-04T07:00:00+01:00", "ends": "2027-01-04T15:30:00+01:00",
        "break_minutes": 30, "paid_minutes": 480, "on_call_minutes": 0, "standby_minutes": 0,
    }  # fmt: skip
    other = rostering_site.person("annat", "administrator").client
    for path in (f"periods/{period_id}/publications", f"publications/{publication_id}"):
        assert other.get(f"/api/v1/t/annat/rostering/{path}").status_code == 404
