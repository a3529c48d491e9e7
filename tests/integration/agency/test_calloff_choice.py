"""What the page of a new call-off says of the shifts that rosters have handed over."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from calloffs import LEVEL, PAGES, OneGap
from samplan.organisation.models import OrgUnit
from samplan.organisation.models import Site as Place
from samplan.testing.site import Person, Site
from samplan_agency.models import MunicipalityZone
from samplan_agency.web.calloff import choice as calloff_choice


def test_a_shift_without_a_price_says_what_it_lacks(
    agency: Site, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(skill_name: str) -> str:
        monkeypatch.setattr(calloff_choice, "find", lambda _offer: OneGap(skill_name))
        return str(coordinator.client.get(f"{PAGES}/new?first=2031-03-01&last=2031-03-31").text)

    unnamed = page("Dagsköterska")
    assert "Avdelning 12: välj en yrkeskategori" in unnamed
    assert "Yrkeskategori för Dagsköterska" in unnamed
    named = page(LEVEL.upper())
    assert f"<option selected>{LEVEL}</option>" in named, "the category of that name"
    assert "Avdelning 12:" not in named
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        session.execute(update(MunicipalityZone).values(municipality_code="0180"))
    assert "Avdelning 12: kommunen har ingen zon i något avtal." in page(LEVEL)
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        unit = session.scalars(select(OrgUnit).where(OrgUnit.code == "AVD12")).one()
        unit.site_id = None
        session.execute(update(Place).values(municipality_code=None))
    assert "har en plats med kommun" in page(LEVEL)
