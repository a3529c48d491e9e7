"""The module's indicators, worked out by hand from an invented ledger and invented call-offs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from agency_rows import AgencyRows
from samplan.db.session import TenantSession
from samplan.modules.contributions import IndicatorValue, Period, load
from samplan.organisation.models import Population
from samplan.tenancy.context import TenantContext, tenant_scope
from samplan_agency.declarations import INDICATORS
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine

SPECS = {spec.name: spec for spec in INDICATORS}
FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
SWEDISH = TenantContext(
    UUID(int=1), "ett", "Ett", "region", "sv", "Europe/Stockholm", None, False, frozenset({"agency"}), 1
)


def value(session: TenantSession, name: str, period: Period) -> IndicatorValue:
    compute = load(str(SPECS[f"agency.{name}"].compute))
    with tenant_scope(SWEDISH):
        found: IndicatorValue = compute(session, period)
    return found


@pytest.fixture
def rows(tenant_session: TenantSession) -> AgencyRows:
    """A year and a half: 50 of hired and 1,000 of own staff a month in 2025, 30 and 1,000 in 2026."""
    made = AgencyRows(tenant_session)
    for month in Months(date(2025, 1, 1), date(2026, 6, 1)):
        made.line(month, 50 if month.year == 2025 else 30, 10)
        made.line(month, 1000, kind="own")
        made.line(month, 900, 9, source="invoices")  # the same costs once more: never added
    made.finish()
    return made


def test_the_share_is_that_of_own_staff_or_of_all(tenant_session: TenantSession, rows: AgencyRows) -> None:
    share = value(tenant_session, "share", FIRST_HALF)
    assert (share.value, share.numerator, share.denominator, share.n) == (3.0, 180.0, 6000.0, 6)
    assert share.provisional, "invoices for May and June are still to come"
    assert not value(tenant_session, "share", Period(date(2025, 7, 1), date(2025, 12, 31))).provisional
    of_all = value(tenant_session, "share_of_all", FIRST_HALF)
    assert of_all.value == pytest.approx(100 * 180 / 6180)
    assert of_all.denominator == 6180.0


def test_a_half_year_that_the_ledger_lacks_a_month_of_has_no_value(
    tenant_session: TenantSession, rows: AgencyRows
) -> None:
    second = Period(date(2026, 7, 1), date(2026, 12, 31))
    for month in range(5):
        rows.line(plus_months(second.start, month), 1000, kind="own")
    rows.finish()
    assert value(tenant_session, "share", second).value is None
    rows.line(date(2026, 12, 1), 1000, kind="own")
    rows.finish()
    assert value(tenant_session, "share", second).value == 0, "nobody was hired, which is a value"


def test_the_change_is_against_the_half_year_a_year_earlier(
    tenant_session: TenantSession, rows: AgencyRows
) -> None:
    change = value(tenant_session, "change", FIRST_HALF)
    assert (change.value, change.numerator, change.denominator) == (-40.0, -120.0, 300.0)
    assert value(tenant_session, "change", Period(date(2025, 1, 1), date(2025, 6, 30))).value is None


def test_cost_per_inhabitant_takes_the_newest_population_of_then(
    tenant_session: TenantSession, rows: AgencyRows
) -> None:
    assert value(tenant_session, "cost_per_inhabitant", YEAR).value is None
    tenant_session.add(Population(year=2024, inhabitants=300, source="SCB", confirmed=True))
    tenant_session.add(Population(year=2026, inhabitants=100, source="SCB", confirmed=True))
    found = value(tenant_session, "cost_per_inhabitant", YEAR)
    assert (found.value, found.provisional) == (2.0, True)
    tenant_session.add(Population(year=2025, inhabitants=400, source="SCB", confirmed=True))
    found = value(tenant_session, "cost_per_inhabitant", YEAR)
    assert (found.value, found.denominator, found.provisional) == (1.5, 400.0, False)


def shift(session: TenantSession, call_off_id: UUID, unit_id: UUID, begins: datetime) -> CallOffLine:
    """Add a shift of eight hours to a call-off."""
    line = CallOffLine(
        call_off_id=call_off_id,
        unit_id=unit_id,
        starts_at=begins,
        ends_at=begins + timedelta(hours=8, minutes=30),
        break_minutes=30,
        shift="D",
        level="Legitimerad sjuksköterska",
        people=1,
        known_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    session.add(line)
    session.flush()
    return line


def test_the_share_within_agreement_is_of_what_confirmed_call_offs_cost(
    tenant_session: TenantSession, rows: AgencyRows
) -> None:
    assert value(tenant_session, "share_within_agreement", FIRST_HALF).value is None
    call_off = CallOff(number=1, made_at=datetime(2026, 1, 2, tzinfo=UTC))
    tenant_session.add(call_off)
    tenant_session.flush()
    supplier = rows.supplier("L01")
    # Eight hours each: 500 within, 1,500 outside; then one refused, and one of the half-year after: it begins
    # at half past midnight by the region's clock, and the evening before by UTC.
    first, later = datetime(2026, 1, 5, 7, tzinfo=UTC), datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    answers = ((first, 500, "", "confirmed"), (first, 1500, "above", "confirmed"))
    for begins, price, outside, state in (
        *answers,
        (first, None, "", "refused"),
        (later, 700, "", "confirmed"),
    ):
        line = shift(tenant_session, call_off.id, rows.unit("R", "region"), begins)
        tenant_session.add(
            CallOffAnswer(
                line_id=line.id,
                supplier_id=supplier,
                consultant="K1" if price else "",
                price=Decimal(price) if price else None,
                outside=outside,
                state=state,
                answered_at=datetime(2026, 1, 3, tzinfo=UTC),
            )
        )
    tenant_session.flush()
    found = value(tenant_session, "share_within_agreement", FIRST_HALF)
    assert (found.value, found.numerator, found.denominator) == (25.0, 4000.0, 16000.0)
