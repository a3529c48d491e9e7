"""The demo's invented ledger and invoices: there once, for demo tenants only, and told as examples."""

from __future__ import annotations

import random
from datetime import date

from sqlalchemy import func, select

from samplan.plugin_api import DemoSeed, OrgUnit, TenantSession
from samplan.testing.site import Site
from samplan_agency.demo_plans import PLAN
from samplan_agency.domain.months import Months
from samplan_agency.models import (
    ControlMonth,
    CostLine,
    CostMonth,
    Delivery,
    Forecast,
    InvoiceDeviation,
    Measure,
)
from samplan_agency.queries.costs import Choice, cost_sums
from samplan_agency.queries.independence import plan_rows
from samplan_agency.queries.own_staff import staff_counts
from samplan_agency.queries.valuations import back_tests
from samplan_agency.queries.valuing import Wanted, value


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


def test_a_demo_region_gets_a_ledger_and_invoices_that_agree(site: Site) -> None:
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.add(OrgUnit(kind="region", code="ett", name="Ett"))
        session.flush()
        for _ in range(2):  # the second time nothing is added
            seed = DemoSeed(session, tenant, random.Random(7), date(2026, 11, 27))  # noqa: S311 - a demo
            site.core.modules.call("agency", "samplan_demo", seed=seed)
        deliveries = {row.kind: row for row in session.scalars(select(Delivery))}
        assert sorted(deliveries) == ["budget", "hours", "invoices", "ledger", "staff"]
        measures = session.scalars(select(Measure.title).order_by(Measure.code)).all()
        assert len(measures) == 5
        assert all(title.endswith("(exempel)") for title in measures)
        assert {row.source for row in deliveries.values()} == {"exempeldata"}
        assert deliveries["ledger"].rows == session.scalar(
            select(func.count()).where(CostLine.source == "ledger")
        )
        lines = sum(deliveries[source].rows for source in ("ledger", "invoices"))
        assert session.scalar(select(func.sum(CostMonth.lines))) == lines
        reasons = set(session.scalars(select(InvoiceDeviation.reason)))
        assert {"missing_reference", "price_above", "break_paid", "hours_not_worked"} <= reasons
        matched = session.execute(
            select(func.sum(ControlMonth.matched_lines), func.sum(ControlMonth.lines))
        ).one()
        assert matched[0] > matched[1] / 2
        tell_plans(session, {row.filename for row in deliveries.values()})
        months = Months(date(2026, 7, 1), date(2026, 10, 1))
        ledger, invoices = (
            cost_sums(session, Choice(months, source=source), ("supplier_id",))
            for source in ("ledger", "invoices")
        )
        assert [(sum_.key, sum_.amount, sum_.hours) for sum_ in ledger] == [
            (sum_.key, sum_.amount, sum_.hours) for sum_ in invoices
        ]
