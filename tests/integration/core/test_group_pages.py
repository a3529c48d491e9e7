"""What a management group's pages show: its members and what they published, and nothing else of a region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from samplan.indicators.publish import publish
from samplan.indicators.service import Note, record_value
from samplan.modules.contributions import IndicatorValue, Period
from samplan.tenancy.models import GroupMember, ManagementGroup
from samplan.testing.site import Person, Site

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
SICKNESS = "core.sickness_absence"
START, LIST = "/t/ledningen/", "/t/ledningen/indicators"


@dataclass
class House:
    """A site with three regions, two of them members of a group, and who reads in the group."""

    site: Site
    group_id: UUID
    reader: Person

    def value(self, slug: str, value: float, *, period: Period = OCTOBER, shown: bool = True) -> None:
        """Record a value in a region, and publish it to the group if `shown`."""
        spec = self.site.core.modules.indicators()[SICKNESS]
        tenant = self.site.tenants[slug]
        with self.site.core.database.unit_of_work(tenant.id, member_of=self.group_id) as session:
            record_value(session, spec, period, IndicatorValue(value), Note("manual", "exempeldata"))
            if shown:
                publish(session, self.group_id, spec, period, by=UUID(int=1), comment="exempeldata")


@pytest.fixture
def house(site: Site) -> House:
    for slug in ("norr", "syd", "annan"):
        site.add_tenant(slug)
    site.add_tenant("ledningen", kind="group")
    group = ManagementGroup(slug="ledningen", name="Ledningen", tenant_id=site.tenants["ledningen"].id)
    with site.core.database.system_session() as session:
        session.add(group)
        session.flush()
        members = [site.tenants[slug].id for slug in ("norr", "syd")]
        session.add_all(GroupMember(group_id=group.id, tenant_id=member) for member in members)
    for tenant in site.tenants.values():
        site.core.tenants.forget(tenant.id)
    return House(site, group.id, site.person("ledningen", "group_member"))


def text(person: Person, path: str) -> str:
    answer = person.client.get(path)
    assert answer.status_code == 200
    content = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", content).split()).replace("\xa0", " ")


def test_before_anything_is_published_the_page_says_who_is_there_and_what_to_do(house: House) -> None:
    page = text(house.reader, START)
    assert "Norr Exempeldata 0 Inget publicerat än" in page
    assert "Syd Exempeldata 0 Inget publicerat än" in page
    assert "Kom överens om vilka indikatorer ni jämför" in page
    assert "Annan" not in page
    assert f'href="{LIST}"' in house.reader.client.get(START).text
    assert "Inget publicerat än" in text(house.reader, LIST)
    assert "Ingen region har publicerat" in text(house.reader, f"{LIST}/{SICKNESS}")


def test_what_is_published_is_shown_with_region_period_source_and_mark(house: House) -> None:
    house.value("norr", 5.3, period=SEPTEMBER)
    house.value("norr", 6.5)
    house.value("syd", 4.75)
    page = text(house.reader, START)
    assert "Norr Exempeldata 2 Sjukfrånvaro, oktober 2026" in page
    assert "Syd Exempeldata 1 Sjukfrånvaro, oktober 2026" in page
    assert "Sammanlagt 3 värden." in page
    newest = text(house.reader, LIST)
    assert "Sjukfrånvaro Norr Exempeldata 6,5 procent oktober 2026" in newest
    assert "Sjukfrånvaro Syd Exempeldata 4,8 procent oktober 2026" in newest
    assert "september 2026" not in newest, "only the latest period of each region"
    series = text(house.reader, f"{LIST}/{SICKNESS}")
    assert series.index("oktober 2026 Norr") < series.index("oktober 2026 Syd")
    assert series.index("oktober 2026 Syd") < series.index("september 2026 Norr Exempeldata 5,3 exempeldata")


def test_what_is_not_published_stays_with_the_region(house: House) -> None:
    house.value("norr", 91.5, shown=False)
    for path in (START, LIST, f"{LIST}/{SICKNESS}"):
        assert "91,5" not in text(house.reader, path)
    owner = house.site.person("norr", "viewer")
    assert "91,5" in text(owner, "/t/norr/indicators")


def test_a_region_sees_no_others_and_who_may_not_read_sees_no_values(house: House) -> None:
    house.value("norr", 6.5)
    neighbour = house.site.person("syd", "administrator")
    for path in ("/t/syd/", "/t/syd/indicators", f"/t/syd/indicators/{SICKNESS}"):
        page = text(neighbour, path)
        assert "Publicerat av regionerna" not in page
        assert "Regioner i gruppen" not in page
        assert "6,5" not in page
    assert neighbour.client.get(START).status_code == 404
    employee = house.site.person("ledningen", "employee")
    assert "Regioner i gruppen" not in text(employee, START)
    assert employee.client.get(LIST).status_code == 403
    assert house.site.client().get(START).status_code == 302


def test_a_region_publishes_and_withdraws_from_the_indicators_page(house: House) -> None:
    house.value("norr", 5.25, shown=False)
    page, period = f"/t/norr/indicators/{SICKNESS}", {"first": "2026-10-01", "last": "2026-10-31"}
    boss, reader = house.site.person("norr", "production_director"), house.site.person("norr", "viewer")
    assert "Publicera" in text(boss, page)
    assert "Publicera" not in text(reader, page).replace("Publicerat till gruppen", "")
    assert reader.client.post(f"{page}/publish", data=period).status_code == 403
    assert boss.client.post(f"{page}/publish", data={"first": "x"}).status_code == 422
    assert boss.client.post(f"{page}/publish", data=period | {"last": "2026-10-30"}).status_code == 404
    assert boss.client.post("/t/norr/indicators/core.none/publish", data=period).status_code == 404

    assert boss.client.post(f"{page}/publish", data=period).status_code == 303
    assert "5,2" in text(house.reader, f"{LIST}/{SICKNESS}")
    house.value("norr", 7.5, shown=False)
    assert "Ett annat värde" in text(boss, page)
    assert "7,5" not in text(house.reader, f"{LIST}/{SICKNESS}")

    assert reader.client.post(f"{page}/withdraw", data=period | {"version": "1"}).status_code == 403
    assert boss.client.post(f"{page}/withdraw", data=period | {"version": "x"}).status_code == 422
    assert boss.client.post(f"{page}/withdraw", data=period | {"version": "7"}).status_code == 404
    assert boss.client.post(f"{page}/withdraw", data=period | {"version": "1"}).status_code == 303
    assert "5,2" not in text(house.reader, f"{LIST}/{SICKNESS}")
    alone = house.site.person("annan", "production_director").client
    assert alone.post(f"/t/annan/indicators/{SICKNESS}/publish", data=period).status_code == 404
