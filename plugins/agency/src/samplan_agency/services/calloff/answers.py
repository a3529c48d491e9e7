"""What suppliers answer to a call-off, registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, holds_identity_number, record
from samplan_agency.domain.calloff import judge_offer
from samplan_agency.domain.keys import names_a_person
from samplan_agency.domain.matching import key
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.queries.calloff.wanted import Pricer
from samplan_agency.services.calloff.asking import ask_next
from samplan_agency.services.calloff.steps import Moment, as_seen, changed
from samplan_agency.services.deliveries.reading import NAMED

PERSONAL = ("consultant",)
HIGHEST_PRICE = Decimal(99_999)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a supplier says of a line: one of its people at a price, or without a reference nobody more."""

    line_id: UUID
    consultant: str = ""
    price: Decimal | None = None


def register_answers(
    session: TenantSession,
    call_off_id: UUID,
    supplier_id: UUID,
    answers: Sequence[Answer],
    moment: Moment,
    *,
    version: int,
) -> int:
    """Keep what a supplier answers instead of what it said before, and return how many people it offers.

    What is confirmed stays. When all lines have an answer, or none lacks people, the next supplier's turn
    is considered.

    Raises:
        NotFound: no such call-off, line, or supplier that was asked.
        Conflict: it is not one that waits for answers, or newer than was seen.
        Invalid: an answer makes no sense.
    """
    call_off = waiting(session, call_off_id, version)
    request = session.scalar(
        select(CallOffRequest).where(
            CallOffRequest.call_off_id == call_off.id, CallOffRequest.supplier_id == supplier_id
        )
    )
    if request is None:
        raise NotFound(_("The supplier has not been asked."))
    lines = {line.id: line for line in lines_of(session, call_off)}
    _check(lines, answers, moment)
    _keep(session, supplier_id, answers, lines, moment)
    offered = sum(1 for answer in answers if answer.consultant)
    _note(session, call_off, request, lines, offered)
    ask_next(session, call_off, moment.now)
    return offered


def _keep(
    session: TenantSession,
    supplier_id: UUID,
    answers: Sequence[Answer],
    lines: dict[UUID, CallOffLine],
    moment: Moment,
) -> None:
    """Write answers in place of the supplier's earlier ones to these lines; what is confirmed stays."""
    pricer = Pricer(session)
    kept = _clear(session, supplier_id, {answer.line_id for answer in answers})
    for answer in dict.fromkeys(answers):
        if (answer.line_id, key(answer.consultant)) in kept:
            continue
        if answer.consultant and answer.price is not None:
            agreed = pricer.agreed(lines[answer.line_id], supplier_id, moment.zone)
            outside = judge_offer(answer.price, agreed).value
            row = CallOffAnswer(consultant=answer.consultant, price=answer.price, outside=outside)
            row.state = "offered"
        else:
            row = CallOffAnswer(state="refused")
        row.line_id, row.supplier_id, row.answered_at = answer.line_id, supplier_id, moment.now
        session.add(row)
    session.flush()


def add_answer(
    session: TenantSession,
    call_off_id: UUID,
    supplier_id: UUID,
    answer: Answer,
    moment: Moment,
    *,
    version: int,
) -> int:
    """Keep one answer beside what the supplier offers for the line; raises as `register_answers`.

    That it has nobody takes back what it has offered.
    """
    offered = session.scalars(
        select(CallOffAnswer).where(
            CallOffAnswer.line_id == answer.line_id,
            CallOffAnswer.supplier_id == supplier_id,
            CallOffAnswer.state == "offered",
        )
    )
    others = [
        Answer(row.line_id, row.consultant, row.price)
        for row in offered
        if answer.consultant and key(row.consultant) != key(answer.consultant)
    ]
    return register_answers(session, call_off_id, supplier_id, [*others, answer], moment, version=version)


def waiting(session: TenantSession, call_off_id: UUID, version: int) -> CallOff:
    """Return a call-off that waits for answers, as it was seen, locked; raises `NotFound` and `Conflict`."""
    call_off = as_seen(session, call_off_id, version)
    if call_off.state != "sent":
        raise Conflict(_("The call-off takes no answers."))
    return call_off


def lines_of(session: TenantSession, call_off: CallOff) -> Sequence[CallOffLine]:
    """Return the shifts of a call-off."""
    return session.scalars(select(CallOffLine).where(CallOffLine.call_off_id == call_off.id)).all()


def _check(lines: dict[UUID, CallOffLine], answers: Sequence[Answer], moment: Moment) -> None:
    if not answers:
        raise Invalid(_("Give at least one answer."))
    if any(answer.line_id not in lines for answer in answers):
        raise NotFound(_("There is no such shift."))
    people = [
        (answer.line_id, key(answer.consultant)) for answer in dict.fromkeys(answers) if answer.consultant
    ]
    if len(set(people)) != len(people):
        message = _("Each person can be offered once for a shift.")
        raise Invalid(message, {"consultant": [message]})
    for answer in answers:
        _check_one(answer, lines[answer.line_id], moment)


def _check_one(answer: Answer, line: CallOffLine, moment: Moment) -> None:
    if answer.consultant and line.starts_at <= moment.now:
        begun = line.starts_at.astimezone(moment.zone).strftime("%Y-%m-%d %H:%M")
        message = _("The shift of %(begun)s has begun already.", begun=begun)
        raise Invalid(message, {"line_id": [message]})
    if holds_identity_number(answer.consultant):
        message = _("Personal identity numbers are not kept here. Give the supplier's own id.")
        raise Invalid(message, {"consultant": [message]})
    if answer.consultant and names_a_person(answer.consultant):
        message = str(NAMED)
        raise Invalid(message, {"consultant": [message]})
    if answer.consultant and answer.price is None:
        message = _("Give a price for %(consultant)s.", consultant=answer.consultant)
        raise Invalid(message, {"price": [message]})
    if answer.price is not None and not 0 < answer.price <= HIGHEST_PRICE:
        message = _("Give a price from 0.01 to %(most)s.", most=HIGHEST_PRICE)
        raise Invalid(message, {"price": [message]})
    if answer.price is not None and not answer.consultant:
        message = _("Give the supplier's own id of the person for each price.")
        raise Invalid(message, {"consultant": [message]})


def _clear(session: TenantSession, supplier_id: UUID, lines: set[UUID]) -> set[tuple[UUID, str]]:
    """Take away what a supplier said of lines before; return whom it has confirmed people for."""
    kept = set()
    rows = select(CallOffAnswer).where(
        CallOffAnswer.supplier_id == supplier_id, CallOffAnswer.line_id.in_(lines)
    )
    for row in session.scalars(rows):
        if row.state == "confirmed":
            kept.add((row.line_id, key(row.consultant)))
        else:
            session.delete(row)
    session.flush()
    return kept


def _note(
    session: TenantSession,
    call_off: CallOff,
    request: CallOffRequest,
    lines: dict[UUID, CallOffLine],
    offered: int,
) -> None:
    """Keep whether the supplier has answered every line, and count the change.

    A line is answered by people enough, or when the supplier has nobody more.
    """
    own = CallOffAnswer.supplier_id == request.supplier_id, CallOffAnswer.line_id.in_(lines)
    rows = session.scalars(select(CallOffAnswer).where(*own)).all()
    offers = Counter(row.line_id for row in rows if row.state != "refused")
    said = {row.line_id for row in rows if row.state == "refused"}
    said |= {key for key, line in lines.items() if offers[key] >= line.people}
    request.state = "answered" if said == set(lines) else "sent"
    changed(call_off)
    after = {"number": call_off.number, "offered": offered, "lines": len(said)}
    record(session, "call_off.answered", "agency.call_off", call_off.id, after=after)
    session.flush()
