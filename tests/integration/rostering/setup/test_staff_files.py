"""Employees from a payroll or staff system: mapped, shown, and read in whole or not at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

import file_steps
from file_steps import fields
from rostering_pages import BASE, make_roster, work
from samplan.audit.models import AuditEntry
from samplan.imports.models import ImportMapping
from samplan.organisation.models import Profession
from samplan.testing.server import ScratchDatabase
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Contract, Employee, EmployeeSkill
from samplan_rostering.staff_cli import employees

HEAD = "Kst;Anst.nr;Personnr;Förnamn;Efternamn;Befattning;Syss.grad;Fr.o.m.;T.o.m.;Kompetens"
ROWS = (
    HEAD,
    "4711;M01;19850101-1234;Åsa;Exempel;206010;75,50;2020-01-01;;SSK",
    "4711;M02;19850101-1234;Bo;Exempel;206010;60;20200101;9999-12-31;",
    "4711;M90;19850101-1234;Örjan;Å Nyström;206010;87,5 %;2027-01-11;2027-06-30;SSK, USK",
    "9999;M91;19850101-1234;Annan;Enhet;206010;400;2027-01-11;;",
    "4711;M92;19850101-1234;Fel;Grad;206010;400;2027-01-11;;",
)
MEANS = {"4711": "=AVD12", "206010": "=Sjuksköterska", "9999": "-"}


def url(ward_id: UUID) -> str:
    return f"{BASE}/wards/{ward_id}/staff/import"


def upload(person: Person, ward_id: UUID, content: str | bytes, name: str = "utdrag.csv") -> Any:
    return file_steps.upload(person, url(ward_id), content, name)


def mapped(person: Person, ward_id: UUID, page: str, **changes: str) -> Any:
    more = {"column-roster_type": "=day_weekend", "on": "2027-01-04", "name": "Heroma"} | changes
    return file_steps.mapped(person, url(ward_id), page, MEANS, **more)


def confirmed(person: Person, ward_id: UUID, page: str, **changes: str) -> Any:
    return file_steps.confirmed(person, url(ward_id), page, **changes)


def contracts(site: Site, code: str) -> list[tuple[date, date | None, Decimal]]:
    with work(site) as session:
        rows = session.execute(
            select(Contract.valid_from, Contract.valid_to, Contract.percentage)
            .join(Employee, Employee.id == Contract.employee_id)
            .where(Employee.code == code)
            .order_by(Contract.valid_from)
        )
        return [(first, last, share) for first, last, share in rows]


def stored(site: Site) -> tuple[int, int, int]:
    with work(site) as session:
        counted = [
            session.scalar(select(func.count()).select_from(t)) for t in (Employee, Contract, ImportMapping)
        ]
    return counted[0] or 0, counted[1] or 0, counted[2] or 0


@pytest.fixture
def asked(rostering_site: Site, scheduler: Person, ward_id: UUID) -> str:
    with work(rostering_site) as session:
        session.add(Profession(code="SSK", name="Sjuksköterska"))
    answer = upload(scheduler, ward_id, "\r\n".join(ROWS))
    assert answer.status_code == 200
    text: str = answer.text
    return text


def test_a_file_is_mapped_shown_and_read_in(
    rostering_site: Site, scheduler: Person, ward_id: UUID, asked: str
) -> None:
    assert "Personnr" in asked
    assert "19850101" not in asked
    data = fields(asked, "staff/import/mapping")
    assert data["column-code"] == "c2"
    assert (data["column-first_name"], data["column-percentage"], data["column-unit"]) == ("c4", "c7", "c1")
    before = stored(rostering_site)

    page = mapped(scheduler, ward_id, asked).text
    assert stored(rostering_site) == before, "a preview stores nothing"
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))
    for words in ("Örjan Å Nyström", "400", "Cia Exempel", "75,5 %", "60 %"):
        assert words in text, words
    assert "Annan Enhet" not in text, "another unit's row"

    assert confirmed(scheduler, ward_id, page).status_code == 303
    assert contracts(rostering_site, "M01") == [(date(2020, 1, 1), None, Decimal("75.5"))]
    assert contracts(rostering_site, "M02") == [
        (date(2020, 1, 1), date(2027, 1, 3), Decimal("75.5")),
        (date(2027, 1, 4), None, Decimal(60)),
    ]
    assert contracts(rostering_site, "M90") == [(date(2027, 1, 11), date(2027, 6, 30), Decimal("87.5"))]
    assert contracts(rostering_site, "M91") == contracts(rostering_site, "M92") == []
    with work(rostering_site) as session:
        new = session.scalars(select(Employee).where(Employee.code == "M90")).one()
        assert (new.name, new.profession) == ("Örjan Å Nyström", "Sjuksköterska")
        held = select(func.count()).select_from(EmployeeSkill).where(EmployeeSkill.employee_id == new.id)
        assert session.scalar(held) == 2
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_file.imported")).one()
        assert entry.after == {"added": 1, "changed": 1, "mapping": "Heroma", "mapping_version": 1}
        personal = session.scalars(select(AuditEntry).where(AuditEntry.action == "employee.added")).all()
        assert "Nyström" not in repr([each.after for each in personal])


def test_the_next_file_with_the_same_headings_needs_no_mapping(
    rostering_site: Site, scheduler: Person, ward_id: UUID, asked: str
) -> None:
    today = datetime.now(UTC).date().isoformat()
    confirmed(scheduler, ward_id, mapped(scheduler, ward_id, asked, on=today).text)
    again = upload(scheduler, ward_id, "\n".join(ROWS[:4]).encode("utf-8-sig")).text
    assert "staff/import/confirm" not in again, "nothing is left to change"
    other = upload(scheduler, ward_id, "\n".join((HEAD, ROWS[4]))).text
    assert "Raderna gäller andra enheter" in other
    assert "Raderna gäller andra enheter" not in again
    longer = upload(scheduler, ward_id, "\n".join(ROWS[:2]).replace("75,50", "50")).text
    assert "Heroma" in longer
    answer = scheduler.client.post(
        f"{url(ward_id)}/mapping", data=fields(longer, "staff/import/mapping")
    ).text
    assert 'name="column-code"' in answer, "the mapping can be changed"
    assert confirmed(scheduler, ward_id, longer).status_code == 303
    assert stored(rostering_site)[2] == 1, "an equal mapping is not saved again"
    page = scheduler.client.get(url(ward_id)).text
    assert "Heroma" in page
    forget = f"{url(ward_id)}/forget"
    assert scheduler.client.post(forget, data={"name": "Heroma"}).status_code == 303
    assert scheduler.client.post(forget, data={"name": "Heroma"}).status_code == 404


def test_what_was_not_shown_is_not_done(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, ward_id: UUID, asked: str
) -> None:
    make_roster(rostering_site, ward, period_id, Assignment("M02", 1, "D"))
    page = mapped(scheduler, ward_id, asked).text
    assert 'id="affected-rosters"' in page, "the roster of somebody whose contract changes is told"
    before = stored(rostering_site)
    assert confirmed(scheduler, ward_id, page, seen="x").status_code == 409
    assert stored(rostering_site) == before
    with work(rostering_site) as session:
        session.scalars(select(Employee).where(Employee.code == "M02")).one().name = "Bosse Exempel"
    outdated = confirmed(scheduler, ward_id, page)
    assert outdated.status_code == 409
    assert "Bosse Exempel" in outdated.text
    assert confirmed(scheduler, ward_id, outdated.text).status_code == 303


FAULTY = (
    (["4711;M90;;A;B;;50;2027-01-11;;", "4711;M90;;A;B;;60;2027-01-11;;"], "redan på rad 2"),
    (["4711;M90;;A;B;;50;2027-01-11;;", "4711;M90;;A;C;;60;2028-01-11;;"], "ett annat namn"),
    (["4711;M90;;A;B;;50;2027-01-11;;", "4711;M90;;A;B;;60;2028-01-11;;"], "överlappar"),
    (["4711;M90;;A;B;;;2027-01-11;;"], "sysselsättningsgrad"),
    (["4711;M90;;A;B;;50;2027-13-11;;"], "2027-13-11"),
    (["4711;M90;;A;B;;50;2027-01-11;2026-01-01;"], "lägre"),
    (["4711;19850101-1234;;A;B;;50;;;", *["4711;M1;;A;B;;50;;;"] * 9], "personnummer"),
    (["4711;M90;;A;B;;50;2027-01-11;;Okänd"], "Okänd"),
    (["4711;M01;;Åsa;Exempel;;;;;", "5555;M90;;A;B;;50;2027-01-11;;"], "5555"),
)  # fmt: skip


def test_faulty_rows_are_told_and_left_out(rostering_site: Site, scheduler: Person, ward_id: UUID) -> None:
    for rows, told in FAULTY:
        answer = mapped(scheduler, ward_id, upload(scheduler, ward_id, "\n".join([HEAD, *rows])).text)
        shown = unescape(answer.text)
        assert answer.status_code == 200
        assert told.casefold() in shown.casefold(), told
        assert 'id="faults"' in shown, told
        assert 'staff/import/confirm"' not in shown, told
    assert contracts(rostering_site, "M90") == []


def test_what_is_no_file_of_employees_is_refused(
    rostering_site: Site, scheduler: Person, ward_id: UUID
) -> None:
    refused = {"tom": b"", "bild": b"\x89PNG\r\n", "bara rubriker": HEAD.encode(), "ord": b"\x00\x01"}
    for name, content in refused.items():
        assert upload(scheduler, ward_id, content, name).status_code == 422, name
    assert upload(scheduler, ward_id, b"a;b\n" * 1_300_000).status_code == 422
    assert upload(scheduler, ward_id, b"a;b\n" * 5_000_000).status_code == 413
    assert scheduler.client.post(url(ward_id)).status_code == 422
    page = upload(scheduler, ward_id, "Vad;Annat\nx;y\n").text
    again = mapped(scheduler, ward_id, page, **{"column-code": "c1", "column-unit": "c2"})
    assert (again.status_code, 'name="value-unit-0"' in again.text) == (200, True)
    missing = mapped(scheduler, ward_id, page)
    assert (missing.status_code, "Anställnings-id" in missing.text) == (422, True)
    assert mapped(scheduler, ward_id, page, on="snart").status_code == 422
    for broken in ({"content": "x"}, {"mapping": "{"}, {"on": ""}, {"mapping": '{"columns": 1}'}):
        assert scheduler.client.post(f"{url(ward_id)}/confirm", data=broken).status_code == 422
    viewer = rostering_site.person("ett", "viewer")
    assert upload(viewer, ward_id, HEAD).status_code == 403
    stranger = rostering_site.person("annat", "scheduler")
    assert upload(stranger, ward_id, HEAD).status_code == 404
    other = url(ward_id).replace("/t/ett/", "/t/annat/")
    assert stranger.client.get(other).status_code == 404


def test_a_file_is_read_in_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scratch_database: ScratchDatabase,
    rostering_site: Site, scheduler: Person, ward_id: UUID, asked: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", scratch_database.url())
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    monkeypatch.setenv("SAMPLAN_SECRET_KEY", "k" * 32)
    file = tmp_path / "utdrag.csv"
    file.write_text("\n".join(ROWS), "cp1252")

    def call(*more: str, ward: str = "AVD12", tenant: str = "ett") -> Result:
        options = ["--tenant", tenant, "--ward", ward, "--mapping", "Heroma", "--from", "2027-01-04", *more]
        return CliRunner().invoke(employees, ["import", str(file), *options])

    assert call().exit_code == 1
    assert "no saved mapping" in call().stderr
    confirmed(scheduler, ward_id, mapped(scheduler, ward_id, asked).text)
    file.write_text("\n".join(ROWS[:3]).replace("75,50", "40"), "cp1252")
    before = contracts(rostering_site, "M01")
    dry = call("--dry-run")
    assert (dry.exit_code, contracts(rostering_site, "M01")) == (0, before)
    assert "~ M01: contracts (75.5 % 2020-01-01 - 2027-01-03; 40 % 2027-01-04)" in dry.stdout
    assert "Exempel" not in dry.output
    assert call().exit_code == 0
    assert contracts(rostering_site, "M01")[-1] == (date(2027, 1, 4), None, Decimal(40))
    file.write_text("\n".join(ROWS), "cp1252")
    faulty = call()
    assert (faulty.exit_code, "utdrag.csv: G6" in faulty.stderr) == (1, True)
    file.write_text("Vad;Annat\n1;2", "cp1252")
    other = call()
    assert (other.exit_code, "other headings" in other.stderr) == (2, True)
    file.write_text("", "cp1252")
    assert call().exit_code == 2
    for wrong in (call(ward="AVD99"), call(tenant="ingen")):
        assert (wrong.exit_code, "there is no" in wrong.stderr) == (1, True)
