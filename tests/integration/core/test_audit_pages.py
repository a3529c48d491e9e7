"""The audit trail's page, its file and its command."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner

from samplan.audit.cli import audit
from samplan.audit.context import Actor, acting_as
from samplan.audit.queries import PAGE
from samplan.audit.service import record
from samplan.db.rls import MIGRATOR
from samplan.testing.server import ScratchDatabase
from samplan.testing.site import Person, Site


@pytest.fixture
def boss(site: Site) -> Person:
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site.person("ett", "administrator", name="Ada Chef")


def act(site: Site, action: str, by: UUID | None = None, tenant: str = "ett", **after: object) -> None:
    actor = Actor("account", by) if by else Actor("system")
    with acting_as(actor), site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        record(session, action, "thing", "thing-1", after=after)


def shown(person: Person, query: str = "") -> str:
    response = person.client.get(f"/t/ett/audit?{query}")
    assert response.status_code == 200
    table = response.text.partition("<tbody>")[2]
    return table.partition("</tbody>")[0]


def test_the_page_tells_who_did_what(site: Site, boss: Person) -> None:
    act(site, "thing.painted", boss.account_id, colour="röd", password="hemligt")
    row = shown(boss).partition("</tr>")[0]
    for part in ("Ada Chef", "thing.painted", "thing-1", "colour", "röd"):
        assert part in row
    assert "hemligt" not in row
    act(site, "thing.washed", UUID(int=7))
    assert UUID(int=7).hex not in shown(boss)


def cells(row: str) -> list[str]:
    """Return the texts of a row's cells, without the codes that are folded away."""
    visible = re.sub(r"<details.*?</details>", "", row, flags=re.DOTALL)
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", visible, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def test_entries_are_told_in_words_and_their_codes_are_at_hand(site: Site, boss: Person) -> None:
    roles = {"roles": ["viewer"]}, {"roles": ["administrator", "scheduler"]}
    given = {"key": "controller", "permissions": ["core:audit:read", "core:job:read"]}
    counted = (
        {"inhabitants": 286000, "confirmed": False},
        {"inhabitants": 287500, "confirmed": True},
    )
    actor, tenant = Actor("account", boss.account_id), site.tenants["ett"].id
    with acting_as(actor), site.core.database.unit_of_work(tenant) as session:
        member_id = boss.membership_id
        record(session, "member.roles_changed", "membership", member_id, before=roles[0], after=roles[1])
        record(session, "role.extended", "role", UUID(int=3), after=given)
        record(session, "population.updated", "population", 2025, before=counted[0], after=counted[1])
    rows = shown(boss).split("</tr>")
    people, role, member = cells(rows[0]), cells(rows[1]), cells(rows[2])
    assert member[1:4] == ["Ada Chef", "Medlems roller ändrade", "Medlem Ada Chef"]
    assert member[4] == "Roller Läsare → Administratör, Schemaläggare"
    assert f'href="/t/ett/members/{boss.membership_id}"' in rows[2]
    assert role[2:4] == ["Roll fick fler behörigheter", "Roll Controller"]
    assert "Läsa och exportera händelseloggen" in role[4]
    assert "core:audit:read" not in " ".join(role)
    assert people[2:4] == ["Invånarantal ändrat", "Invånare år 2025"]
    assert people[4] == "Bekräftad Nej → Ja Invånare 286 000 → 287 500"
    for code in ("member.roles_changed", "membership", str(boss.membership_id)):
        assert f"<code>{code}</code>" in rows[2]


def test_a_thing_leads_only_where_there_is_a_page_for_who_reads(site: Site, boss: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        record(
            session, "org_unit.updated", "org_unit", "avd-1", before={"active": True}, after={"active": False}
        )
        record(session, "roster.made", "rostering.roster", UUID(int=9), after={"objective": 12345})
    rows = shown(boss).split("</tr>")
    assert "/organisation/units/" not in rows[1], "known by its code only"
    assert cells(rows[1])[3] == "Enhet avd-1"
    assert f"/t/ett/rostering/rosters/{UUID(int=9)}" not in rows[0], "the module is off"
    assert "12 345" in cells(rows[0])[4].replace("\xa0", " ")


def test_the_filter_offers_words_and_is_folded_until_it_is_used(boss: Person) -> None:
    page = boss.client.get("/t/ett/audit").text
    assert '<option value="module.enabled">Modul påslagen</option>' in page
    assert '<option value="job_run">Körning</option>' in page
    assert '<details class="sp-fold">' in page
    narrowed = boss.client.get("/t/ett/audit?action=module.enabled").text
    assert '<option value="module.enabled" selected>' in narrowed
    assert '<details class="sp-fold" open>' in narrowed
    beginning = boss.client.get("/t/ett/audit?action=thing.p").text
    assert '<option value="thing.p" selected>thing.p…</option>' in beginning


def test_filters_narrow(site: Site, boss: Person) -> None:
    act(site, "thing.painted", boss.account_id)
    act(site, "thing.washed")
    act(site, "other.done")
    assert "thing.washed" not in shown(boss, "action=thing.p")
    assert "thing.painted" in shown(boss, "action=thing.p")
    mine = shown(boss, f"actor={boss.account_id}")
    assert "thing.painted" in mine
    assert "thing.washed" not in mine
    assert "thing.painted" not in shown(boss, "actor=system")
    assert "other.done" in shown(boss, "object_type=thing&object_id=thing-1")
    assert "other.done" not in shown(boss, "object_id=thing-2")
    assert "other.done" in shown(boss, f"since={datetime.now(UTC).date()}")
    assert "other.done" not in shown(boss, "until=2020-01-01")
    assert "other.done" not in shown(boss, "action=%25")


@pytest.mark.parametrize(
    "query",
    [
        "actor=x",
        "since=2027-02-30",
        "until=9999-12-31",
        "since=0001-01-01",
        "cursor=x",
        "cursor=-1",
        "cursor=99999999999",
        "action=%00",
        "object_id=%F0",
    ],
)
def test_strange_filters_do_no_harm(boss: Person, query: str) -> None:
    assert boss.client.get(f"/t/ett/audit?{query}").status_code == 200
    with boss.client.get(f"/t/ett/audit.csv?{query}", buffered=True) as response:
        assert response.status_code == 200


def test_pages_follow_each_other_without_gap(site: Site, boss: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        for number in range(PAGE):
            record(session, f"thing{number}.done", "thing", number)
    first = boss.client.get("/t/ett/audit").text
    second = boss.client.get(older(first)).text if 'rel="next"' in first else ""
    numbers = [*_numbers(first), *_numbers(second)]
    assert numbers == list(range(numbers[0], 0, -1))
    assert second
    assert 'rel="next"' not in second


def older(page: str) -> str:
    return page.partition('rel="next"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")


def test_what_one_act_did_many_times_is_one_line_that_opens(site: Site, boss: Person) -> None:
    actor, tenant = Actor("account", boss.account_id), site.tenants["ett"].id
    with acting_as(actor, "a-request-id"), site.core.database.unit_of_work(tenant) as session:
        for number in range(28):
            record(session, "thing.painted", "thing", f"painted-{number}", after={"colour": "röd"})
            record(session, "thing.washed", "thing", f"washed-{number}")
        record(session, "thing.counted", "thing", "all")
    act(site, "thing.painted", boss.account_id)
    with acting_as(actor), site.core.database.unit_of_work(tenant) as session:
        record(session, "thing.painted", "thing", "alone")

    rows = shown(boss).split("</tr>")

    assert [cells(row)[2] for row in rows[:5]] == [
        "thing.painted",
        "thing.painted",
        "thing.counted",
        "thing.washed 28 gånger",
        "thing.painted 28 gånger",
    ]
    opened = rows[4].partition("<details")[2]
    assert "Visa alla 28" in opened
    assert re.findall(r'<li data-sequence="\d+">\s*<strong>(painted-\d+)', opened) == [
        f"painted-{number}" for number in reversed(range(28))
    ]
    assert opened.count("röd") == 28
    assert "<details" not in rows[0].partition("</th>")[0]


def test_a_very_large_act_goes_on_on_the_next_page(
    site: Site, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samplan.audit.queries.MOST_ENTRIES", 20)
    monkeypatch.setattr("samplan.audit.reading.MOST_OPENED", 8)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        for number in range(30):
            record(session, "thing.done", "thing", number)

    first = boss.client.get("/t/ett/audit?action=thing.").text
    second = boss.client.get(older(first)).text

    assert "20 gånger" in first
    assert first.count("<li data-sequence") == 8
    assert "och 12 rader till" in first
    assert "10 gånger" in second
    assert 'rel="next"' not in second


def _numbers(page: str) -> list[int]:
    """Return the numbers of all entries, those of an act that is folded too, from the newest on."""
    return sorted({int(number) for number in re.findall(r'data-sequence="(\d+)"', page)}, reverse=True)


def read(person: Person, query: str = "") -> list[dict[str, str]]:
    with person.client.get(f"/t/ett/audit.csv?{query}", buffered=True) as response:
        assert response.status_code == 200
        assert response.mimetype == "text/csv"
        assert 'filename="audit-ett-' in response.headers["Content-Disposition"]
        text = response.text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_file_has_what_the_page_has(site: Site, boss: Person) -> None:
    act(site, "thing.painted", boss.account_id, colour="=HYPERLINK(1)")
    with acting_as(Actor("system")), site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        record(session, "thing.done", "thing", "=cmd()")
    rows = read(boss)
    assert rows[0]["action"] == "audit.exported"
    assert rows[1]["object_id"] == "'=cmd()"
    assert rows[2]["actor"] == "Ada Chef"
    assert [int(row["sequence"]) for row in rows] == list(range(len(rows), 0, -1))
    assert [row["action"] for row in read(boss, "action=thing.")] == ["thing.done", "thing.painted"]


def test_only_who_may_sees_the_trail_of_the_own_tenant(site: Site, boss: Person) -> None:
    act(site, "secret.done", tenant="annat")
    viewer, other = site.person("ett", "viewer"), site.person("annat", "administrator")
    for path in ("/t/ett/audit", "/t/ett/audit.csv"):
        assert viewer.client.get(path).status_code == 403
        assert other.client.get(path).status_code == 404
        assert site.client().get(path).status_code == 302
    assert "secret.done" not in shown(boss)
    assert "secret.done" not in str(read(boss))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, scratch_database: ScratchDatabase) -> None:
    monkeypatch.setenv("DATABASE_URL", scratch_database.url())
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    monkeypatch.setenv("SAMPLAN_SECRET_KEY", "k" * 32)


def test_the_command_finds_what_was_tampered_with(
    site: Site, boss: Person, scratch_database: ScratchDatabase, environment: None
) -> None:
    act(site, "thing.done")
    act(site, "thing.done", tenant="annat")
    whole = CliRunner().invoke(audit, ["verify", "--json"])
    assert whole.exit_code == 0, whole.output
    report = json.loads(whole.stdout)
    assert report["ok"]
    assert {tenant["tenant"] for tenant in report["tenants"]} == {"ett", "annat"}
    with psycopg.connect(scratch_database.url(MIGRATOR).replace("+psycopg", "")) as connection:
        connection.execute(
            "UPDATE core.audit_entry e SET action = 'nothing.done' FROM core.tenant t"
            " WHERE t.id = e.tenant_id AND t.slug = 'ett' AND e.sequence = 2"
        )
    broken = CliRunner().invoke(audit, ["verify", "--tenant", "ett"])
    assert broken.exit_code == 1
    assert "entry 2 has been changed" in broken.stdout
    assert CliRunner().invoke(audit, ["verify", "--tenant", "annat"]).exit_code == 0
    found = json.loads(CliRunner().invoke(audit, ["verify", "--json"]).stdout)
    assert [tenant["ok"] for tenant in found["tenants"]] == [True, False]
    unknown = CliRunner().invoke(audit, ["verify", "--tenant", "ingen"])
    assert unknown.exit_code == 1
    assert "no tenant ingen" in unknown.stderr
