"""Valuations as they were kept, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession, _
from samplan_agency.domain.backtest import BackTest, Held, back_test
from samplan_agency.domain.journal import Accounts, Accrued, JournalLine, journal
from samplan_agency.domain.months import Months
from samplan_agency.models import ACCRUED, CostLine, JournalTemplate, Valuation, ValuationPart, ValuationRow
from samplan_agency.queries.accrual.valuing import Part
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.rows import get_row
from samplan_agency.queries.unit_tree import unit_tree

MOST = 36
"""How many kept valuations a page looks back on."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A kept valuation with what is known of it now.

    `in_ledger` is what vouchers of accruals put on hired staff in its booking month; None without any.
    """

    valuation: Valuation
    test: BackTest
    in_ledger: Decimal | None = None


def get_valuation(session: TenantSession, valuation_id: UUID) -> Valuation:
    """Return a valuation; raises `NotFound`."""
    return get_row(session, Valuation, valuation_id, _("There is no such valuation."))


def rows_of(session: TenantSession, valuation_id: UUID) -> Sequence[ValuationRow]:
    """Return a valuation's work months in order."""
    query = select(ValuationRow).where(ValuationRow.valuation_id == valuation_id)
    return session.scalars(query.order_by(ValuationRow.work_month)).all()


def parts_of(session: TenantSession, valuation_id: UUID) -> list[Part]:
    """Return a valuation's parts, by work month."""
    query = select(ValuationPart).where(ValuationPart.valuation_id == valuation_id)
    return [
        Part(row.work_month, (row.unit_id, row.category, row.sector_id), row.amount)
        for row in session.scalars(query.order_by(ValuationPart.work_month, ValuationPart.id))
    ]


def kept_valuations(session: TenantSession, limit: int = MOST) -> Sequence[Valuation]:
    """Return the valuations that people have kept, newest first."""
    query = select(Valuation).where(~Valuation.proposed).order_by(Valuation.number.desc())
    return session.scalars(query.limit(limit)).all()


def open_proposal(session: TenantSession) -> Valuation | None:
    """Return the newest proposal of the monthly job, where nobody has kept a valuation of its month since."""
    newest = session.scalar(select(Valuation).order_by(Valuation.number.desc()).limit(1))
    return newest if newest is not None and newest.proposed else None


def back_tests(
    session: TenantSession, to_come: Mapping[date, Decimal], booked_to: date, source: str = "ledger"
) -> list[Tested]:
    """Return the kept valuations of earlier booking months, the newest of each, held against what is known.

    `to_come` is what is still to come by the valuation as of `booked_to` from the same source. Oldest first.
    """
    newest: dict[date, Valuation] = {}
    for row in kept_valuations(session):
        if row.booked_to < booked_to and row.source == source:
            newest.setdefault(row.booked_to, row)
    found = sorted(newest.values(), key=lambda row: row.booked_to)
    by_valuation: dict[UUID, list[ValuationRow]] = defaultdict(list)
    query = select(ValuationRow).where(ValuationRow.valuation_id.in_([row.id for row in found]))
    for of_month in session.scalars(query):
        by_valuation[of_month.valuation_id].append(of_month)
    known = _reported(session, by_valuation, source, booked_to)
    in_ledger = accrued_in_ledger(session, [row.booked_to for row in found]) if source == "ledger" else {}
    return [
        Tested(
            row,
            back_test(_held(row, by_valuation[row.id]), known, to_come),
            in_ledger.get(row.booked_to),
        )
        for row in found
    ]


def accrued_in_ledger(session: TenantSession, months: Collection[date]) -> dict[date, Decimal]:
    """Return what vouchers of accruals put on hired staff by booking month, without what they turn round."""
    rows = session.execute(
        select(CostLine.booked_month, func.sum(CostLine.amount))
        .where(
            CostLine.kind == ACCRUED,
            CostLine.replaced_by.is_(None),
            CostLine.booked_month.in_(months),
            CostLine.amount > 0,
        )
        .group_by(CostLine.booked_month)
    )
    return dict(rows.all())


def _held(valuation: Valuation, rows: Sequence[ValuationRow]) -> Held:
    return Held(
        valuation.booked_to,
        {row.work_month: row.reported for row in rows},
        {row.work_month: row.reserve for row in rows},
        valuation.p10,
        valuation.p90,
    )


def _reported(
    session: TenantSession, rows: Mapping[UUID, Sequence[ValuationRow]], source: str, booked_to: date
) -> dict[date, Decimal]:
    """Return what is booked by now of all work months of these valuations."""
    months = [row.work_month for of_one in rows.values() for row in of_one]
    if not months:
        return {}
    choice = Choice(Months(min(months), max(months)), source=source, booked_to=booked_to)
    return {row.key[0]: row.amount for row in cost_sums(session, choice, by=("work_month",))}


def journal_template(session: TenantSession) -> JournalTemplate | None:
    """Return which accounts the region books on; None where nobody has chosen them."""
    return session.scalar(select(JournalTemplate))


def journal_lines(
    session: TenantSession, valuation: Valuation, template: JournalTemplate
) -> list[JournalLine]:
    """Return the lines to book a valuation by, those that reverse it last."""
    accounts = Accounts(template.accounts, template.counter_account, template.cost_centre)
    tree = unit_tree(session)
    accrued = (
        Accrued(part.work_month, tree.code(unit_id), category, part.amount)
        for part in parts_of(session, valuation.id)
        for unit_id, category, _sector in (part.place,)
    )
    return journal(accrued, valuation.booked_to, accounts)
