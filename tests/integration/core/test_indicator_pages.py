"""The pages and API of indicators, used as people and programs use them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.indicators.models import IndicatorValueRow
from samplan.jobs.models import JobRun
from samplan.modules.manager import Modules
from samplan.organisation.models import Population
from samplan.testing.site import Person, Site, build_site

PAGE, API = "/t/ett/indicators", "/api/v1/t/ett/indicators"
MANUAL, COMPUTED = "core.sickness_absence", "core.inhabitants"
ENTRY = {
    "period": "2026-10-01",
    "value": "5.26",
    "numerator": "525",
    "denominator": "10000",
    "n": "",
    "source": "Personalsystemet",
    "comment": "",
}


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


@pytest.fixture
def site(database: Database, modules: Modules) -> Site:
    site = build_site(database, modules, clock=FrozenClock(datetime(2026, 11, 22, 12, tzinfo=UTC)))
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator")


def recorded(site: Site, slug: str = "ett") -> list[IndicatorValueRow]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        return list(session.scalars(select(IndicatorValueRow).order_by(IndicatorValueRow.id)))


def test_every_indicator_is_listed_with_definition_and_source_one_click_away(boss: Person) -> None:
    page = boss.client.get(PAGE)
    assert page.status_code == 200
    for name in (MANUAL, COMPUTED):
        assert f'href="{PAGE}/{name}"' in page.text
        assert boss.client.get(f"{PAGE}/{name}").status_code == 200
    boss.client.post("/language", data={"locale": "en_GB"})
    shown = boss.client.get(f"{PAGE}/{MANUAL}").text
    for text in ("personnel system", "ordinary working hours", "Ordinary working hours", MANUAL):
        assert text in shown
    assert boss.client.get(f"{PAGE}/core.nothing").status_code == 404


def test_a_value_is_entered_and_a_later_one_supersedes_it(site: Site, boss: Person) -> None:
    assert boss.client.post(f"{PAGE}/{MANUAL}", data=ENTRY).status_code == 302
    assert boss.client.post(f"{PAGE}/{MANUAL}", data=ENTRY).status_code == 302
    assert boss.client.post(f"{PAGE}/{MANUAL}", data={**ENTRY, "value": "4.75"}).status_code == 302
    rows = recorded(site)
    assert [(row.version, float(row.value or 0)) for row in rows] == [(1, 5.26), (2, 4.75)]
    assert {row.recorded_by for row in rows} == {boss.account_id}
    page = boss.client.get(f"{PAGE}/{MANUAL}").text
    assert "oktober 2026" in page
    assert "4,8" in page  # as many decimals as the indicator has
    assert "5,3" in page  # among the earlier values
    assert "4,8" in boss.client.get(PAGE).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": "mycket"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "1e30"}, "value"),
        ({"value": "1000000000000000"}, "value"),
        ({"period": "2026-10-02"}, "period"),
        ({"period": "2030-01-01"}, "period"),
        ({"period": ""}, "period"),
        ({"n": "-1"}, "n"),
        ({"source": " "}, "source"),
        ({"comment": "x" * 1001}, "comment"),
    ],
)
def test_a_wrong_value_is_shown_beside_its_field_and_not_recorded(
    site: Site, boss: Person, wrong: dict[str, str], field: str
) -> None:
    answer = boss.client.post(f"{PAGE}/{MANUAL}", data={**ENTRY, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert recorded(site) == []


def test_a_computed_indicator_is_computed_anew_by_a_run(site: Site, boss: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        session.add(Population(year=2025, inhabitants=286_000, source="SCB", confirmed=False))
    answer = boss.client.post(f"{PAGE}/{COMPUTED}/compute")
    assert answer.status_code == 302
    assert "/t/ett/jobs/" in answer.headers["Location"]
    site.dispatcher().work(site.core)
    (row,) = recorded(site)
    assert (row.indicator, row.recorded_by, row.provisional) == (COMPUTED, boss.account_id, True)
    page = boss.client.get(f"{PAGE}/{COMPUTED}").text.replace("\xa0", " ")
    assert "286 000" in page
    assert "2025" in page
    assert 'name="value"' not in page


def test_too_many_runs_at_once_are_refused_with_a_reason(site: Site, boss: Person) -> None:
    limit = site.core.settings.max_runs_per_tenant
    for _ in range(limit):
        assert "/jobs/" in boss.client.post(f"{PAGE}/{COMPUTED}/compute").headers["Location"]
    answer = boss.client.post(f"{PAGE}/{COMPUTED}/compute", follow_redirects=True)
    assert answer.request.path == f"{PAGE}/{COMPUTED}"
    assert 'data-color="warning"' in answer.text
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert len(session.scalars(select(JobRun)).all()) == limit


def test_computed_and_manual_are_not_mixed_up(site: Site, boss: Person) -> None:
    assert boss.client.post(f"{PAGE}/{COMPUTED}", data=ENTRY).status_code == 404
    assert boss.client.post(f"{PAGE}/{MANUAL}/compute").status_code == 404
    assert recorded(site) == []
    assert site.dispatcher().messages == {}


def test_who_may_only_look_and_who_is_elsewhere(site: Site, boss: Person) -> None:
    boss.client.post(f"{PAGE}/{MANUAL}", data=ENTRY)
    viewer, other = site.person("ett", "viewer"), site.person("annat", "administrator")
    page = viewer.client.get(f"{PAGE}/{MANUAL}")
    assert page.status_code == 200
    assert 'name="value"' not in page.text
    assert viewer.client.post(f"{PAGE}/{MANUAL}", data=ENTRY).status_code == 403
    assert viewer.client.post(f"{PAGE}/{COMPUTED}/compute").status_code == 403
    assert other.client.get(PAGE).status_code == 404
    assert other.client.get("/api/v1/t/annat/indicators/" + MANUAL + "/values").json == {
        "items": [],
        "next_cursor": None,
    }
    assert site.person("ett", "employee").client.get(PAGE).status_code == 403
    assert recorded(site, "annat") == []


# --- by API ------------------------------------------------------------------------------------------

BODY: dict[str, Any] = {
    "period_start": "2026-10-01",
    "period_end": "2026-10-31",
    "value": 5.25,
    "n": 40,
    "source": "Personalsystemet",
}


def test_the_catalogue_and_the_values_are_answered(boss: Person) -> None:
    listed = boss.client.get(API).json
    assert listed is not None
    assert {item["name"]: item["computed"] for item in listed["items"]} == {MANUAL: False, COMPUTED: True}
    created = boss.client.post(f"{API}/{MANUAL}/values", json=BODY)
    assert created.status_code == 201
    again = boss.client.post(f"{API}/{MANUAL}/values", json={**BODY, "value": 6})
    assert again.json is not None
    assert (again.json["version"], again.json["value"]) == (2, 6.0)
    same = boss.client.post(f"{API}/{MANUAL}/values", json={**BODY, "value": 6})
    assert same.json is not None
    assert same.json["id"] == again.json["id"]
    first = boss.client.get(f"{API}/{MANUAL}/values?limit=1").json
    assert first is not None
    assert [row["version"] for row in first["items"]] == [2]
    rest = boss.client.get(f"{API}/{MANUAL}/values?cursor={first['next_cursor']}").json
    assert rest is not None
    assert [row["version"] for row in rest["items"]] == [1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": None},
        {"value": "x"},
        {"value": 1e300},
        {"period_end": "2026-10-30"},
        {"period_start": "2026-02-30"},
        {"n": -1},
        {"n": 1.5},
        {"n": 2**40},
        {"source": ""},
        {"colour": "blue"},
    ],
)
def test_a_wrong_value_is_refused_by_the_api(site: Site, boss: Person, wrong: dict[str, Any]) -> None:
    answer = boss.client.post(f"{API}/{MANUAL}/values", json={**BODY, **wrong})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert recorded(site) == []


def test_the_api_keeps_to_permissions_and_kinds(site: Site, boss: Person) -> None:
    viewer, other = site.person("ett", "viewer"), site.person("annat", "administrator")
    assert viewer.client.get(API).status_code == 200
    assert viewer.client.post(f"{API}/{MANUAL}/values", json=BODY).status_code == 403
    assert other.client.get(API).status_code == 404
    assert boss.client.post(f"{API}/{COMPUTED}/values", json=BODY).status_code == 409
    assert boss.client.get(f"{API}/core.nothing/values").status_code == 404
