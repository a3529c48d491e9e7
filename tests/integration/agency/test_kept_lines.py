"""Lines kept from the dry run, and sums by month renewed by what a file changes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from agency_files import FIRST, NOW, checked, fill_reference, read_in, said
from samplan.db.session import TenantSession
from samplan_agency.models import Account, CostLine, CostMonth, CostTotal, StagedLine, Supplier
from samplan_agency.services.costs.months import renew_months
from samplan_agency.services.deliveries import kept_lines
from samplan_agency.services.deliveries.steps import read_delivery

INVOICES = (
    "Leverantör;Leverantörens namn;Fakturanummer;Fakturarad;Arbetsdatum;Bokföringsdatum;KST;Konto;"
    "Yrke;Timmar;Pris;Belopp;Konsult-id;Text\n"
    "L7;Exempel Vård AB;F1;1;2027-01-12;2027-02-03;0123;4471;;8;900;7 200,00;K1042;Jour\n"
    "L7;Exempel Vård AB;F1;2;2027-01-13;2027-02-03;0123;;Ssk;7,5;600;4500;K1043;\n"
)


@pytest.fixture
def session(tenant_session: TenantSession) -> TenantSession:
    fill_reference(tenant_session)
    return tenant_session


def kept(session: TenantSession) -> int:
    return session.scalars(select(func.count()).select_from(StagedLine)).one()


def sums(session: TenantSession) -> list[tuple[object, ...]]:
    found = []
    for kind in (CostMonth, CostTotal):
        names = [name for name in kind.__table__.c.keys() if name not in {"id", "tenant_id"}]  # noqa: SIM118 - columns
        rows = session.execute(select(*(getattr(kind, name) for name in names))).all()
        found += sorted((kind.__name__, *map(str, row)) for row in rows)
    return found


@pytest.mark.parametrize(("kind", "content"), [("ledger", FIRST), ("invoices", INVOICES)])
def test_kept_lines_are_those_that_reading_the_file_again_gives(
    session: TenantSession, kind: str, content: str
) -> None:
    values = {"category": {"Ssk": "nurse", "Läk": "physician"}}
    first = read_in(session, content, said(kind), **values)
    assert (first.added, kept(session)) == (2, 2)
    assert first.summary["kept"] == ""
    assert session.scalars(select(Supplier.code)).all() == first.summary["new_suppliers"]

    again = read_in(session, content, said(kind), **values)

    assert (again.added, again.replaced, again.unchanged, again.amount) == (0, 0, 2, first.amount)
    assert again.summary["sums"] == first.summary["sums"]
    assert (again.first_month, again.last_month) == (first.first_month, first.last_month)
    kept_lines.forget_lines(session)
    assert kept(session) == 0


@pytest.mark.parametrize("lost", [False, True])
def test_lines_are_made_again_when_an_account_has_changed_or_they_are_lost(
    session: TenantSession, lost: bool
) -> None:
    delivery = checked(session, FIRST, said())
    assert kept(session) == 2
    if lost:
        kept_lines.forget_lines(session, delivery)
    else:
        session.scalars(select(Account).where(Account.code == "4472")).one().category = "other"
        session.flush()

    assert read_delivery(session, delivery, NOW)

    found = session.scalars(select(CostLine.category).order_by(CostLine.row_number)).all()
    assert found == ["physician", "nurse" if lost else "other"]


def test_a_file_changes_the_sums_by_what_it_changes(session: TenantSession) -> None:
    for change in (
        FIRST,
        FIRST.replace("1 234,50", "2 000,00") + "1001;3;2027-02-04;;4472;0123;;L1;10;1,5;\n",
        FIRST.replace("0999", "0123").replace("20270115", "20270215"),
    ):
        read_in(session, change)
        told = sums(session)
        renew_months(session, "ledger", set(session.scalars(select(CostLine.work_month))))
        assert told == sums(session)
    read_in(session, FIRST.rpartition("1001;2")[0], said(whole_months=True))
    assert session.scalars(select(func.sum(CostTotal.amount))).one() == Decimal("1234.50")
    told = sums(session)
    renew_months(session, "ledger", set(session.scalars(select(CostLine.work_month))))
    assert told == sums(session)
