"""Files of costs: quirks of economy systems, faults by row and column, vintages, nothing half-saved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from gzip import decompress

import pytest
from sqlalchemy import select

from agency_files import FIRST, checked, faults_of, fill_reference, read_in, said
from samplan.db.session import TenantSession
from samplan.tenancy.models import TenantModule
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.models import Account, CostLine, CostMonth, HoursMonth, Supplier
from samplan_agency.queries.accrual.valuations import accrued_in_ledger
from samplan_agency.queries.accrual.valuing import booked_months
from samplan_agency.queries.costs.extent import extent
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.measures.standing import Known, known_months

YEAR = Months.year(2027)


@pytest.fixture
def session(tenant_session: TenantSession) -> TenantSession:
    fill_reference(tenant_session)
    return tenant_session


def total(session: TenantSession, **more: object) -> Decimal:
    return sum((each.amount for each in cost_sums(session, Choice(YEAR, **more))), Decimal(0))


def test_lines_are_read_in_with_what_the_account_says(session: TenantSession) -> None:
    delivery = read_in(session, FIRST)

    first, second = session.scalars(select(CostLine).order_by(CostLine.row_number)).all()
    assert (first.amount, first.hours, first.category) == (Decimal("1234.50"), Decimal("129.42"), "physician")
    assert (first.work_month, first.booked_month) == (date(2027, 1, 1), date(2027, 2, 1))
    assert None not in {first.unit_id, first.sector_id}
    assert first.row_number == 2
    assert (second.amount, second.category, second.unit_id) == (Decimal(-500), "nurse", None)
    assert (second.work_month, second.unit) == (date(2027, 2, 1), "0999")
    assert (delivery.added, delivery.replaced, delivery.amount) == (2, 0, Decimal("734.50"))
    assert delivery.summary["unknown_units"] == ["0999"]
    assert session.scalars(select(Supplier.code)).all() == ["L1"]
    assert total(session) == Decimal("734.50")


def test_a_corrected_file_replaces_what_it_corrects_and_both_can_be_seen(session: TenantSession) -> None:
    old = read_in(session, FIRST)
    again = read_in(session, FIRST)
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 2)

    new = read_in(
        session, FIRST.replace("1 234,50", "2 000,00") + "1001;3;2027-02-04;;4472;0123;;L1;10;1,5;\n"
    )

    assert (new.added, new.replaced, new.unchanged) == (1, 1, 1)
    assert total(session) == Decimal(2000 - 500 + 10)
    before = session.scalars(select(CostLine).where(CostLine.replaced_by == new.id)).one()
    assert (before.delivery_id, before.amount) == (old.id, Decimal("1234.50"))
    months = sum(session.scalars(select(CostMonth.lines)))
    assert months == 3


def test_a_file_of_whole_months_puts_aside_what_it_lacks(session: TenantSession) -> None:
    read_in(session, FIRST)
    one_line = FIRST.rpartition("1001;2")[0]
    kept = read_in(session, one_line)
    assert (kept.removed, total(session)) == (0, Decimal("734.50"))

    whole = read_in(session, one_line, said(whole_months=True))

    assert (whole.removed, whole.unchanged) == (1, 1)
    assert total(session) == Decimal("1234.50")


def test_a_column_of_identity_numbers_is_emptied_before_the_file_is_kept(session: TenantSession) -> None:
    lines = FIRST.replace("RADTEXT", "RADTEXT;Personnummer").replace("Jour", "Jour;850112-2397")
    delivery = read_in(session, lines)
    assert delivery.mapping["refused"] == ["Personnummer"]
    kept = decompress(delivery.content or b"")
    assert b"2397" not in kept
    assert b"Jour" in kept


def test_numbers_of_vouchers_are_no_identity_numbers(session: TenantSession) -> None:
    delivery = read_in(session, FIRST.replace("1001;", "8501122397;"))
    assert (delivery.state, delivery.added, delivery.faults) == ("read", 2, [])


INVOICES = """Leverantör;Lev.namn;Fakturanr;Datum;Avser;KST;Belopp;Timmar;À-pris;Yrke;Zon;Tidkod;Konsult
L7;Exempel Vård AB;F1;2027-02-01;2027-01-12;0123;9 900,00;8;1237,50;Läkare;2;Natt;K1
L7;Exempel Vård AB;F1;2027-02-01;2027-01-13;0123;4 950,00;4;1237,50;Läkare;2;Dag;K1
"""


def test_invoice_lines_are_read_in_and_never_added_to_the_ledger(session: TenantSession) -> None:
    read_in(session, INVOICES, said("invoices"))
    night = session.scalars(select(CostLine).where(CostLine.time_class == "night")).one()
    assert (night.kind, night.zone, night.unit_price) == ("hired", 2, Decimal("1237.50"))
    assert (night.consultant, night.work_date) == ("K1", date(2027, 1, 12))
    assert total(session, source="invoices") == Decimal(14850)
    assert total(session) == 0  # never added to the ledger


def test_hours_by_month_are_read_in(session: TenantSession) -> None:
    lines = "Månad;Enhet;Yrke;Timmar;Personal;Underlag\n2027-01;0123;Ssk;1650;Inhyrd;Arbetade\n"
    read_in(session, lines, said("hours"))
    read_in(session, lines.replace("1650", "1 700:30"), said("hours"))

    assert sorted(session.scalars(select(HoursMonth.hours))) == [Decimal(1650), Decimal("1700.50")]
    in_force = session.scalars(select(HoursMonth).where(HoursMonth.replaced_by.is_(None))).one()
    assert (in_force.work_month, in_force.category, in_force.staff) == (date(2027, 1, 1), "nurse", "hired")


def test_a_plain_file_is_taken_apart_by_postgresql_as_it_was_checked(session: TenantSession) -> None:
    plain = read_in(session, FIRST)
    cells = ('"Jour; natt"', '"Jour ""A"""', 'Jour "B"', '"Jour\n C"')
    others = [read_in(session, FIRST.replace("Jour", cell)) for cell in cells]
    assert [each.summary["plain"] for each in (plain, *others)] == [True, True, True, False, False]
    texts = session.scalars(select(CostLine.description).where(CostLine.row_number == 2))
    assert set(texts) == {"Jour", "Jour; natt", 'Jour "A"', 'Jour "B"', "Jour  C"}
    assert {each.rows for each in (plain, *others)} == {2}


def test_a_plain_file_is_looked_through_as_any_other(session: TenantSession) -> None:
    lines = "".join(f"1002;{row};2027-02-03;;4472;0123;;L1;1;;Pass\n" for row in range(5))
    more = FIRST + lines + ";" * 10 + "\n" + "Summa;;;;;;;;734,50;;\n"
    last = "1003;1;2027-02-05;;4471;0123;;L1;10;1;"
    found = [checked(session, more + last + end, said()) for end in ("\n\n", ' "x"\n', " 19850101-1234")]
    assert [each.summary["plain"] for each in found] == [True, False, True]
    assert [(each.rows, each.summary["sum_rows"]) for each in found] == [(8, 1)] * 3
    assert faults_of(found[2]) == [("identity_number", 11, "RADTEXT", "********-****")]
    assert read_in(session, more + last).rows == 8
    numbers = session.scalars(select(CostLine.row_number).order_by(CostLine.row_number)).all()
    assert numbers == [*range(2, 9), 11]


def test_a_row_booked_in_the_far_future_is_a_fault_and_one_booked_ahead_is_told(
    session: TenantSession,
) -> None:
    slip = checked(session, FIRST.replace("2027-02-03;20270115", "2072-02-03;20720115"), said())
    assert [fault[:3] for fault in faults_of(slip)] == [
        ("far_future", 2, "VERDATUM"),
        ("far_future", 2, "HDATUM_ID"),
    ]

    came = datetime.now(UTC).date().replace(day=1)
    now, ahead = (f"{month:%Y-%m}-03" for month in (came, plus_months(came, 5)))
    lines = FIRST.replace("2027-02-03;20270115", f"{now};").replace("2027-02-03", ahead)
    delivery = read_in(session, lines)

    told = {"rows": 1, "first_row": 3, "last_month": plus_months(came, 5).isoformat()}
    assert delivery.summary["ahead"] == told
    assert known_months(session, 2) == Known(came, plus_months(came, -2))  # not what the row says
    there = extent(session, "ledger")
    assert there is not None
    assert there.booked == came
    assert list(booked_months(session, "ledger")) == [came]

    delivery.delivered_at = datetime.combine(plus_months(came, 5), time(), UTC)
    session.flush()
    assert known_months(session, 2).final == plus_months(came, 3)


def test_vouchers_of_accruals_are_kept_but_do_not_count_as_invoiced(session: TenantSession) -> None:
    lines = FIRST.replace("VERNR", "VERTYP;VERNR").replace("\n1001", "\nLF;1001")
    lines += "per;2001;1;2027-02-28;20270215;4471;0123;Läk;;3 100,00;;\n"
    lines += (
        "PER;2002;1;2027-02-28;20270115;4471;0123;Läk;;-2 900,00;;\nPER;2003;1;2027-02-28;;5011;0123;;;70;;\n"
    )
    before = read_in(session, lines)
    assert (before.summary["accrued"], total(session)) == (0, Decimal("934.50"))

    chosen = {"accrual_vouchers": "PB, PER"}
    session.merge(TenantModule(tenant_id=session.tenant_id, module="agency", settings=chosen))
    session.flush()
    again = read_in(session, lines)

    assert (again.summary["accrued"], again.replaced, again.unchanged) == (2, 2, 3)
    assert total(session) == Decimal("734.50")
    assert total(session, kinds=("own",)) == 70  # own staff that is accrued is own staff's cost
    assert total(session, kinds=("accrued",)) == 200
    assert accrued_in_ledger(session, [date(2027, 2, 1)]) == {date(2027, 2, 1): Decimal(3100)}
    session.add(Account(code="4479", name="Periodiserad hyrpersonal", kind="accrued", category="nurse"))
    session.flush()
    own = read_in(session, lines.replace("4471", "4479"))
    assert own.summary["accrued"] == 3


def test_a_row_far_down_that_cannot_be_taken_apart_is_a_fault_by_its_number(session: TenantSession) -> None:
    row = "1002;{};2027-02-03;;4472;0123;;L1;1;;Ett pass på avdelningen som har en lång text\n"
    lines = FIRST + "".join(row.format(number) for number in range(9000))
    late = lines + '1003;1;2027-02-05;;4471;0123;;L1;10;1;"öppet\n' + "x;y\n" * 50_000
    found = checked(session, late, said())
    assert (found.state, faults_of(found)) == ("refused", [("broken_row", 9004, "", "")])
    assert session.scalars(select(CostLine)).all() == []
