"""What a forecast takes from accruals: what is not invoiced yet of its newest months, and nothing twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agency_rows import AgencyRows, late_invoices
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.testing.site import Site
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.outlook import outlook
from samplan_agency.queries.accrual.valuing import Wanted, value
from samplan_agency.queries.forecast.accrued import Accrued
from samplan_agency.queries.forecast.given import given
from samplan_agency.queries.forecast.kept import kept_forecast
from samplan_agency.services.accrual.valuations import keep_valuation
from samplan_agency.services.forecast.kept import Made, keep_forecast

JUNE = date(2026, 6, 1)


def of_june(session: TenantSession) -> tuple[Decimal, Decimal, Accrued | None]:
    """Return what a forecast takes as June's outcome, what of it is accrued, and by what."""
    made_of = given(session, 2026, JUNE, 2, last=JUNE)
    assert made_of is not None
    whole = sum((series[-1] for series in made_of[0].outcome.values()), Decimal(0))
    return whole, sum((series[-1] for series in made_of[0].accrued.values()), Decimal(0)), made_of[1]


def test_a_forecast_takes_what_is_not_invoiced_yet_and_counts_it_once(site: Site) -> None:
    """Two clinics cost 150,000 a month; of June's work 40 per cent are booked, of May's 80."""
    tenant, now = site.add_tenant("ett", ("agency",)), site.core.clock.now()
    with site.core.database.unit_of_work(tenant.id) as session:
        late_invoices(session, JUNE)
        whole, to_come, by = of_june(session)
        assert (whole, to_come) == (150_000, 90_000)
        assert by is not None
        assert (by.number, by.whole) == (None, 120_000)
        found = value(session, Wanted(JUNE))
        assert found is not None
        keep_valuation(session, found, by=None, now=now)
    with site.core.database.unit_of_work(tenant.id) as session:
        rows = AgencyRows(session)
        rows.line(JUNE, 66_000, unit="K1", booked_month=plus_months(JUNE, 1), line_key=new_id())
        rows.finish()
        whole, to_come, by = of_june(session)
        assert by is not None
        assert (whole, to_come, by.number) == (150_000, 24_000, 1), "what has come since is outcome"
        made_of = given(session, 2026, JUNE, 2, last=JUNE)
        assert made_of is not None
        kept = keep_forecast(session, new_id(), Made(made_of[0], outlook(made_of[0]), by), now)
        assert kept.accrued is not None
        assert kept.accrued["months"] == {"2026-05-01": "30000.00", "2026-06-01": "24000.00"}
        row = kept_forecast(session, kept.id).rows[0]
        assert row.accrued[4:6] == (30_000, 24_000)
        assert row.outcome == 6 * 150_000
    text = site.person("ett", "controller").client.get("/t/ett/agency/forecast").text
    assert "juni\u00a02026 0,0 mkr (16 % av månaden)" in text
    assert "Sparad värdering 1" in text
