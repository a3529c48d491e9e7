"""What is remembered of costs is never given again once they are others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agency_rows import AgencyRows, late_invoices
from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan_agency.domain.keys import line_key
from samplan_agency.domain.months import Months
from samplan_agency.queries.accrual.valuing import Wanted, value
from samplan_agency.queries.costs.remembered import MOST, remembered
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.costs.why import reasons
from samplan_agency.services.costs.months import renew_months

LAST = date(2026, 6, 1)
NOW, BEFORE = Months(date(2026, 1, 1), LAST), Months(date(2025, 7, 1), date(2025, 12, 1))


def whole(session: TenantSession) -> tuple[Decimal, Decimal, Decimal]:
    """Return what the reasons, a valuation, and the sums themselves say of the costs."""
    valued = value(session, Wanted(LAST))
    assert valued is not None
    assert valued is not value(session, Wanted(LAST))  # only what costs tell is remembered, not prices
    choice = Choice(NOW, booked_to=LAST)
    sums = (cost_sums(session, choice, by) for by in (("work_month",), ("work_month", "account")))
    one, other = (sum((row.amount for row in rows), Decimal(0)) for rows in sums)
    assert one == other
    reported = sum((row.reported for row in valued.valued.rows), Decimal(0))
    return reasons(session, BEFORE, Choice(NOW), None).whole.after, reported, one


def test_costs_that_change_are_computed_again(tenant_session: TenantSession) -> None:
    late_invoices(tenant_session, LAST)
    first = whole(tenant_session)
    assert whole(tenant_session) == first

    rows = AgencyRows(tenant_session)
    line = rows.line(LAST, 500, 1, unit="K1", line_key=line_key("more"))
    rows.finish()
    assert whole(tenant_session) == tuple(amount + 500 for amount in first)

    # Exactly what was before: taken back, and put in again.
    line.replaced_by = line.delivery_id
    tenant_session.flush()
    renew_months(tenant_session, "ledger", [LAST])
    assert whole(tenant_session) == first

    # What is booked after a valuation's month does not belong to it.
    rows.line(LAST, 70, 1, unit="K1", booked_month=date(2026, 7, 1), line_key=line_key("later"))
    rows.finish()
    assert whole(tenant_session) == (first[0] + 70, first[1], first[2])

    # A unit belongs elsewhere now, and the sums are the same.
    units = set(reasons(tenant_session, BEFORE, Choice(NOW), None).by_unit)
    rows.unit("D2", "division")
    clinic = tenant_session.get_one(OrgUnit, (tenant_session.tenant_id, rows.unit("K1")))
    clinic.parent_id = rows.unit("D2")
    tenant_session.flush()
    assert set(reasons(tenant_session, BEFORE, Choice(NOW), None).by_unit) > units


def test_what_does_not_change_is_computed_once(tenant_session: TenantSession) -> None:
    rows = AgencyRows(tenant_session)
    rows.line(LAST, 100)
    rows.finish()
    asked: list[int] = []

    def look(question: int = 0, source: str = "ledger") -> None:
        remembered(tenant_session, source, NOW, ("test", question), lambda: asked.append(question))

    for question in (0, 0, 1):
        look(question)
    assert asked == [0, 1]
    rows.line(LAST, 100, source="invoices")
    rows.line(date(2020, 1, 1), 100)
    renew_months(tenant_session, "invoices", [LAST])
    renew_months(tenant_session, "ledger", [date(2020, 1, 1)])
    look()
    look(0, "invoices")
    assert asked == [0, 1, 0]
    renew_months(tenant_session, "ledger", [LAST])
    look()
    assert asked == [0, 1, 0, 0]
    for question in range(MOST + 1):
        look(question + 2)
    look()
    assert asked[-1] == 0  # it was forgotten: only so many answers are kept
