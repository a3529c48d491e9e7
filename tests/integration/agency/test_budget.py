"""Budgets of a year: read in, replaced, by cost centre, and what is refused of them."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from agency_files import checked, faults_of, read_in, said
from agency_rows import AgencyRows
from budgets import MILLION, budget_file, counted, fill, whole_budget
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_agency.models import BudgetLine, Delivery

BUDGET_PAGE = "/t/ett/agency/budget"


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def test_a_budget_is_read_in_replaced_and_written_out(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    assert counted(filled, whole_budget()) == (5, 0, 0, 0)
    out = controller.get(f"{BUDGET_PAGE}.xlsx?year=2026").data
    one = {"year": 2026, "month": 1, "division": "MED", "kind": "hired", "amount": 7}
    one["cost_type"] = "Inhyrd personal"
    assert counted(filled, budget_file(one)) == (0, 1, 0, 0)
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        lines = list(session.scalars(select(BudgetLine)))
        assert sorted(line.replaced_by is None for line in lines) == [False, *[True] * 5]
        newest = session.scalars(select(Delivery).order_by(Delivery.number.desc()).limit(1)).one()
        [change] = newest.summary["changes"]
        assert change["name"] == "2026 · Enhet MED · Inhyrd personal · Inhyrd personal"
        assert (Decimal(change["before"]), Decimal(change["after"])) == (1200 * MILLION, 7)
        url = f"/t/ett/agency/deliveries/{newest.id}"
    assert "1\u00a0200\u00a0000\u00a0000,00" in controller.get(url).text
    assert counted(filled, budget_file(one)) == (0, 0, 0, 1), "the very same file changes nothing"
    assert counted(filled, out) == (0, 1, 0, 4), "what was written out can be read in again"
    other = one | {"cost_type": "Annat"}
    assert counted(filled, budget_file(other)) == (1, 0, 1, 0), "the division's other lines are put aside"
    assert counted(filled, out) == (1, 0, 1, 4)
    assert "budget.xlsx" in controller.get(f"{BUDGET_PAGE}?year=2026").text
    assert "Mall" in controller.get("/t/ett/agency/deliveries/new?kind=budget").text
    template = controller.get("/t/ett/agency/deliveries/budget/template.xlsx").data
    assert CalamineWorkbook.from_filelike(io.BytesIO(template)).sheet_names[-1] == "Budget"
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        in_force = select(BudgetLine).where(BudgetLine.replaced_by.is_(None))
        amounts = [sum(map(Decimal, line.months)) for line in session.scalars(in_force)]
        assert sorted(amounts) == [-600 * MILLION, *[1200 * MILLION] * 4]


def test_a_budget_by_cost_centre_is_added_up_to_its_divisions(filled: Site) -> None:
    head = "Period;Division;Kostnadsställe;Slag;Kostnadsslag;Belopp\n"
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        AgencyRows(session).unit("MED2", parent="MED")
        rows = "202601;;MED1;Inhyrd;X;5\n202601;;MED2;Inhyrd;X;6\n202601;MED;;Inhyrd;X;7\n"
        rows += "202602;;R;Inhyrd;X;8\n"
        read = read_in(session, head + rows, said("budget"))
        lines = {line.division_id: line.months[:2] for line in session.scalars(select(BudgetLine))}
        codes = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
        assert lines == {codes["MED"]: ["18.00", "0"], None: ["0", "8.00"]}
        assert (read.added, read.amount) == (2, 26)

        wrong = "202601;KIR;MED1;Inhyrd;X;5\n202601;;9999;Inhyrd;X;6\n" + "202603;;MED1;Inhyrd;X;7\n" * 2
        found = faults_of(checked(session, head + wrong, said("budget")))
        assert [fault[:2] for fault in found] == [
            ("other_division", 2),
            ("unknown_unit", 3),
            ("duplicate", 5),
        ]


def test_faults_of_a_budget_are_listed_and_nothing_is_saved(filled: Site) -> None:
    row = {"year": 2026, "kind": "own", "cost_type": "Lön", "amount": 5}
    head = "Period;År;Månad;Division;Slag;Kostnadsslag;Belopp\n"
    wrong = (
        f"{head}202601;;;Medicn;Inhyrd;X;5\n;2026;;MED;Egen personal;Lön;5\n;2026;3;MED;Egen personal;Lön;5\n"
        ";2026;13;;Intäkt;;5\n;;;;Övrig kostnad;;-5\n;;;;Intäkt;;5\n"
        "2026-04;;;;Intäkt;;5\n;2026;4;;Intäkt;;5,00\n"
    )
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        assert {fault[:2] for fault in faults_of(checked(session, wrong, said("budget")))} == {
            ("not_a_choice", 2),
            ("both_month_and_year", 4),
            ("out_of_range", 5),
            ("out_of_range", 6),
            ("missing_value", 7),
            ("duplicate", 9),
        }
        rows = [row | {"cost_type": f"Lön {number}"} for number in range(6)]
        named = checked(session, budget_file(*rows, row | {"cost_type": "19640823-3234"}), said("budget"))
        assert [fault[3] for fault in faults_of(named)] == ["********-****"]
        assert session.scalars(select(BudgetLine)).all() == []
    controller = filled.person("ett", "controller").client
    assert controller.get(f"{BUDGET_PAGE}?year=99").status_code == 422
    assert controller.get("/t/ett/agency/deliveries/recept/template.xlsx").status_code == 404
