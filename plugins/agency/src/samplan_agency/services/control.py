"""What the control of invoices finds is kept, and handled by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, or_, select

from samplan.plugin_api import (
    Invalid,
    TenantSession,
    WorkedHiredShifts,
    _,
    holds_identity_number,
    record,
    take_turn,
)
from samplan_agency.domain.control import Controlled
from samplan_agency.models import DEVIATION_STATES, ControlMonth, CostLine, InvoiceDeviation
from samplan_agency.queries.control.lines import control_month, get_deviation
from samplan_agency.services.versions import expect_version

OPEN = ("new", "asked")


def renew_control(
    session: TenantSession,
    month: date,
    timezone: str,
    now: datetime,
    roster: WorkedHiredShifts | None = None,
) -> int:
    """Control the invoice lines of a work month again; return how many deviations wait for somebody.

    What was handled stays so while it is the same. A deviation that is gone is removed while it is new; where
    the supplier was asked it counts as credited, or as accepted where the line is billed as it was: then the
    price, the worked time or the order is another. It is new again with another difference, and when it
    comes back after it was gone. Several at once wait for each other.
    """
    take_turn(session, "agency.control")
    controlled = control_month(session, month, timezone, roster)
    keys = _line_keys(session, month)
    stored = _stored(session, month)
    waiting = 0
    for each in controlled:
        for deviation in each.deviations:
            place = str(keys[each.line.id]), deviation.reason.value
            row = stored.pop(place, None)
            if row is None:
                row = InvoiceDeviation(line_key=place[0], reason=place[1])
                session.add(row)
            _set(row, each, deviation.amount, now)
            waiting += row.state in {None, *OPEN}
    billed = {str(keys[each.line.id]): each.line.amount for each in controlled if each.counts}
    for row in stored.values():
        _end(session, row, now, as_billed=billed.get(row.line_key) == row.billed)
    _count(session, month, controlled, now)
    session.flush()
    return waiting


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody (an account) says of a deviation: its state and a note."""

    state: str
    note: str
    by: UUID


def handle(
    session: TenantSession, deviation_id: UUID, said: Said, *, version: int, now: datetime
) -> InvoiceDeviation:
    """Give a deviation another state, with a note.

    Raises `NotFound`, `Conflict` where it is newer than `version`, and `Invalid` for a state that is none and
    a note that is too long or holds a personal identity number.
    """
    row = get_deviation(session, deviation_id, lock=True)
    expect_version(row.version, version)
    if said.state not in DEVIATION_STATES:
        message = _("Choose what is to be said of the deviation.")
        raise Invalid(message, {"state": [message]})
    if len(said.note) > 500 or holds_identity_number(said.note):
        message = _("At most 500 characters, and no personal identity number.")
        raise Invalid(message, {"note": [message]})
    if (row.state, row.note) == (said.state, said.note):
        return row
    before = {"state": row.state, "note": row.note}
    row.state, row.note, row.handled_by = said.state, said.note, said.by
    row.version += 1
    row.updated_at = now
    after = {"state": said.state, "note": said.note}
    record(session, "deviation.handled", "agency.deviation", row.id, before=before, after=after)
    return row


def _stored(session: TenantSession, month: date) -> dict[tuple[str, str], InvoiceDeviation]:
    """Return what was found before of the month, and of lines that were another month's then."""
    keys = select(cast(CostLine.line_key, String)).where(*_invoiced(month))
    rows = session.scalars(
        select(InvoiceDeviation)
        .where(or_(InvoiceDeviation.work_month == month, InvoiceDeviation.line_key.in_(keys)))
        .with_for_update()
    )
    return {(row.line_key, row.reason): row for row in rows}


def _invoiced(month: date) -> tuple[Any, ...]:
    return CostLine.source == "invoices", CostLine.work_month == month, CostLine.replaced_by.is_(None)


def _line_keys(session: TenantSession, month: date) -> dict[UUID, UUID]:
    rows = session.execute(select(CostLine.id, CostLine.line_key).where(*_invoiced(month)))
    return dict(rows.all())


def _set(row: InvoiceDeviation, each: Controlled, difference: Decimal, now: datetime) -> None:
    values: dict[str, Any] = {
        "line_id": each.line.id,
        "work_month": each.line.work_month,
        "supplier_id": each.line.supplier_id,
        "expected": each.expected,
        "billed": each.line.amount,
        "difference": difference,
    }
    back = row.state in {"accepted", "credited"} and row.handled_by is None
    if not back and all(getattr(row, name) == value for name, value in values.items()):
        return
    if back or (row.state in {"accepted", "credited"} and row.difference != difference):
        row.state = "new"
    for name, value in values.items():
        setattr(row, name, value)
    if row.version is not None:
        row.version += 1
    row.updated_at = now


def _end(session: TenantSession, row: InvoiceDeviation, now: datetime, *, as_billed: bool) -> None:
    """Let go of a deviation that is found no more; nobody has handled it then, it went away by itself.

    `as_billed` tells that the line stands as it did: the supplier has credited nothing.
    """
    if row.state == "new":
        session.delete(row)
    elif row.state == "asked":
        row.state, row.handled_by = "accepted" if as_billed else "credited", None
        row.version += 1
        row.updated_at = now


def _count(session: TenantSession, month: date, controlled: Iterable[Controlled], now: datetime) -> None:
    by_supplier: dict[UUID | None, list[Controlled]] = defaultdict(list)
    for each in controlled:
        if each.counts:
            by_supplier[each.line.supplier_id].append(each)
    session.execute(delete(ControlMonth).where(ControlMonth.work_month == month))
    for supplier_id, lines in (by_supplier or {None: []}).items():  # that there is nothing is known too
        matched = [each for each in lines if each.matched]
        session.add(
            ControlMonth(
                work_month=month,
                supplier_id=supplier_id,
                lines=len(lines),
                matched_lines=len(matched),
                amount=_amount(lines),
                matched_amount=_amount(matched),
                controlled_at=now,
            )
        )


def _amount(lines: Iterable[Controlled]) -> Decimal:
    return sum((each.line.amount for each in lines), Decimal(0))
