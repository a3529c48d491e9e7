"""The pages of plans for independence: made, changed by who may, computed from the ledger, compared."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from agency_rows import AgencyRows
from samplan.clock import FrozenClock
from samplan.db.session import Database, TenantSession
from samplan.modules.manager import Modules
from samplan.testing.site import Site, build_site
from samplan_agency.domain.months import Months
from samplan_agency.domain.way import Hired
from samplan_agency.models import IndependencePlan
from samplan_agency.queries.independence import now_of

PAGE = "/t/ett/agency/independence"
POSTS = {
    "version": "1", "category": "nurse", "first": "2027-01", "positions": "5", "replaces": "1",
    "quickest": "2", "usual": "2", "slowest": "2", "filled_percent": "100", "introduction": "1",
    "salary": "40 000", "other_cost": "0",
}  # fmt: skip


@pytest.fixture
def planning(database: Database, modules: Modules) -> Site:
    """A region with a usual month of 10 hired nurses for 990 tkr beside own staff for 30 mkr."""
    made = build_site(database, modules, clock=FrozenClock(datetime(2026, 11, 27, 9, tzinfo=UTC)))
    tenant = made.add_tenant("ett", ("agency",))
    with database.unit_of_work(tenant.id) as session:
        rows = AgencyRows(session)
        for month in Months(date(2025, 10, 1), date(2026, 11, 1)):
            rows.line(month, 990_000, 1650)
            rows.line(month, 30_000_000, kind="own")
        rows.finish()
    return made


def test_a_plan_is_made_changed_and_read(planning: Site) -> None:
    controller, viewer = planning.person("ett", "controller"), planning.person("ett", "viewer")
    new = {"name": "Egna sjuksköterskor", "first_month": "2027-01", "months": "24"}
    assert viewer.client.post(PAGE, data=new).status_code == 403
    made = controller.client.post(PAGE, data=new)
    assert made.status_code == 303
    assert controller.client.post(PAGE, data=new).status_code == 422, "the name is taken"
    plan = made.location

    form = controller.client.get(f"{plan}?kind=own_positions").text
    assert "arbetsgivaravgift" in form
    wrong = controller.client.post(
        f"{plan}/actions?kind=own_positions", data=POSTS | {"slowest": "1", "filled_percent": "0"}
    )
    assert wrong.status_code == 422
    assert "Minst så länge som vanligast." in wrong.text
    assert "Från 1 till 100." in wrong.text
    assert controller.client.post(f"{plan}/actions?kind=own_positions", data=POSTS).status_code == 303
    late = controller.client.post(f"{plan}/actions?kind=own_positions", data=POSTS)
    assert (late.status_code, "Någon annan" in late.text) == (409, True)

    # Half of the hired hours from April on; 40,000 with 31.42 per cent is 52,568 a month for each.
    text = viewer.client.get(plan).text
    assert re.search(r"52\s568", text)
    assert "3,30" in text
    assert "1,64 (1,64 – 1,64)" in text
    assert re.search(r"Högst 2 procent från</dt><dd>apr\s2027", text)
    assert "prov-ledger.csv" in text
    assert ">Spara<" not in text.replace("\n", ""), "who may not change it gets no form"

    change = controller.client.post(f"{plan}/actions/0", data=POSTS | {"version": "2", "positions": "3"})
    assert change.status_code == 303
    assert controller.client.post(f"{plan}/actions/7", data=POSTS | {"version": "3"}).status_code == 422
    assert controller.client.get(f"{plan}?action=0").text.count('value="3"') >= 1
    assert controller.client.post(f"{plan}/actions/0/remove", data={"version": "3"}).status_code == 303
    assert controller.client.post(f"{plan}/remove", data={"version": "3"}).status_code == 409
    assert controller.client.post(f"{plan}/remove", data={"version": "4"}).status_code == 303
    assert controller.client.get(plan).status_code == 404


def test_plans_are_compared_and_go_out_as_a_workbook(planning: Site) -> None:
    controller = planning.person("ett", "controller")
    with planning.core.database.unit_of_work(planning.tenants["ett"].id) as session:
        weekends = {
            "kind": "weekends_only",
            "category": "nurse",
            "first": "2027-02-01",
            "remains_percent": 20,
        }
        for name, actions in (("Som nu", []), ("Helger", [weekends])):
            session.add(IndependencePlan(name=name, first_month=date(2027, 1, 1), months=6, actions=actions))
        session.flush()
        ids = [
            str(key) for key in session.scalars(select(IndependencePlan.id).order_by(IndependencePlan.name))
        ]
    compared = controller.client.get(f"{PAGE}/compare", query_string={"plan": ids})
    assert compared.status_code == 200
    assert "0,66 (0,66 – 0,66)" in compared.text
    assert "Inte inom planen" in compared.text
    assert controller.client.get(f"{PAGE}/compare").status_code == 422
    book = controller.client.get(f"{PAGE}/plans.xlsx", query_string={"plan": ids})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 2 * 6
    assert rows[6][:5] == ["Helger", date(2027, 6, 1), 0.66, 0.66, 0.66]


def test_an_action_that_is_none_is_not_asked_about(planning: Site) -> None:
    controller = planning.person("ett", "controller").client
    new = {"name": "Plan", "first_month": "2027-01", "months": "24"}
    for wrong in ({"months": "5"}, {"first_month": "9999-12"}):
        assert controller.post(PAGE, data={**new, **wrong}).status_code == 422, wrong
    plan = controller.post(PAGE, data=new).location
    for number in ("²", "7", "9" * 5000):
        assert controller.get(f"{plan}?action={number}").status_code == 200


def test_who_has_no_profession_counts_among_the_others(tenant_session: TenantSession) -> None:
    rows = AgencyRows(tenant_session)
    for category, amount, hours in (("other", 500, 1), (None, 300, 2), ("nurse", -10, 0)):
        rows.line(date(2026, 1, 1), amount, hours, category=category)
    rows.line(date(2026, 1, 1), 9_000, kind="own")
    rows.line(date(2026, 2, 1), 7_000, 5, category="other")  # own staff's cost of the month is not there yet
    rows.finish()
    now = now_of(tenant_session, date(2026, 11, 27), 0)
    assert now is not None
    assert now.start.own_cost == 9_000
    assert now.start.hired == {"other": Hired(3, 800)}


def test_without_a_ledger_the_page_says_what_is_missing(site: Site) -> None:
    site.add_tenant("ett", ("agency",))
    controller = site.person("ett", "controller")
    assert "Läs in huvudboken först." in controller.client.get(PAGE).text
    made = controller.client.post(PAGE, data={"name": "Plan", "first_month": "2027-01", "months": "24"})
    assert controller.client.get(made.location).status_code == 200
    assert controller.client.get(f"{PAGE}/plans.xlsx").status_code == 404
