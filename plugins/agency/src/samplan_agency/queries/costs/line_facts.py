"""Where lines of cost come from and what became of them: the delivery, the call-off, the invoice control."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession
from samplan_agency.domain.matching import reference_key
from samplan_agency.models import CallOff, ControlMonth, CostLine, Delivery, InvoiceDeviation
from samplan_agency.queries.calloff.shown import reference_of

_NUMBER = re.compile(reference_key(reference_of(0)).removesuffix("0") + r"([0-9]{1,9})")
_OPEN = ("new", "asked")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """The file and vintage of a line, the call-off that it names, and what the invoice control says.

    `delivered` is the delivery's number, file and time; `reasons` why the line deviates, and `waits` whether
    one of them has not been handled. `controlled` tells that it has been looked at since it was read in.
    """

    delivered: tuple[int, str, datetime]
    call_off: UUID | None
    controlled: bool
    reasons: tuple[str, ...]
    waits: bool


def line_facts(session: TenantSession, lines: Sequence[CostLine]) -> Mapping[UUID, LineFacts]:
    """Return what is known of each line."""
    deliveries = {
        row.id: row
        for row in session.execute(
            select(
                Delivery.id, Delivery.number, Delivery.filename, Delivery.delivered_at, Delivery.read_at
            ).where(Delivery.id.in_({line.delivery_id for line in lines}))
        )
    }
    call_offs = _call_offs(session, lines)
    invoices = [line for line in lines if line.source == "invoices"]
    controlled = _controlled(session, invoices)
    deviations = _deviations(session, invoices)
    found = {}
    for line in lines:
        delivery = deliveries[line.delivery_id]
        at, read = controlled.get(line.work_month), delivery.read_at
        told = deviations.get(str(line.line_key), ())
        found[line.id] = LineFacts(
            (delivery.number, delivery.filename, delivery.delivered_at),
            call_offs.get(_number(line)),
            line.source == "invoices" and at is not None and (read is None or at >= read),
            tuple(reason for reason, _state in told),
            any(state in _OPEN for _reason, state in told),
        )
    return found


def _number(line: CostLine) -> int:
    """Return the number of the call-off that a line names; 0 for none."""
    named = _NUMBER.fullmatch(reference_key(line.order_reference or ""))
    return int(named[1]) if named else 0


def _call_offs(session: TenantSession, lines: Sequence[CostLine]) -> dict[int, UUID]:
    numbers = {_number(line) for line in lines} - {0}
    if not numbers:
        return {}
    rows = session.execute(select(CallOff.number, CallOff.id).where(CallOff.number.in_(numbers)))
    return dict(rows.all())


def _controlled(session: TenantSession, lines: Sequence[CostLine]) -> dict[date, datetime]:
    """Return when each of the lines' months was controlled last."""
    if not lines:
        return {}
    months = {line.work_month for line in lines}
    rows = session.execute(
        select(ControlMonth.work_month, func.max(ControlMonth.controlled_at))
        .where(ControlMonth.work_month.in_(months))
        .group_by(ControlMonth.work_month)
    )
    return dict(rows.all())


def _deviations(session: TenantSession, lines: Sequence[CostLine]) -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if lines:
        row = InvoiceDeviation
        keys = [str(line.line_key) for line in lines]
        wanted = select(row.line_key, row.reason, row.state).where(row.line_key.in_(keys))
        for key, reason, state in session.execute(wanted.order_by(row.difference.desc(), row.reason)):
            found[key].append((reason, state))
    return found
