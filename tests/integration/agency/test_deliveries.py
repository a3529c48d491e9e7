"""Files of costs: quirks of economy systems, faults by row and column, vintages, nothing half-saved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from gzip import decompress
from io import BytesIO

import pytest
from sqlalchemy import select

from agency_files import FIRST, LEDGER_HEAD, NOW, checked, faults_of, fill_reference, read_in, said
from samplan.db.session import TenantSession
from samplan.documents.xlsx import TableColumn, write_table
from samplan.imports.faults import ImportFaults
from samplan_agency.domain.months import Months
from samplan_agency.models import CostLine, CostMonth, Delivery, HoursMonth, Supplier
from samplan_agency.queries.costs import Choice, cost_sums
from samplan_agency.services.deliveries import deliver

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


FAULTY = f"""{LEDGER_HEAD};Valuta
1;1;2027-02-01;;9999;0123;;L1;10,00;;;SEK
1;2;2027-02-01;;4471;0123;;L1;10,00;;;EUR
1;3;2027-02-01;;4471;0123;;L1;10,00;-3;;
1;4;2026-12-31;;4471;0123;;L1;10,00;;;
1;5;2027-02-30;;4471;0123;;L1;10,00;;;
1;6;2027-02-01;;4471;0123;;L1;tio;;;
1;1;2027-02-01;;4471;0123;;L1;10,00;;;
1;8;2027-02-01;;4471;;;L1;1.234;;;
1;9;2027-02-01;;4471;0123;Tandläkare;L1;1,00;;;SEK
1;10;2027-02-01;;4471;0123;;L1;1,00;;;SEK;för många
"""


def test_every_fault_is_told_by_row_and_column_and_nothing_is_saved(session: TenantSession) -> None:
    about = said(first=date(2027, 2, 1), last=date(2027, 2, 1))
    delivery = checked(session, FAULTY, about)

    found = {(row, code) for code, row, _heading, _value in faults_of(delivery)}
    assert found == {
        (2, "unknown_account"),
        (3, "other_currency"),
        (4, "negative_hours"),
        (5, "outside_period"),
        (6, "impossible_date"),
        (7, "not_decimal"),
        (8, "duplicate"),
        (9, "missing_value"),
        (9, "ambiguous_number"),
        (10, "not_a_choice"),
        (11, "broken_row"),
    }
    assert (delivery.state, delivery.fault_count) == ("refused", 11)
    assert ("unknown_account", 2, "KONTO_ID", "9999") in faults_of(delivery)
    assert session.scalars(select(CostLine)).all() == []


def test_credits_may_have_negative_hours(session: TenantSession) -> None:
    credit = f"{LEDGER_HEAD}\n1;1;2027-02-01;;4471;0123;;L1;10-;-3:30;\n"
    read_in(session, credit)
    assert session.scalars(select(CostLine.hours)).one() == Decimal("-3.50")


@pytest.mark.parametrize("text", ["Vikarie 850112-2397", "198501122397"])
def test_identity_numbers_are_refused_named_and_not_kept(session: TenantSession, text: str) -> None:
    more = "".join(f"1002;{row};2027-02-03;;4472;0123;;L1;1;;Pass\n" for row in range(9))
    delivery = checked(session, FIRST.replace("Jour", text) + more, said())
    [(code, row, heading, value)] = faults_of(delivery)
    assert (code, row, heading) == ("identity_number", 2, "RADTEXT")
    assert "2397" not in value
    assert delivery.content is None


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


def test_invoice_lines_are_read_in_and_a_second_of_the_same_is_refused(session: TenantSession) -> None:
    read_in(session, INVOICES, said("invoices"))
    night = session.scalars(select(CostLine).where(CostLine.time_class == "night")).one()
    assert (night.kind, night.zone, night.unit_price) == ("hired", 2, Decimal("1237.50"))
    assert (night.consultant, night.work_date) == ("K1", date(2027, 1, 12))
    assert total(session, source="invoices") == Decimal(14850)
    assert total(session) == 0  # never added to the ledger

    twice = checked(session, INVOICES + INVOICES.splitlines()[1] + "\n", said("invoices"))
    assert [fault[:2] for fault in faults_of(twice)] == [("duplicate", 4)]
    named = checked(session, INVOICES.replace("K1", "Anna Exempel"), said("invoices"))
    assert {fault[0] for fault in faults_of(named)} == {"person_named"}


def test_hours_by_month_are_read_in(session: TenantSession) -> None:
    lines = "Månad;Enhet;Yrke;Timmar;Personal;Underlag\n2027-01;0123;Ssk;1650;Inhyrd;Arbetade\n"
    read_in(session, lines, said("hours"))
    read_in(session, lines.replace("1650", "1 700:30"), said("hours"))

    assert sorted(session.scalars(select(HoursMonth.hours))) == [Decimal(1650), Decimal("1700.50")]
    in_force = session.scalars(select(HoursMonth).where(HoursMonth.replaced_by.is_(None))).one()
    assert (in_force.work_month, in_force.category, in_force.staff) == (date(2027, 1, 1), "nurse", "hired")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"a;b\n\x81\x8d\n", "Konto;Kst\n1;BlÃ¥\n".encode(), b"Konto;Belopp\n"],
)
def test_what_is_no_file_of_rows_is_refused_at_once(session: TenantSession, content: bytes) -> None:
    with pytest.raises(ImportFaults):
        deliver(session, said(), BytesIO(content))
    assert session.scalars(select(Delivery)).all() == []


def test_a_plain_file_is_taken_apart_by_postgresql_as_it_was_checked(session: TenantSession) -> None:
    plain = read_in(session, FIRST)
    quoted = read_in(session, FIRST.replace("Jour", '"Jour; natt"'))
    assert (plain.summary["plain"], quoted.summary["plain"]) == (True, False)
    texts = session.scalars(select(CostLine.description).where(CostLine.row_number == 2))
    assert set(texts) == {"Jour", "Jour; natt"}
    assert plain.rows == quoted.rows == 2


def test_a_plain_file_is_looked_through_as_any_other(session: TenantSession) -> None:
    lines = "".join(f"1002;{row};2027-02-03;;4472;0123;;L1;1;;Pass\n" for row in range(5))
    more = FIRST + lines + ";" * 10 + "\n" + "Summa;;;;;;;;734,50;;\n"
    last = "1003;1;2027-02-05;;4471;0123;;L1;10;1;"
    found = [checked(session, more + last + end, said()) for end in ("\n\n", ' "x"\n', " 19850101-1234")]
    assert [each.summary["plain"] for each in found] == [True, False, True]
    assert [(each.rows, each.summary["sum_rows"]) for each in found] == [(8, 1)] * 3
    assert faults_of(found[2]) == [("identity_number", 11, "RADTEXT", "19850101-****")]
    assert read_in(session, more + last).rows == 8
    numbers = session.scalars(select(CostLine.row_number).order_by(CostLine.row_number)).all()
    assert numbers == [*range(2, 9), 11]


QUIRKS = {
    "bom": b"\xef\xbb\xbf" + FIRST.encode(),
    "windows": FIRST.encode("cp1252"),
    "utf-16": FIRST.encode("utf-16"),
    "stated delimiter": b"sep=;\r\n" + FIRST.replace("\n", "\r\n").encode(),
    "tabs": FIRST.replace(";", "\t").encode(),
    "titles above": ("Huvudbok 2027;;;\n\n" + FIRST).encode(),
    "sums": (FIRST + "Summa;;;;;;;;734,50;;\n").encode(),
    "hard spaces": FIRST.replace("1 234,50", "1\u00a0234,50").encode(),
    "thin spaces": FIRST.replace("1 234,50", "1\u202f234,50").encode(),
    "full stops": FIRST.replace("1 234,50", "1.234,50").encode(),
    "english": FIRST.replace("1 234,50", "1,234.50").encode(),
    "leading minus": FIRST.replace("500,00-", "\u2212500").encode(),
}


@pytest.mark.parametrize("name", QUIRKS)
def test_quirks_of_economy_systems_give_the_same_lines(session: TenantSession, name: str) -> None:
    delivery = read_in(session, QUIRKS[name])
    assert (delivery.rows, delivery.amount) == (2, Decimal("734.50"))
    assert session.scalars(select(CostLine.hours).where(CostLine.amount > 0)).one() == Decimal("129.42")


def test_a_workbook_is_read_as_a_text_file_is(session: TenantSession) -> None:
    head, *rows = [line.split(";") for line in FIRST.splitlines()]
    book = write_table("Huvudbok", [TableColumn(name) for name in head], rows, created=NOW)
    assert read_in(session, book, said(filename="huvudbok.xlsx")).amount == Decimal("734.50")
