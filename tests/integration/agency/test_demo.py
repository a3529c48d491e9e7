"""The demo's invented ledger and invoices: there once, for demo tenants only, and told as examples."""

from __future__ import annotations

import random
from datetime import date

from sqlalchemy import func, select

from samplan.plugin_api import DemoSeed, OrgUnit
from samplan.testing.site import Site
from samplan_agency.domain.months import Months
from samplan_agency.models import ControlMonth, CostLine, CostMonth, Delivery, InvoiceDeviation, Measure
from samplan_agency.queries.costs import Choice, cost_sums


def test_a_demo_region_gets_a_ledger_and_invoices_that_agree(site: Site) -> None:
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.add(OrgUnit(kind="region", code="ett", name="Ett"))
        session.flush()
        for _ in range(2):  # the second time nothing is added
            seed = DemoSeed(session, tenant, random.Random(7), date(2026, 11, 27))  # noqa: S311 - a demo
            site.core.modules.call("agency", "samplan_demo", seed=seed)
        deliveries = {row.kind: row for row in session.scalars(select(Delivery))}
        assert sorted(deliveries) == ["invoices", "ledger"]
        measures = session.scalars(select(Measure.title).order_by(Measure.code)).all()
        assert len(measures) == 5
        assert all(title.endswith("(exempel)") for title in measures)
        assert {row.source for row in deliveries.values()} == {"exempeldata"}
        assert deliveries["ledger"].rows == session.scalar(
            select(func.count()).where(CostLine.source == "ledger")
        )
        assert session.scalar(select(func.sum(CostMonth.lines))) == sum(d.rows for d in deliveries.values())
        reasons = set(session.scalars(select(InvoiceDeviation.reason)))
        assert {"missing_reference", "price_above", "break_paid", "hours_not_worked"} <= reasons
        matched = session.execute(
            select(func.sum(ControlMonth.matched_lines), func.sum(ControlMonth.lines))
        ).one()
        assert matched[0] > matched[1] / 2
        months = Months(date(2026, 7, 1), date(2026, 10, 1))
        ledger, invoices = (
            cost_sums(session, Choice(months, source=source), ("supplier_id",))
            for source in ("ledger", "invoices")
        )
        assert [(sum_.key, sum_.amount, sum_.hours) for sum_ in ledger] == [
            (sum_.key, sum_.amount, sum_.hours) for sum_ in invoices
        ]
