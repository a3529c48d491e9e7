"""The demo's invented ledger and invoices: there once, for demo tenants only, and told as examples."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from samplan.plugin_api import DemoSeed, OrgUnit, TenantSession
from samplan.plugin_api import Site as Place
from samplan.testing.site import Site
from samplan_agency.demo_calloff import EXAMPLES
from samplan_agency.demo_plans import PLAN
from samplan_agency.domain.calloff import Asked, Step, next_step
from samplan_agency.domain.control import Reason
from samplan_agency.domain.measures import Status
from samplan_agency.domain.months import Months
from samplan_agency.models import (
    ControlMonth,
    CostLine,
    CostMonth,
    Delivery,
    Forecast,
    InvoiceDeviation,
    Supplier,
)
from samplan_agency.queries.accrual.valuations import back_tests
from samplan_agency.queries.accrual.valuing import Wanted, value
from samplan_agency.queries.calloff.shown import call_off_figures, call_off_list, call_off_view
from samplan_agency.queries.costs.own_staff import staff_counts
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.independence import plan_rows
from samplan_agency.queries.measures.standing import standings


def tell_plans(session: TenantSession, filenames: set[str]) -> None:
    """Hold what a controller would have kept: valuations looked back on, a forecast, own staff, a plan."""
    newest = session.scalars(select(Forecast).order_by(Forecast.number.desc())).first()
    assert newest is not None
    assert newest.accrued["months"], "months that are not fully invoiced are completed"
    now = value(session, Wanted(date(2026, 10, 1)))
    assert now is not None
    assert now.valued.groups
    assert now.valued.method == "bf", "planned hours have prices"
    to_come = {row.month: row.reserve.mean for row in now.valued.rows}
    tests = [found.test for found in back_tests(session, to_come, date(2026, 10, 1))]
    assert len(tests) == 2
    assert all(abs(test.difference) < test.outcome / 2 for test in tests)
    counts = staff_counts(session, Months(date(2025, 10, 1), date(2026, 10, 1)))
    assert {*counts} == {None, "physician", "nurse", "other"}
    assert [plan.name for plan in plan_rows(session)] == [PLAN]
    assert all("exempel" in name for name in filenames)


def tell_call_offs(session: TenantSession) -> None:
    """Hold that call-offs are in every state, with prices, and that no supplier's address is anybody's."""
    addresses = session.scalars(select(Supplier.email)).all()
    assert all(address and address.endswith(".example") for address in addresses)
    stockholm = ZoneInfo("Europe/Stockholm")
    found = [call_off_view(session, one.row.id, stockholm) for one in call_off_list(session)[0]]
    assert {one.row.state for one in found} == {"draft", "sent", "closed", "withdrawn"}
    assert all(one.row.policy["max_price"] for one in found)
    newest = found[: len(EXAMPLES)]
    assert sum(one.preview.unpriced for one in newest) == 0
    sent = [one for one in newest if one.row.state == "sent"]
    noon = datetime(2026, 11, 27, 12, tzinfo=stockholm)
    steps = [
        next_step(
            [Asked(each.row.deadline, each.row.state == "answered") for each in one.requests],
            sum(line.missing for line in one.lines),
            len(addresses) - len(one.requests),
            noon,
        )
        for one in sent
    ]
    assert {*steps} == {Step.WAIT, Step.FILLED, Step.EXHAUSTED}, "nobody is asked at once"
    expired = [one for one in sent if one.requests[0].row.deadline < noon and not one.lines[0].answers]
    assert [len(one.requests) for one in expired] == [2], "one let its time pass, the next was asked"
    figures = call_off_figures(session, noon - timedelta(days=365), noon)
    assert figures.confirmed < figures.asked
    assert figures.within < figures.confirmed
    assert figures.lead_hours is not None
    assert figures.lead_hours > 12


def test_a_demo_region_gets_a_ledger_and_invoices_that_agree(site: Site) -> None:
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.add(OrgUnit(kind="region", code="ett", name="Ett"))
        for code in ("1001", "1002", "1003"):
            session.add(Place(code=code, name=code, municipality_code=code, municipality=code))
        session.flush()
        for _ in range(2):  # the second time nothing is added
            seed = DemoSeed(session, tenant, random.Random(7), date(2026, 11, 27))  # noqa: S311 - a demo
            site.core.modules.call("agency", "samplan_demo", seed=seed)
        deliveries = {row.kind: row for row in session.scalars(select(Delivery))}
        assert sorted(deliveries) == ["budget", "hours", "invoices", "ledger", "staff"]
        measures = standings(session, date(2026, 11, 27))
        assert {measure.status for measure in measures} == {*Status}
        assert all(measure.plan.row.title.endswith("(exempel)") for measure in measures)
        assert {row.source for row in deliveries.values()} == {"exempeldata"}
        assert deliveries["ledger"].rows == session.scalar(
            select(func.count()).where(CostLine.source == "ledger")
        )
        lines = sum(deliveries[source].rows for source in ("ledger", "invoices"))
        assert session.scalar(select(func.sum(CostMonth.lines))) == lines
        assert set(session.scalars(select(InvoiceDeviation.reason))) == {*Reason}
        matched = session.execute(
            select(func.sum(ControlMonth.matched_lines), func.sum(ControlMonth.lines))
        ).one()
        assert matched[0] > matched[1] / 2
        tell_call_offs(session)
        tell_plans(session, {row.filename for row in deliveries.values()})
        months = Months(date(2026, 7, 1), date(2026, 10, 1))
        ledger, invoices = (
            cost_sums(session, Choice(months, source=source), ("supplier_id",))
            for source in ("ledger", "invoices")
        )
        assert [(sum_.key, sum_.amount, sum_.hours) for sum_ in ledger] == [
            (sum_.key, sum_.amount, sum_.hours) for sum_ in invoices
        ]
