"""Call-offs: made, filled with shifts, sent, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    OrgUnit,
    TenantSession,
    _,
    holds_identity_number,
    record,
    take_turn,
)
from samplan_agency.calloff_words import LEFT_OUT
from samplan_agency.domain.calloff import Policy, Times
from samplan_agency.files.calloff import MOST_LINES
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.queries.calloff.shown import newest_call_off
from samplan_agency.queries.calloff.wanted import PricedShift, Pricer, WantedShift, suppliers_in_order
from samplan_agency.queries.rows import get_row
from samplan_agency.services.calloff.asking import ask_next
from samplan_agency.services.numbers import next_number

MOST_HOURS = 24 * 14


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done, and by which clocks the region's dates go."""

    now: datetime
    zone: ZoneInfo


def policy_of(call_off: CallOff) -> Policy:
    """Return the policy that a call-off is made by."""
    kept = call_off.policy
    return Policy(
        own_first=bool(kept.get("own_first", True)),
        times=Times(kept.get("times", Times.ALL)),
        max_price=Decimal(kept["max_price"]) if kept.get("max_price") else None,
        lead_hours=int(kept.get("lead_hours", 0)),
    )


def policy_values(policy: Policy) -> dict[str, Any]:
    """Return a policy as it is kept with a call-off."""
    return {
        "own_first": policy.own_first,
        "times": policy.times.value,
        "max_price": None if policy.max_price is None else str(policy.max_price),
        "lead_hours": policy.lead_hours,
    }


def choose_alone(session: TenantSession) -> None:
    """Wait until nobody else chooses gaps: what another call-off takes of them must be seen."""
    take_turn(session, "agency.call_off.gaps")


def make_call_off(
    session: TenantSession, policy: Policy, wanted: Sequence[WantedShift], moment: Moment
) -> CallOff:
    """Make a draft of a call-off; raises `Invalid` for a shift that the policy leaves out.

    Suppliers have as long to answer as in the newest one before, until something else is said.
    """
    number = next_number(session, CallOff.number)
    before, kept = newest_call_off(session), policy_values(policy)
    call_off = CallOff(number=number, policy=kept, made_at=moment.now)
    if before is not None:
        call_off.answer_hours = before.answer_hours
    session.add(call_off)
    session.flush()
    _add(session, call_off, wanted, moment)
    after = {"number": number, "lines": len(wanted), **kept}
    record(session, "call_off.made", "agency.call_off", call_off.id, after=after)
    return call_off


def add_lines(
    session: TenantSession, call_off_id: UUID, wanted: Sequence[WantedShift], moment: Moment, *, version: int
) -> CallOff:
    """Add shifts to a draft; raises as `make_call_off`, `NotFound`, and `Conflict` for no newest draft."""
    call_off = draft(session, call_off_id, version)
    if not wanted:
        raise Invalid(_("Give at least one shift."))
    _add(session, call_off, wanted, moment)
    changed(call_off)
    after = {"number": call_off.number, "lines": len(wanted)}
    record(session, "call_off.filled", "agency.call_off", call_off.id, after=after)
    session.flush()
    return call_off


def remove_line(session: TenantSession, call_off_id: UUID, line_id: UUID, *, version: int) -> None:
    """Take a shift out of a draft; raises `NotFound`, and `Conflict` for no newest draft."""
    call_off = draft(session, call_off_id, version)
    line = session.scalar(
        select(CallOffLine).where(CallOffLine.id == line_id, CallOffLine.call_off_id == call_off_id)
    )
    if line is None:
        raise NotFound(_("There is no such shift."))
    session.delete(line)
    changed(call_off)
    unit = session.scalar(select(OrgUnit.code).where(OrgUnit.id == line.unit_id))
    before = {"number": call_off.number, "unit": unit, "starts_at": line.starts_at.isoformat()}
    record(session, "call_off.line_removed", "agency.call_off", call_off.id, before=before)
    session.flush()


def send_call_off(
    session: TenantSession, call_off_id: UUID, answer_hours: int, moment: Moment, *, version: int
) -> CallOff:
    """Ask the first supplier of the order; each has so many hours to answer.

    Raises:
        NotFound: no such call-off.
        Conflict: it is no draft, or newer than was seen.
        Invalid: it has no shifts, one begins too soon, or there is no supplier to ask.
    """
    call_off = draft(session, call_off_id, version)
    if not 1 <= answer_hours <= MOST_HOURS:
        message = _("Give 1 to %(most)s hours.", most=MOST_HOURS)
        raise Invalid(message, {"answer_hours": [message]})
    lines = session.scalars(select(CallOffLine).where(CallOffLine.call_off_id == call_off.id)).all()
    if not lines:
        raise Invalid(_("Add shifts before you send."))
    if any(line.starts_at <= moment.now for line in lines):
        raise Invalid(_("A shift has begun already. Take it out first."))
    if not suppliers_in_order(session):
        raise Invalid(
            _("No supplier can be asked: give suppliers a place in the order and an e-mail address.")
        )
    call_off.state, call_off.answer_hours, call_off.sent_at = "sent", answer_hours, moment.now
    changed(call_off)
    after = {"number": call_off.number, "lines": len(lines), "answer_hours": answer_hours}
    record(session, "call_off.sent", "agency.call_off", call_off.id, after=after)
    ask_next(session, call_off, moment.now)
    return call_off


def end_call_off(
    session: TenantSession, call_off_id: UUID, moment: Moment, *, version: int, withdraw: bool
) -> CallOff:
    """End a call-off: nobody is asked any more, and what was confirmed stays.

    Withdrawn can be what nobody is confirmed for; mails on their way are not sent then. Raises `NotFound`,
    and `Conflict`.
    """
    call_off = as_seen(session, call_off_id, version)
    if call_off.state not in {"draft", "sent"}:
        raise Conflict(_("The call-off has ended already."))
    confirmed = (
        select(CallOffAnswer.id)
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .where(CallOffLine.call_off_id == call_off.id, CallOffAnswer.state == "confirmed")
    )
    if withdraw and session.scalar(confirmed.limit(1)) is not None:
        raise Conflict(_("Shifts are confirmed. End the call-off instead."))
    call_off.state, call_off.ended_at = "withdrawn" if withdraw else "closed", moment.now
    changed(call_off)
    for request in session.scalars(select(CallOffRequest).where(CallOffRequest.call_off_id == call_off.id)):
        request.state = "withdrawn" if request.state == "sent" else request.state
    after = {"number": call_off.number, "state": call_off.state}
    record(session, "call_off.ended", "agency.call_off", call_off.id, after=after)
    session.flush()
    return call_off


def get_call_off(session: TenantSession, call_off_id: UUID, *, lock: bool = False) -> CallOff:
    """Return a call-off, locked against others' changes if asked; raises `NotFound`."""
    return get_row(session, CallOff, call_off_id, _("There is no such call-off."), lock=lock)


def as_seen(session: TenantSession, call_off_id: UUID, version: int) -> CallOff:
    """Return a call-off, locked; raises `NotFound`, and `Conflict` where it has changed since it was seen."""
    call_off = get_call_off(session, call_off_id, lock=True)
    if call_off.version != version:
        raise Conflict(_("The call-off has changed meanwhile. This is what it says now."))
    return call_off


def draft(session: TenantSession, call_off_id: UUID, version: int) -> CallOff:
    """Return a draft as it was seen, locked; raises `NotFound` and `Conflict`."""
    call_off = as_seen(session, call_off_id, version)
    if call_off.state != "draft":
        raise Conflict(_("The call-off has been sent: its shifts stay as they are."))
    return call_off


def changed(call_off: CallOff) -> None:
    """Count a change of a call-off."""
    call_off.version, call_off.updated_at = call_off.version + 1, func.now()


def line_of(call_off_id: UUID, policy: Policy, priced: PricedShift, now: datetime) -> CallOffLine:
    """Return a priced shift as a line of a call-off; it is known since `now` where it does not say."""
    one = priced.wanted
    return CallOffLine(
        call_off_id=call_off_id,
        gap_id=one.gap_id,
        unit_id=one.unit_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        break_minutes=one.break_minutes,
        shift=one.shift,
        skill=one.skill,
        level=one.level,
        zone=priced.zone,
        people=one.people,
        max_price=policy.max_price,
        expected_price=priced.shift.price,
        prices={name: str(price) for name, price in priced.shift.prices.items()},
        known_at=one.known_at or now,
    )


def _add(session: TenantSession, call_off: CallOff, wanted: Sequence[WantedShift], moment: Moment) -> None:
    policy, pricer = policy_of(call_off), Pricer(session)
    own = select(func.count()).where(CallOffLine.call_off_id == call_off.id)
    if (session.scalar(own) or 0) + len(wanted) > MOST_LINES:
        raise Invalid(_("A call-off has at most %(most)s shifts.", most=MOST_LINES))
    if any(one.unit_id not in pricer.places for one in wanted):
        raise Invalid(_("Choose a unit in use."), {"unit_id": [_("Choose a unit in use.")]})
    if any(holds_identity_number(text) for one in wanted for text in (one.shift, one.skill or "", one.level)):
        raise Invalid(_("Personal identity numbers are not kept here."))
    for priced in pricer.judge(wanted, policy, moment.now, moment.zone):
        if priced.left_out is not None:
            when = priced.shift.starts_at.strftime("%Y-%m-%d %H:%M")
            raise Invalid(f"{priced.place.name}, {when}: {LEFT_OUT[priced.left_out]}")
        session.add(line_of(call_off.id, policy, priced, moment.now))
    session.flush()
