"""A region whose divisions cost what document 002 tells, and budgets for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from agency_files import read_in, said
from agency_rows import AgencyRows
from samplan.imports.template import write_workbook
from samplan.testing.site import Site
from samplan_agency.domain.months import Months
from samplan_agency.domain.years import over_months
from samplan_agency.files.budget import with_divisions
from samplan_agency.models import Account

MILLION = 1_000_000
DEVIATIONS = {"MED": -220, "KIR": -217, "NÄR": -235, "PER": 332}
"""Document 002, in mkr: by division, −340 together."""


def fill(site: Site) -> Site:
    """Fill a region with a ledger of three years: a division costs 1,200 mkr a year and its deviation."""
    site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        rows = AgencyRows(session)
        session.add(Account(code="4600", name="Inhyrd", kind="hired", cost_type="Inhyrd personal"))
        for division, deviation in DEVIATIONS.items():
            rows.unit(f"{division}1", "clinic", division)
            months = over_months(Decimal((1200 - deviation) * MILLION), 1, 12)
            for month in Months(date(2024, 1, 1), date(2026, 12, 1)):
                rows.line(month, months[month.month - 1], unit=f"{division}1")
        for month in Months(date(2024, 1, 1), date(2026, 12, 1)):
            rows.line(month, -50 * MILLION, kind="revenue", category=None, account="3000")
        rows.finish()
    return site


def budget_file(*rows: dict[str, object]) -> bytes:
    spec = with_divisions({code: f"Enhet {code}" for code in DEVIATIONS})
    return write_workbook((spec,), {"budget": rows}, title="Budget", created=datetime(2026, 1, 2, tzinfo=UTC))


def whole_budget() -> bytes:
    rows = [
        {
            "year": 2026,
            "division": code,
            "kind": "hired",
            "cost_type": "Inhyrd personal",
            "amount": Decimal(1200 * MILLION),
        }
        for code in DEVIATIONS
    ]
    revenue = {"year": 2026, "kind": "revenue", "amount": Decimal(600 * MILLION), "spread": "as_last_year"}
    return budget_file(*rows, revenue)


def counted(site: Site, content: bytes) -> tuple[int, int, int, int]:
    """Read a budget in; return how many lines are new, replaced, put aside and as before."""
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        row = read_in(session, content, said("budget", filename="budget.xlsx"))
        return row.added, row.replaced, row.removed, row.unchanged
