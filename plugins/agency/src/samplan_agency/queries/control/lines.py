"""Invoice lines with what they are held against, what was found wrong with them, and how much is matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from samplan.plugin_api import NotFound, Period, TenantSession, WorkedHiredShifts, _, show_month
from samplan_agency.domain.control import Billed, Controlled
from samplan_agency.domain.matching import key
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.ratios import CONTROL_TOLERANCE
from samplan_agency.domain.verdict import control
from samplan_agency.models import CallOff, ControlMonth, CostLine, InvoiceDeviation, Supplier, TimeReport
from samplan_agency.queries.agreements.book import price_book
from samplan_agency.queries.calloff.ordered import ordered_lines
from samplan_agency.queries.control.worked import worked_shifts
from samplan_agency.queries.parameters import number_on
from samplan_agency.queries.rows import get_row
from samplan_agency.queries.unit_tree import unit_tree

PAGE = 50
_NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which deviations are wanted; an empty field wants all. The states are those that wait for somebody."""

    states: tuple[str, ...] = ("new", "asked")
    reason: str = ""
    supplier_id: UUID | None = None
    month: date | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A deviation with its invoice line and the supplier's name."""

    row: InvoiceDeviation
    line: CostLine
    supplier: str


@dataclass(frozen=True, slots=True)
class Matched:
    """How much of what was controlled had no deviation; amounts in SEK without VAT, shares in per cent."""

    name: str
    lines: int
    matched_lines: int
    amount: Decimal
    matched_amount: Decimal

    @property
    def share_of_lines(self) -> Decimal | None:
        """Return the share of lines that are matched."""
        return Decimal(100 * self.matched_lines) / self.lines if self.lines else None

    @property
    def share_of_money(self) -> Decimal | None:
        """Return the share of the amount that is matched."""
        return 100 * self.matched_amount / self.amount if self.amount else None


def control_month(
    session: TenantSession, month: date, timezone: str, roster: WorkedHiredShifts | None
) -> list[Controlled]:
    """Return the invoice lines of a work month, each held against order, confirmation and worked time.

    `timezone` is the region's: it tells on which date a shift begins.
    """
    return _control(session, month, timezone, roster)


def control_line(
    session: TenantSession, line: CostLine, timezone: str, roster: WorkedHiredShifts | None
) -> Controlled | None:
    """Return one line in force as `control_month` does; None for one that is not.

    Only what may be about the same work is looked at: the lines of its supplier, or of its consultant, within
    some days of it, and those that say no date. With one of these all of the supplier's month counts.
    """
    day, same = line.work_date, _same_work(line)
    undated = select(CostLine.id).where(*_in_force(), same, CostLine.work_date.is_(None))
    near = None
    if day is not None and session.scalar(undated.limit(1)) is None:
        near = Period(day - _NEAR, day + _NEAR)
        same = and_(same, CostLine.work_date.between(near.start, near.end))
    found = _control(session, line.work_month, timezone, roster, same, near)
    return next((each for each in found if each.line.id == line.id), None)


def _control(  # noqa: PLR0917 - what is controlled, and against what
    session: TenantSession,
    month: date,
    timezone: str,
    roster: WorkedHiredShifts | None,
    only: ColumnElement[bool] | None = None,
    near: Period | None = None,
) -> list[Controlled]:
    first, last = month, plus_months(month, 1) - timedelta(days=1)
    days = near or Period(first, last)
    tree = unit_tree(session)
    rows = select(CostLine).where(*_in_force(), CostLine.work_month == month)
    billed = [
        _billed(row, tree.municipality(row.unit_id))
        for row in session.scalars(rows if only is None else rows.where(only))
    ]
    # Nobody else's orders, time reports and prices are theirs.
    named = None if only is None else {each.supplier_id for each in billed if each.supplier_id is not None}
    ordered = ordered_lines(session, days, timezone, named)
    levels = {each.level for each in billed} | {each.level for each in ordered}
    return control(
        billed,
        ordered,
        worked_shifts(session, Period(days.start - timedelta(days=1), days.end), roster, named),
        price_book(session, first, last, levels, named),
        number_on(session, CONTROL_TOLERANCE, last).value,
        zone=ZoneInfo(timezone),
    )


def _same_work(line: CostLine) -> ColumnElement[bool]:
    """Return the condition of lines of a month that may bill the same work as one."""
    same = CostLine.supplier_id == line.supplier_id
    if line.consultant:
        consultant = func.lower(func.regexp_replace(CostLine.consultant, r"\s", "", "g"))
        same = or_(same, consultant == key(line.consultant))
    return and_(CostLine.work_month == line.work_month, same)


def get_invoice_line(session: TenantSession, line_id: UUID) -> CostLine:
    """Return an invoice line; raises `NotFound`."""
    row = session.scalar(select(CostLine).where(CostLine.id == line_id, CostLine.source == "invoices"))
    if row is None:
        raise NotFound(_("There is no such invoice line."))
    return row


def get_deviation(session: TenantSession, deviation_id: UUID, *, lock: bool = False) -> InvoiceDeviation:
    """Return a deviation, as it is stored now; raises `NotFound`."""
    return get_row(session, InvoiceDeviation, deviation_id, _("There is no such deviation."), lock=lock)


def deviations_of(session: TenantSession, line_key: UUID) -> Sequence[InvoiceDeviation]:
    """Return what was found wrong with a line, the largest difference first."""
    return session.scalars(
        select(InvoiceDeviation)
        .where(InvoiceDeviation.line_key == str(line_key))
        .order_by(InvoiceDeviation.difference.desc(), InvoiceDeviation.reason)
    ).all()


def queue(
    session: TenantSession, filters: Filters, *, after: UUID | None = None, limit: int | None = PAGE
) -> tuple[list[QueueLine], UUID | None]:
    """Return deviations, the largest difference first, and after which one the next page begins."""
    order = InvoiceDeviation.difference.desc(), InvoiceDeviation.id
    wanted = _wanted(select(InvoiceDeviation.id), filters).order_by(*order)
    if after is not None:
        last = select(InvoiceDeviation.difference).where(InvoiceDeviation.id == after).scalar_subquery()
        same = and_(InvoiceDeviation.difference == last, InvoiceDeviation.id > after)
        wanted = wanted.where(or_(InvoiceDeviation.difference < last, same))
    if limit is not None:
        wanted = wanted.limit(limit + 1)
    # Those of the page are chosen first: all that wait would be joined with their lines otherwise.
    chosen = wanted.subquery("chosen")
    rows = session.execute(
        select(InvoiceDeviation, CostLine, Supplier.name)
        .join(chosen, chosen.c.id == InvoiceDeviation.id)
        .join(CostLine, CostLine.id == InvoiceDeviation.line_id)
        .outerjoin(Supplier, Supplier.id == InvoiceDeviation.supplier_id)
        .order_by(*order)
    )
    found = [QueueLine(row, line, name or "") for row, line, name in rows]
    if limit is None or len(found) <= limit:
        return found, None
    return found[:limit], found[limit - 1].row.id


def queue_sum(session: TenantSession, filters: Filters) -> tuple[int, Decimal]:
    """Return how many deviations there are, and what they come to."""
    total = func.coalesce(func.sum(InvoiceDeviation.difference), 0)
    count, amount = session.execute(_wanted(select(func.count(), total), filters)).one()
    return count, amount


def controlled(session: TenantSession) -> tuple[Months, datetime] | None:
    """Return the work months that were controlled and when that was last; None where nothing was."""
    row = session.execute(
        select(
            func.min(ControlMonth.work_month),
            func.max(ControlMonth.work_month),
            func.max(ControlMonth.controlled_at),
        ).having(func.count() > 0)
    ).one_or_none()
    return None if row is None else (Months(row[0], row[1]), row[2])


def has_evidence(session: TenantSession) -> bool:
    """Tell whether there is any call-off or time report that invoices can be held against."""
    reports, orders = (
        exists().where(TimeReport.replaced_by.is_(None)),
        exists().where(CallOff.id.is_not(None)),
    )
    return bool(session.scalar(select(or_(reports, orders))))


def matched_by_supplier(session: TenantSession) -> list[Matched]:
    """Return how much is matched by supplier, those with the largest amount first."""
    sums = _sums()
    rows = session.execute(
        select(Supplier.name, *sums)
        .select_from(ControlMonth)
        .outerjoin(Supplier, Supplier.id == ControlMonth.supplier_id)
        .where(ControlMonth.lines > 0)
        .group_by(Supplier.id, Supplier.name)
        .order_by(sums[2].desc())
    )
    return [Matched(name or _("Not told"), *values) for name, *values in rows]


def matched_by_month(session: TenantSession) -> list[Matched]:
    """Return how much is matched by work month, the newest first."""
    rows = session.execute(
        select(ControlMonth.work_month, *_sums())
        .where(ControlMonth.lines > 0)
        .group_by(ControlMonth.work_month)
        .order_by(ControlMonth.work_month.desc())
    )
    return [Matched(show_month(month), *values) for month, *values in rows]


def _sums() -> list[Any]:
    names = ("lines", "matched_lines", "amount", "matched_amount")
    return [func.sum(getattr(ControlMonth, name)) for name in names]


def _in_force() -> tuple[Any, ...]:
    return CostLine.source == "invoices", CostLine.kind == "hired", CostLine.replaced_by.is_(None)


def _wanted(statement: Any, filters: Filters) -> Any:
    chosen = (
        (InvoiceDeviation.reason, filters.reason),
        (InvoiceDeviation.supplier_id, filters.supplier_id),
        (InvoiceDeviation.work_month, filters.month),
    )
    wanted = [column == value for column, value in chosen if value]
    if filters.states:
        wanted.append(InvoiceDeviation.state.in_(filters.states))
    return statement.where(*wanted)


def _billed(row: CostLine, municipality: str | None) -> Billed:
    return Billed(
        id=row.id,
        supplier_id=row.supplier_id,
        amount=row.amount,
        work_month=row.work_month,
        booked_month=row.booked_month,
        time_class=row.time_class,
        invoice=row.invoice or "",
        reference=row.order_reference or "",
        consultant=row.consultant or "",
        unit_id=row.unit_id,
        municipality=municipality,
        work_date=row.work_date,
        level=row.level or "",
        zone=row.zone,
        hours=row.hours,
        shift=row.shift or "",
    )
