"""Confirming what suppliers offer to a call-off."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Invalid, NotFound, TenantSession, _, notify, record, take_turn
from samplan_agency.domain.matching import key
from samplan_agency.events import CONFIRMED
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest, Supplier
from samplan_agency.queries.calloff.shown import reference_of
from samplan_agency.services.calloff.answers import PERSONAL, lines_of, waiting
from samplan_agency.services.calloff.steps import Moment, changed


def confirm_answer(
    session: TenantSession, call_off_id: UUID, answer_id: UUID, moment: Moment, *, version: int
) -> CallOffAnswer:
    """Confirm an offer; a call-off whose lines have all their people is closed by it.

    The supplier gets a mail with all that is confirmed of it, one for several confirmations in a row.

    Raises `NotFound`, `Conflict` for no newest call-off that waits, and `Invalid` for an offer that is not
    open, that nobody is missing for, whose shift has begun, whose person is confirmed elsewhere at that time,
    or that costs more than the policy's highest price.
    """
    call_off = waiting(session, call_off_id, version)
    found = session.execute(
        select(CallOffAnswer, CallOffLine)
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .where(CallOffAnswer.id == answer_id, CallOffLine.call_off_id == call_off.id)
    ).first()
    if found is None:
        raise NotFound(_("There is no such offer."))
    answer, line = found
    take_turn(session, "agency.confirm")  # another call-off may confirm the same person at this moment
    _check(session, call_off, answer, line, moment)
    answer.state, answer.confirmed_at = "confirmed", moment.now
    changed(call_off)
    after = {"number": call_off.number, "outside": answer.outside, "consultant": answer.consultant}
    record(session, "call_off.confirmed", "agency.call_off", call_off.id, after=after, personal=PERSONAL)
    session.flush()
    _tell(session, call_off, answer.supplier_id, moment)
    confirmed = _confirmed(session, call_off.id)
    if all(confirmed.get(other.id, 0) >= other.people for other in lines_of(session, call_off)):
        call_off.state, call_off.ended_at = "closed", moment.now
        record(session, "call_off.ended", "agency.call_off", call_off.id, after={"state": "closed"})
        session.flush()
    return answer


def _check(
    session: TenantSession, call_off: CallOff, answer: CallOffAnswer, line: CallOffLine, moment: Moment
) -> None:
    if answer.state != "offered":
        raise Invalid(_("The offer is not open any more."))
    if _confirmed(session, call_off.id).get(line.id, 0) >= line.people:
        raise Invalid(_("Nobody is missing on the shift any more."))
    if line.starts_at <= moment.now:
        raise Invalid(_("The shift has begun already."))
    if line.max_price is not None and answer.price is not None and answer.price > line.max_price:
        raise Invalid(_("The offer costs more than the call-off's highest price."))
    other = session.scalar(
        select(CallOff.number)
        .join(CallOffLine, CallOffLine.call_off_id == CallOff.id)
        .join(CallOffAnswer, CallOffAnswer.line_id == CallOffLine.id)
        .where(
            CallOffAnswer.supplier_id == answer.supplier_id,
            func.lower(func.regexp_replace(CallOffAnswer.consultant, r"\s", "", "g"))
            == key(answer.consultant),
            CallOffAnswer.state == "confirmed",
            CallOffLine.starts_at < line.ends_at,
            CallOffLine.ends_at > line.starts_at,
        )
        .limit(1)
    )
    if other is not None:
        words = {"consultant": answer.consultant, "reference": reference_of(other)}
        raise Invalid(
            _("%(consultant)s is confirmed for another shift at that time (%(reference)s).", **words)
        )


def _tell(session: TenantSession, call_off: CallOff, supplier_id: UUID, moment: Moment) -> None:
    request, code = session.execute(
        select(CallOffRequest.id, Supplier.code)
        .join(Supplier, Supplier.id == CallOffRequest.supplier_id)
        .where(CallOffRequest.call_off_id == call_off.id, CallOffRequest.supplier_id == supplier_id)
    ).one()
    told = {"call_off_id": call_off.id, "number": call_off.number, "request_id": request, "supplier": code}
    notify(session, CONFIRMED, told, now=moment.now, about=str(request))


def _confirmed(session: TenantSession, call_off_id: UUID) -> dict[UUID, int]:
    rows = session.execute(
        select(CallOffAnswer.line_id, func.count())
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .where(CallOffLine.call_off_id == call_off_id, CallOffAnswer.state == "confirmed")
        .group_by(CallOffAnswer.line_id)
    )
    return dict(rows.all())
