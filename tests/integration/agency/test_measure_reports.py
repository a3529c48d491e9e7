"""Reports to the board: due, looked at, made and frozen, as Word file and PDF, and reminded of."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy import select

from agency_rows import AgencyRows
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.jobs.service import request_run
from samplan.modules.manager import Modules
from samplan.notices.models import Event, Mail
from samplan.testing.site import Site, build_site
from samplan_agency.declarations import REMIND
from samplan_agency.models import MeasureReport
from samplan_agency.queries.measures.due import reports_due
from samplan_agency.queries.measures.plans import YearEffect
from samplan_agency.services.measures.edit import Wanted, add_measure, set_effect

NOW = datetime(2026, 7, 3, 12, tzinfo=UTC)
PAGE = "/t/ett/agency/measures/reports"
SETTINGS = {"report_months": "6, 9, 10"}


@pytest.fixture
def region(database: Database, modules: Modules) -> Site:
    site = build_site(database, modules, clock=FrozenClock(NOW))
    site.add_tenant("ett", ("agency",))
    site.add_tenant("annat", ("agency",))
    with database.unit_of_work(site.tenants["ett"].id) as session:
        rows = AgencyRows(session)
        wanted = Wanted("Å1", "Egen pool\x01 🌙", "Chef", rows.unit("kir", "division"), date(2026, 1, 1))
        row = add_measure(session, wanted, NOW)
        set_effect(session, row.id, 1, YearEffect(2026, Decimal(1_200_000)), NOW)
    return site


def test_a_report_is_looked_at_made_and_frozen(region: Site) -> None:
    writer, reader = region.person("ett", "controller"), region.person("ett", "viewer")
    stranger = region.person("annat", "controller")
    listed = reader.client.get(PAGE)
    assert "Försenad" in listed.text
    assert "Upprättade rapporter" in listed.text
    assert reader.client.get(f"{PAGE}/new?due=2026-06").status_code == 403
    assert reader.client.post(f"{PAGE}/new", data={"due": "2026-06"}).status_code == 403
    secretary = region.person("ett", "board_secretary").client
    assert secretary.get(f"{PAGE}/new?due=2026-06").status_code == 200
    assert secretary.get("/t/ett/agency/measures/card").status_code == 200
    assert secretary.get("/t/ett/agency/measures/new").status_code == 403
    looked = writer.client.get(f"{PAGE}/new?due=2026-06")
    assert "rapport till Regionstyrelsen" in looked.text
    assert writer.client.get(f"{PAGE}/new?due=juni").status_code == 422
    assert writer.client.post(f"{PAGE}/new", data={"due": ""}).status_code == 422
    made = writer.client.post(f"{PAGE}/new", data={"due": "2026-06"})
    assert made.status_code == 303
    address = made.location
    assert "Försenad" not in writer.client.get(PAGE).text
    before = reader.client.get(address)
    assert before.status_code == 200
    assert stranger.client.get(address.replace("/ett/", "/annat/")).status_code == 404
    word = reader.client.get(f"{address}/report.docx").data
    assert reader.client.get(f"{address}/report.pdf").data.startswith(b"%PDF-")
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        add_measure(
            session, Wanted("Å2", "Senare", "Chef", AgencyRows(session).unit("kir"), date(2026, 2, 1)), NOW
        )
    assert "Senare" not in reader.client.get(address).text, "frozen"
    assert reader.client.get(f"{address}/report.docx").data == word
    again = writer.client.post(f"{PAGE}/new", data={"due": "2026-06"})
    assert "Senare" in reader.client.get(again.location).text
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        assert session.scalars(select(MeasureReport.number).order_by(MeasureReport.number)).all() == [1, 2]
    _is_for_everybody(word)


def _is_for_everybody(word: bytes) -> None:
    """Headings are headings, heading rows are marked, and the language is told."""
    document = docx.Document(io.BytesIO(word))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None]
    assert (styles.count("Heading 1"), styles.count("Heading 2")) == (1, 4)
    assert len(document.tables) == 2
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    language = document.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert language.get(qn("w:val")) == "sv-SE"


def test_those_who_see_to_the_measures_are_reminded_until_it_is_made(region: Site) -> None:
    writer, _reader = region.person("ett", "controller"), region.person("ett", "viewer")
    tenant = region.core.tenants.by_slug("ett")

    def remind() -> tuple[list[Event], set[object]]:
        with region.core.database.unit_of_work(tenant.id) as session:
            request_run(region.core, session, tenant, REMIND, {}, requested_by=None)
        region.dispatcher().work(region.core)
        with region.core.database.unit_of_work(tenant.id) as session:
            events = session.scalars(select(Event).where(Event.type == "agency.measure_report.due")).all()
            return list(events), set(session.scalars(select(Mail.account_id)))

    events, mailed = remind()
    assert [event.payload for event in events] == [{"board": "Regionstyrelsen", "months": ["2026-06-01"]}]
    assert mailed == {writer.account_id}
    writer.client.post(f"{PAGE}/new", data={"due": "2026-06"})
    assert len(remind()[0]) == 1, "nothing is due any more"
    assert "september 2026" in writer.client.get("/t/ett/agency/measures/card").text


def test_the_months_that_the_board_has_chosen_are_due(region: Site) -> None:
    with region.core.database.unit_of_work(region.tenants["ett"].id) as session:
        found = reports_due(session, SETTINGS, date(2026, 9, 30))
    assert [(one.month.isoformat()[:7], one.when) for one in found] == [
        ("2026-06", "late"),
        ("2026-09", "now"),
        ("2026-10", "later"),
        ("2027-06", "later"),
        ("2027-09", "later"),
    ]
    with region.core.database.unit_of_work(region.tenants["annat"].id) as session:
        found = reports_due(session, SETTINGS, date(2026, 9, 30))
    assert {one.when for one in found} == {"later"}, "a region without measures owes nothing"
    administrator = region.person("ett", "administrator").client
    settings = {
        "on_plan_percent": "90",
        "without_effect_percent": "10",
        "provisional_months": "2",
        "board": "RS",
    }
    address = "/t/ett/modules/agency/settings"
    assert administrator.post(address, data=settings | {"report_months": "6, 19"}).status_code == 422
    assert administrator.post(address, data=settings | {"report_months": "3, 11"}).status_code < 400
    assert "mars\u00a02027" in administrator.get(PAGE).text
    assert "juni\u00a02027" not in administrator.get(PAGE).text
