"""Measures: planned against the ledger, changed by version, from and to a workbook, and not by everybody."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from agency_rows import AgencyRows
from samplan.clock import FrozenClock
from samplan.db.session import Database, TenantSession
from samplan.errors import Conflict, Invalid
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site
from samplan_agency.domain.measures import Status
from samplan_agency.domain.months import plus_months
from samplan_agency.queries.measures.plans import Targets, YearEffect, get_plan
from samplan_agency.queries.measures.report import by_division, total_of
from samplan_agency.queries.measures.standing import decided_effects, standings
from samplan_agency.services.measures.edit import Wanted, add_measure, change_measure, set_effect
from samplan_agency.services.measures.workbook import import_book, read_book, write_book

NOW = datetime(2024, 7, 10, 12, tzinfo=UTC)
PAGE = "/t/ett/agency/measures"
MKR = Decimal(1_000_000)
# Document 002: planned effect in mkr of 2023 and 2024 by division.
PLANNED = {"kirurgi": (2, 9), "medicin": (8, 4), "nara": (6, 23)}


def make_measures(session: TenantSession) -> dict[str, UUID]:
    """A measure for each division that began in 2023; a proposed one that nothing is expected of yet."""
    rows = AgencyRows(session)
    found: dict[str, UUID] = {}
    for code, planned in PLANNED.items():
        rows.unit(code, "division")
        rows.unit(f"{code}-1", "clinic", code)
        wanted = Wanted(
            f"Å-{code}",
            f"Egen pool {code}",
            "Divisionschef",
            rows.unit(code),
            date(2023, 1, 1),
            decided_by="Regionstyrelsen",
            decided_on=date(2022, 12, 1),
        )
        row = add_measure(session, wanted, NOW)
        for year, amount in zip((2023, 2024), planned, strict=True):
            set_effect(session, row.id, row.version, YearEffect(year, amount * MKR), NOW)
        found[code] = row.id
    proposed = Wanted("Å-ny", "Förslag", "Divisionschef", rows.unit("nara"), date(2024, 1, 1))
    row = add_measure(session, proposed, NOW)
    set_effect(session, row.id, row.version, YearEffect(2024, 100 * MKR), NOW)
    _add_costs(rows)
    return found


def _add_costs(rows: AgencyRows) -> None:
    """2022 costs 2 mkr a month; surgery saves as planned, near care half of it, medicine nothing."""
    saved = {"kirurgi": 2 * MKR / 12, "medicin": Decimal(0), "nara": 3 * MKR / 12}
    for code in PLANNED:
        for number in range(12):
            before, after = date(2022, 1 + number, 1), date(2023, 1 + number, 1)
            rows.line(before, 2 * MKR, 2000, unit=f"{code}-1")
            now = (2 * MKR - saved[code]).quantize(Decimal("0.01"))
            rows.line(after, now, 1900, unit=f"{code}-1")
    for number in range(6):
        month = plus_months(date(2024, 1, 1), number)
        rows.line(month, 1 * MKR, 900, unit="kirurgi-1")
        rows.line(month, 2 * MKR, 2000, unit="medicin-1")
    rows.finish()


def test_what_is_planned_sums_as_in_document_002(tenant_session: TenantSession) -> None:
    make_measures(tenant_session)
    found = standings(tenant_session, NOW.date())
    lines = by_division(found, (2023, 2024))
    assert [line.planned for line in lines] == [
        tuple(amount * MKR for amount in planned) for _code, planned in sorted(PLANNED.items())
    ]
    assert total_of(lines, (2023, 2024)).planned == (16 * MKR, 36 * MKR)


def test_effect_and_status_come_from_the_ledger(tenant_session: TenantSession) -> None:
    make_measures(tenant_session)
    by_code = {one.plan.row.code: one for one in standings(tenant_session, date(2023, 12, 31))}
    surgery = by_code["Å-kirurgi"]
    assert surgery.expected_so_far(2023) == 2 * MKR
    assert abs(surgery.realised_so_far(2023) - 2 * MKR) < 1
    assert by_code["Å-nara"].realised_so_far(2023) == 3 * MKR
    assert by_code["Å-medicin"].status is Status.WITHOUT_EFFECT
    assert (by_code["Å-nara"].status, by_code["Å-ny"].status) == (Status.BEHIND, Status.PROPOSED)
    assert surgery.status is Status.ON_PLAN
    months = surgery.months(2024)
    assert months[-1] == date(2024, 4, 1), "two of the months to June are not fully invoiced"
    assert surgery.known.provisional(date(2024, 5, 1))
    assert len(surgery.realised) == 18


def test_the_forecast_gets_what_the_outcome_does_not_show_yet(tenant_session: TenantSession) -> None:
    make_measures(tenant_session)
    found = [one for one in decided_effects(tenant_session, 2024) if one.code == "Å-kirurgi"]
    assert [one.month.month for one in found] == list(range(5, 13)), "after the last fully invoiced month"
    assert {one.expected for one in found} == {9 * MKR / 12}
    assert {one.amount for one in found} == {Decimal(0)}, "the outcome shows 1 mkr a month already"
    medicine = [one for one in decided_effects(tenant_session, 2024) if one.code == "Å-medicin"]
    assert abs(sum(one.amount for one in medicine if one.month > date(2024, 6, 1)) - 2 * MKR) < 1
    assert not [one for one in decided_effects(tenant_session, 2024) if one.code == "Å-ny"]
    assert decided_effects(tenant_session, 2024, after=date(2024, 12, 1)) == []


def test_a_measure_that_cannot_be_is_refused_field_by_field(tenant_session: TenantSession) -> None:
    session, ids = tenant_session, make_measures(tenant_session)
    clinic = AgencyRows(session).unit("kirurgi-1")
    wanted = Wanted(
        "Å-medicin",
        "Hyr 19121212-1212",
        "Chef",
        clinic,
        date(2024, 1, 1),
        ended_month=date(2023, 1, 1),
        baseline_month=date(2023, 6, 1),
        decided_by="Nämnden",
        targets=Targets(units=frozenset({UUID(int=1)}), kinds=frozenset({"revenue"})),
    )
    with pytest.raises(Invalid) as refused:
        change_measure(session, ids["kirurgi"], 3, wanted, NOW)
    assert set(refused.value.fields) == {
        "baseline_month", "code", "decided_on", "division_id", "ended_month", "first_month", "kinds", "title",
        "units",
    }  # fmt: skip
    with pytest.raises(Conflict):
        change_measure(session, ids["kirurgi"], 1, wanted, NOW)
    with pytest.raises(Invalid) as refused:
        set_effect(session, ids["kirurgi"], 3, YearEffect(2022, Decimal(-1), (Decimal(1),)), NOW)
    assert set(refused.value.fields) == {"year", "amount", "weights"}


def test_a_workbook_gives_back_what_it_was_written_from(tenant_session: TenantSession) -> None:
    session, ids = tenant_session, make_measures(tenant_session)
    supplier = AgencyRows(session).supplier("L1")
    plan = get_plan(session, ids["kirurgi"])
    targets = Targets(
        plan.targets.units, frozenset({"nurse"}), frozenset({supplier}), frozenset({"own", "hired"})
    )
    wanted = Wanted("Å-kirurgi", "Ny", "Chef", plan.row.division_id, date(2023, 1, 1), targets=targets)
    change_measure(session, ids["kirurgi"], plan.row.version, wanted, NOW)
    weights = tuple(Decimal(number) for number in range(12))
    set_effect(session, ids["kirurgi"], plan.row.version, YearEffect(2025, MKR, weights), NOW)
    lines = read_book(session, write_book(session, language="sv", created=NOW))
    assert [line.change for line in lines] == ["same"] * 4
    for line in lines:
        object.__setattr__(line, "wanted", Wanted(**_fields(line.wanted) | {"title": "Ändrad"}))
    assert {line.change for line in lines} == {"changed"}
    import_book(session, lines, NOW)
    assert get_plan(session, ids["medicin"]).row.title == "Ändrad"


def _fields(wanted: Wanted) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}


@pytest.fixture
def region(database: Database, modules: Modules) -> Site:
    site = build_site(database, modules, clock=FrozenClock(NOW))
    site.add_tenant("ett", ("agency",))
    site.add_tenant("annat", ("agency",))
    return site


def newest(person: Person, address: str) -> dict[str, str]:
    """Return what the form of a measure was filled with."""
    text = person.client.get(address).text
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', text))
    fields |= dict(
        re.findall(r'<select[^>]*name="(division_id)".*?selected value="([^"]+)"', text, re.DOTALL)
    )
    return {
        name: value
        for name, value in fields.items()
        if name not in {"categories", "kinds", "suppliers", "csrf_token"}
    }


def test_the_pages_show_change_and_refuse(region: Site) -> None:
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        measure = make_measures(session)["kirurgi"]
    writer = region.person("ett", "production_director", name="Vera Exempel")
    reader, stranger = region.person("ett", "viewer"), region.person("annat", "controller")
    shown = reader.client.get(f"{PAGE}?year=2024")
    assert shown.status_code == 200
    assert ">36,0<" in shown.text
    assert "Efter plan" in shown.text or "Utan effekt" in shown.text
    one = f"{PAGE}/{measure}"
    page = reader.client.get(one)
    assert page.status_code == 200
    assert "Preliminärt" in page.text
    assert "<svg" in page.text
    assert f'{one}/edit"' not in page.text, "no button for who may not"
    assert reader.client.get(f"{one}/edit").status_code == 403
    assert stranger.client.get(one.replace("/ett/", "/annat/")).status_code == 404
    values = newest(writer, f"{one}/edit")
    assert writer.client.post(f"{one}/edit", data=values | {"title": "Egen pool"}).status_code == 303
    again = writer.client.post(f"{one}/edit", data=values | {"title": "Annat"})
    assert again.status_code == 409
    assert 'value="Egen pool"' in again.text, "the newest is shown"
    version = newest(writer, f"{one}/edit")["version"]
    named = writer.client.post(f"{one}/edit", data=values | {"version": version, "owner": "Vera Exempel"})
    assert (named.status_code, "inte ett personnamn" in named.text) == (422, True)
    effect = {"version": version, "year": "2025", "amount": "1500", "weights": "1 2"}
    for wrong in ({}, {"weights": "", "amount": "1e400"}):
        assert writer.client.post(f"{one}/effects", data=effect | wrong).status_code == 422
    assert writer.client.post(f"{one}/effects", data=effect | {"weights": ""}).status_code == 303
    assert writer.client.post(f"{one}/effects", data=effect | {"weights": ""}).status_code == 409
    assert "1 500" in writer.client.get(one).text.replace("\xa0", " ")
    kept = writer.client.post(f"{one}/remove", data={"version": str(int(version) + 1)})
    assert kept.status_code == 409, "a decided measure"
    found = re.search(rf'href="({PAGE}/[^"/]+)">Å-ny', shown.text)
    assert found is not None
    assert writer.client.post(f"{found[1]}/remove", data={"version": "1"}).status_code == 409
    assert writer.client.post(f"{found[1]}/remove", data={"version": "2"}).status_code == 303
    assert writer.client.get(found[1]).status_code == 404


def test_a_workbook_is_looked_at_before_it_is_read_in(region: Site) -> None:
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        one = make_measures(session)["kirurgi"]
    writer = region.person("ett", "controller")
    book = writer.client.get(f"{PAGE}/workbook.xlsx")
    assert book.status_code == 200
    looked = writer.client.post(f"{PAGE}/import", data={"file": (io.BytesIO(book.data), "a.xlsx")})
    assert looked.status_code == 200
    carried = dict(re.findall(r'name="(content|seen)" value="([^"]+)"', looked.text))
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        row = get_plan(session, one).row
        set_effect(session, one, row.version, YearEffect(2031, MKR), NOW)
    late = writer.client.post(f"{PAGE}/import/confirm", data=carried)
    assert (late.status_code, "har ändrat" in late.text) == (409, True)
    carried = dict(re.findall(r'name="(content|seen)" value="([^"]+)"', late.text))
    assert writer.client.post(f"{PAGE}/import/confirm", data=carried).status_code == 303
    assert writer.client.post(f"{PAGE}/import/confirm", data={"content": "?"}).status_code == 422
    broken = writer.client.post(f"{PAGE}/import", data={"file": (io.BytesIO(b"no"), "a.xlsx")})
    assert (broken.status_code, "Inget har sparats" in broken.text) == (422, True)
    assert region.person("ett", "viewer").client.get(f"{PAGE}/import").status_code == 403
