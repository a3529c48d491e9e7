"""What a region has beside the ledger of `agency_ledger.py`: invoices, agreements, call-offs, measures.

Every shift that is invoiced was called off, confirmed and reported, in a call-off for each unit and month;
some differ. Written by SQL under the application's role, since people and files would take hours: 150,000
invoice lines of as many shifts and time reports, 2,160 call-offs, 40 agreements. What the services make is
made by them: the sums by month, the control with its deviations, of which most are handled, measures and
kept valuations. Nothing is drawn by chance beside the ledger.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text

from samplan.db.session import Database, TenantSession
from samplan.organisation.models import OrgUnit
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Outlook, outlook
from samplan_agency.queries.accrual.valuing import Wanted as Valuation
from samplan_agency.queries.accrual.valuing import value
from samplan_agency.queries.control.months import invoice_months
from samplan_agency.queries.forecast.given import given
from samplan_agency.queries.measures.plans import Targets, YearEffect
from samplan_agency.services.accrual.valuations import keep_valuation
from samplan_agency.services.control import renew_control
from samplan_agency.services.costs.invented import invented_delivery
from samplan_agency.services.costs.months import renew_months
from samplan_agency.services.measures.edit import Wanted, add_measure, set_effect

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
TIMEZONE = "Europe/Stockholm"

# One of each row per shift, in order; its date is of the kind of day that is billed.
SHIFTS = """
CREATE TEMPORARY TABLE shift ON COMMIT DROP AS
WITH line AS (
    SELECT *, row_number() OVER (ORDER BY work_month, unit_id, row_number) AS n,
        dense_rank() OVER (ORDER BY work_month, unit_id) AS number,
        extract(dow FROM work_month)::int AS dow
    FROM agency.cost_line
    WHERE source = 'ledger' AND kind = 'hired' AND hours > 0 AND row_number % 5 < 2
    LIMIT :lines
)
SELECT uuidv7() AS line_id, uuidv7() AS order_id, n, number, account, unit, unit_id, work_month, booked_month,
    work_month + CASE WHEN time_class IN ('weekend', 'holiday') THEN (13 - dow) % 7 + 7 * (n % 3)::int
        ELSE (9 - dow) % 7 + (n % 3)::int + 7 * (n / 3 % 3)::int END AS work_date,
    CASE time_class WHEN 'night' THEN time '22:00' WHEN 'evening' THEN '19:00' ELSE '08:00' END AS begins,
    category, level, sector_id, supplier_id, zone, time_class, shift, invoice,
    CASE WHEN time_class = 'evening' THEN 2.0 ELSE 4.0 + n % 5 END AS hours, unit_price AS agreed,
    CASE WHEN n % 53 = 0 THEN round(unit_price * 1.05) ELSE unit_price END AS unit_price,
    'K' || 1000 + n % 7919 AS consultant
FROM line
"""
INVOICES = """
INSERT INTO agency.cost_line (id, delivery_id, source, line_key, row_number, kind, account, unit, unit_id,
    work_month, booked_month, work_date, category, level, sector_id, supplier_id, zone, time_class, shift,
    amount, hours, unit_price, invoice, order_reference, consultant)
SELECT line_id, :delivery, 'invoices', line_id, n, 'hired', account, unit, unit_id, work_month, booked_month,
    work_date, category, level, sector_id, supplier_id, zone, time_class, shift, hours * unit_price, hours,
    unit_price, invoice, CASE WHEN n % 29 > 0 THEN 'AVROP-' || number END, consultant
FROM shift
"""
SIDES = (
    """
INSERT INTO agency.agreement (id, reference, name, valid_from, source, confirmed)
SELECT uuidv7(), 'A-' || code, 'Avtal ' || name, '2023-01-01', 'exempeldata', true FROM agency.supplier
""",
    """
INSERT INTO agency.price (id, agreement_id, supplier_id, level, category, zone, time_class, per_hour,
    valid_from, valid_to, source, confirmed)
SELECT uuidv7(), agreement.id, supplier.id, level, category, zone, time_class, max(agreed),
    make_date(year, 1, 1), make_date(year, 12, 31), 'exempeldata', true
FROM (SELECT *, extract(year FROM work_month)::int AS year FROM shift) dated
JOIN agency.supplier ON supplier.id = dated.supplier_id
JOIN agency.agreement ON agreement.reference = 'A-' || supplier.code
GROUP BY agreement.id, supplier.id, level, category, zone, time_class, year
""",
    """
INSERT INTO agency.municipality_zone (id, agreement_id, municipality_code, municipality, zone)
SELECT uuidv7(), id, (1200 + place)::text, 'Exempelkommun ' || place, 1 + place % 3
FROM agency.agreement, generate_series(1, 33) place
""",
    """
INSERT INTO agency.call_off (id, number, state, made_at, sent_at, ended_at)
SELECT uuidv7(), number, 'closed', made, made + interval '2 hours', made + interval '5 days'
FROM (SELECT DISTINCT number, work_month - 14 + time '08:00' AT TIME ZONE 'UTC' AS made FROM shift) made
""",
    """
INSERT INTO agency.call_off_request (id, call_off_id, supplier_id, rank, sent_at, deadline, state)
SELECT uuidv7(), call_off.id, supplier_id, row_number() OVER (PARTITION BY call_off.id), sent_at,
    sent_at + interval '2 days', 'answered'
FROM (SELECT DISTINCT number, supplier_id FROM shift) asked JOIN agency.call_off USING (number)
""",
    """
INSERT INTO agency.call_off_line (id, call_off_id, unit_id, starts_at, ends_at, break_minutes, shift, level,
    zone, people, expected_price, known_at)
SELECT order_id, call_off.id, unit_id, begins_at, begins_at + make_interval(mins => 30 + 60 * hours::int), 30,
    shift, level, zone, 1, agreed, made_at - make_interval(hours => (n % 9)::int)
FROM (SELECT *, (work_date + begins) AT TIME ZONE 'Europe/Stockholm' AS begins_at FROM shift) dated
JOIN agency.call_off USING (number)
""",
    """
INSERT INTO agency.call_off_answer (id, line_id, supplier_id, consultant, price, outside, state, answered_at,
    confirmed_at)
SELECT uuidv7(), order_id, supplier_id, consultant, agreed, CASE WHEN n % 19 = 0 THEN 'above' ELSE '' END,
    'confirmed', sent_at + interval '9 hours', sent_at + make_interval(hours => 10 + (n % 30)::int)
FROM shift JOIN agency.call_off USING (number)
""",
    """
INSERT INTO agency.time_report (id, line_key, supplier_id, consultant, unit_id, work_date,
    break_minutes, hours)
SELECT uuidv7(), line_id, supplier_id, consultant, unit_id, work_date, 30,
    hours - CASE WHEN n % 37 = 0 THEN 0.5 ELSE 0 END
FROM shift WHERE n % 43 > 0
""",
)
HANDLED = """
UPDATE agency.deviation SET state = CASE WHEN reason = 'no_time_report' THEN 'accepted' ELSE 'credited' END,
    note = 'exempeldata', version = 2
WHERE work_month < :since AND line_key < 'c'
"""


def fill_invoices(session: TenantSession, lines: int) -> None:
    """Write invoice lines of as many shifts with all that they are held against."""
    delivery = invented_delivery(session, "invoices")
    session.execute(text(SHIFTS), {"lines": lines})
    session.execute(text(INVOICES), {"delivery": delivery.id})
    for statement in SIDES:
        session.execute(text(statement))
    months = session.scalars(text("SELECT DISTINCT work_month FROM shift")).all()
    delivery.rows = delivery.added = lines
    delivery.first_month, delivery.last_month = min(months), max(months)
    session.flush()
    renew_months(session, "invoices", months)


def control_all(database: Database, tenant: UUID) -> None:
    """Control month after month, as the job does."""
    with database.unit_of_work(tenant) as session:
        months = invoice_months(session)
    for month in months:
        with database.unit_of_work(tenant) as session:
            renew_control(session, month, TIMEZONE, NOW)


def forecast(session: TenantSession) -> Outlook:
    """Forecast a year from its first nine months, as the job does."""
    made_of = given(session, 2026, date(2026, 9, 1), 2, last=date(2026, 10, 1))
    if made_of is None:
        raise SystemExit("there is nothing to forecast from")
    return outlook(made_of[0])


def handle_old(session: TenantSession) -> None:
    """Let most deviations that are older than half a year be handled."""
    session.execute(text(HANDLED), {"since": date(2026, 5, 1)})


def fill_measures(session: TenantSession, count: int = 60) -> None:
    """Add measures of the divisions with planned effects, as people do."""
    divisions = session.scalars(select(OrgUnit.id).where(OrgUnit.kind == "division")).all()
    for number in range(count):
        year = 2024 + number % 3
        wanted = Wanted(
            f"Å{number}",
            f"Exempel {number}",
            "Divisionschef",
            divisions[number % len(divisions)],
            date(year, 1, 1),
            decided_by="Exempel",
            decided_on=date(year - 1, 11, 1),
            targets=Targets(categories=frozenset({("nurse", "physician", "other")[number % 3]})),
        )
        row = add_measure(session, wanted, NOW)
        for each in (year, year + 1):
            set_effect(session, row.id, row.version, YearEffect(each, Decimal(1_000_000)), NOW)


def keep_valuations(session: TenantSession, months: int = 24) -> None:
    """Keep a valuation of each of the last months, as it would have been seen then."""
    for month in Months.rolling(date(2026, 9, 1), months):
        found = value(session, Valuation(month))
        if found is not None:
            keep_valuation(session, found, by=None, now=NOW)
