"""Asking suppliers in their order: the first when a call-off is sent, the next when those before are done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from samplan.plugin_api import TenantSession, notify, record
from samplan_agency.domain.calloff import Asked, Step, next_step
from samplan_agency.events import REQUESTED
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.queries.calloff.wanted import suppliers_in_order


def ask_next(session: TenantSession, call_off: CallOff, now: datetime) -> Step:
    """Ask the next supplier if it is time, in the session's transaction; the call-off is locked.

    Asked again at the same moment it does nothing: who was asked has time to answer then.
    """
    requests = session.scalars(select(CallOffRequest).where(CallOffRequest.call_off_id == call_off.id)).all()
    known = {request.supplier_id for request in requests}
    left = [supplier for supplier in suppliers_in_order(session) if supplier.id not in known]
    asked = [Asked(request.deadline, request.state == "answered") for request in requests]
    step = next_step(asked, missing_people(session, call_off.id, now), len(left), now)
    if step is not Step.ASK:
        return step
    request = CallOffRequest(
        call_off_id=call_off.id,
        supplier_id=left[0].id,
        rank=len(requests) + 1,
        sent_at=now,
        deadline=now + timedelta(hours=call_off.answer_hours),
    )
    session.add(request)
    session.flush()
    told = {"call_off_id": call_off.id, "number": call_off.number, "request_id": request.id}
    request.event_id = notify(session, REQUESTED, {**told, "supplier": left[0].code}, now=now)
    after = {"number": call_off.number, "supplier": left[0].code, "rank": request.rank}
    record(session, "call_off.asked", "agency.call_off", call_off.id, after=after)
    session.flush()
    return step


def missing_people(session: TenantSession, call_off_id: UUID, now: datetime) -> int:
    """Return how many people of a call-off's shifts to come nobody has offered, line by line.

    An offer that costs more than the highest price cannot be confirmed: it is none.
    """
    taken = or_(
        CallOffAnswer.state == "confirmed",
        and_(
            CallOffAnswer.state == "offered",
            or_(CallOffLine.max_price.is_(None), CallOffAnswer.price <= CallOffLine.max_price),
        ),
    )
    rows = session.execute(
        select(CallOffLine.people, func.count(CallOffAnswer.id))
        .outerjoin(
            CallOffAnswer,
            and_(CallOffAnswer.line_id == CallOffLine.id, taken),
        )
        .where(CallOffLine.call_off_id == call_off_id, CallOffLine.starts_at > now)
        .group_by(CallOffLine.tenant_id, CallOffLine.id)
    )
    return sum(max(people - offered, 0) for people, offered in rows)


def go_on(session: TenantSession, now: datetime) -> int:
    """Ask the next supplier of every call-off whose time has come, and return how many were asked."""
    asked = 0
    sent = select(CallOff).where(CallOff.state == "sent").order_by(CallOff.number)
    for call_off in session.scalars(sent.with_for_update(skip_locked=True)).all():
        asked += ask_next(session, call_off, now) is Step.ASK
    return asked
