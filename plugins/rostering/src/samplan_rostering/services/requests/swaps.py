"""Swapping shifts of a published roster: proposed by one, accepted by the other, approved by the manager.

The rules are checked before a swap is sent, when it is accepted and when it is approved; approving changes
the roster as any change by hand does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.swapping import SwapPlan
from samplan_rostering.labels import RULES
from samplan_rostering.models import Employee, PeriodEmployee, RosterPeriod, ShiftType, Swap
from samplan_rostering.queries.requests.swaps import published_desk, swap_effect
from samplan_rostering.queries.rosters.desks import Desk
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster

WAITING = ("proposed", "accepted")
TOLD = frozenset(
    {
        Rule.SHIFT_LENGTH,
        Rule.REST_AFTER_SHIFT,
        Rule.DAILY_REST,
        Rule.WEEKLY_REST,
        Rule.REST_AFTER_NIGHTS,
        Rule.QUICK_RETURN,
        Rule.CONSECUTIVE_DAYS,
        Rule.CONSECUTIVE_NIGHTS,
    }
)
"""Rules that are named when they stop a swap: they follow from shifts that the two know of each other, as
absences, wishes and hours do not."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Which shift is given to whom, and for the shift of which date; None for nothing."""

    given_on: date
    taker_id: UUID
    taken_on: date | None


def propose_swap(
    session: TenantSession, giver: Employee, period_id: UUID, offer: Offer, now: datetime
) -> Swap:
    """Propose a swap to a colleague, and return it.

    Raises:
        NotFound: the giver or the colleague does not take part in such a period.
        Invalid: it cannot be made by the rules, or not any more.
        Conflict: the roster is not published, or one of the shifts is in another swap that waits.
    """
    taker = session.get(Employee, (session.tenant_id, offer.taker_id))
    if taker is None or not _take_part(session, period_id, {giver.id, taker.id}):
        raise NotFound(_("There is no such colleague in the period."))
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    desk = _desk(session, period_id)
    if _in_another(session, period_id, {giver.id, taker.id}, {offer.given_on, offer.taken_on}):
        raise Conflict(_("One of these shifts is in another swap that waits for an answer."))
    swap = Swap(
        period_id=period_id,
        giver_id=giver.id,
        given_on=offer.given_on,
        taker_id=taker.id,
        taken_on=offer.taken_on,
        proposed_at=now,
    )
    changes = _changes(desk, giver, taker, swap, desk.date_of(now))
    shifts = dict(
        session.execute(select(ShiftType.code, ShiftType.id).where(ShiftType.ward_id == period.ward_id)).all()
    )
    before = {(change.employee, desk.ward.period.date_of(change.day)): change.before for change in changes}
    swap.given_shift_id = shifts[before[giver.code, offer.given_on]]
    if offer.taken_on is not None:
        swap.taken_shift_id = shifts[before[taker.code, offer.taken_on]]
    session.add(swap)
    session.flush()
    record(session, "swap.proposed", "rostering.swap", swap.id)
    return swap


def answer_swap(
    session: TenantSession, taker: Employee, swap_id: UUID, *, accept: bool, now: datetime
) -> Swap:
    """Accept or decline a swap that one was asked for; raises as `propose_swap` does."""
    swap = _locked(session, swap_id)
    if swap.taker_id != taker.id:
        raise NotFound(_("There is no such swap."))
    _expect(swap, ("proposed",))
    if accept:
        giver, desk = (
            session.get_one(Employee, (session.tenant_id, swap.giver_id)),
            _desk(session, swap.period_id),
        )
        _expect_shifts(session, desk, giver, taker, swap)
        _changes(desk, giver, taker, swap, desk.date_of(now))
    swap.state, swap.answered_at = "accepted" if accept else "declined", now
    session.flush()
    if accept:
        record(session, "swap.accepted", "rostering.swap", swap.id)
    else:
        record(session, "swap.declined", "rostering.swap", swap.id)
    return swap


def withdraw_swap(session: TenantSession, giver: Employee, swap_id: UUID, now: datetime) -> None:
    """Take back a swap of one's own that is not decided; raises `NotFound` and `Conflict`."""
    swap = _locked(session, swap_id)
    if swap.giver_id != giver.id:
        raise NotFound(_("There is no such swap."))
    _expect(swap, WAITING)
    swap.state, swap.decided_at = "withdrawn", now
    session.flush()
    record(session, "swap.withdrawn", "rostering.swap", swap.id)


def decide_swap(
    session: TenantSession, swap_id: UUID, *, approve: bool, account_id: UUID, now: datetime
) -> Swap:
    """Approve a swap that both have agreed to, which changes the roster, or reject it.

    Raises:
        NotFound: no such swap.
        Invalid: it cannot be made any more by the rules or the roster.
        Conflict: it does not wait for a decision, or whoever decides takes part in it.
    """
    swap = _locked(session, swap_id)
    _expect(swap, ("accepted",))
    giver = session.get_one(Employee, (session.tenant_id, swap.giver_id))
    taker = session.get_one(Employee, (session.tenant_id, swap.taker_id))
    if account_id in {giver.account_id, taker.account_id}:
        raise Conflict(_("Somebody else must decide on your own swap."))
    if approve:
        desk = _desk(session, swap.period_id)
        _expect_shifts(session, desk, giver, taker, swap)
        changes = _changes(desk, giver, taker, swap, desk.date_of(now))
        on = desk.ward.period.date_of
        wanted = [Wanted(change.employee, on(change.day), change.after) for change in changes]
        editor = Editor(account_id, now, desk.roster.version, _("Swap that both have agreed to"))
        edit_roster(session, desk.roster.id, editor, wanted)
    swap.state, swap.decided_at = "approved" if approve else "rejected", now
    session.flush()
    if approve:
        record(session, "swap.approved", "rostering.swap", swap.id)
    else:
        record(session, "swap.rejected", "rostering.swap", swap.id)
    return swap


def _changes(desk: Desk, giver: Employee, taker: Employee, swap: Swap, today: date) -> tuple[CellChange, ...]:
    """Return the cells that a swap changes, checked by the rules; raises `Invalid`."""
    dates = {swap.given_on, swap.taken_on} - {None}
    if any(on is not None and on <= today for on in dates):
        raise Invalid(_("Only shifts from tomorrow on are swapped."))
    day_of = desk.ward.period.day_of
    taken_day = None if swap.taken_on is None else day_of(swap.taken_on)
    effect = swap_effect(desk, SwapPlan(giver.code, day_of(swap.given_on), taker.code, taken_day))
    if effect is None:
        raise Invalid(
            _("The shifts cannot be swapped: the roster has changed, or somebody would work twice.")
        )
    if effect.broken or effect.opened:
        raise Invalid(_why_not(desk, effect, {row.code: row.name or row.code for row in (giver, taker)}))
    return effect.changes


def _why_not(desk: Desk, effect: Effect, names: Mapping[str, str]) -> str:
    """Return why a swap is refused, without what the two may not know of one another."""
    on = desk.ward.period.date_of
    for broken in effect.broken:
        if broken.rule in TOLD and broken.employee in names and broken.day is not None:
            return _(
                "The swap breaks a rule for %(name)s on %(date)s: %(rule)s.",
                name=names[broken.employee],
                date=on(broken.day).isoformat(),
                rule=RULES[Rule(broken.rule)],
            )
    if effect.broken:
        return _("The swap breaks a rule. Ask your ward manager, or choose another shift.")
    gap = effect.opened[0]
    return _(
        "The swap leaves too few people for %(shift)s on %(date)s.",
        shift=gap.shift,
        date=on(gap.day).isoformat(),
    )


def _expect_shifts(session: TenantSession, desk: Desk, giver: Employee, taker: Employee, swap: Swap) -> None:
    """Refuse a swap of shifts that are others by now than when it was proposed; raises `Invalid`."""
    day_of = desk.ward.period.day_of
    expected = {(giver.code, swap.given_on): swap.given_shift_id}
    if swap.taken_on is not None and swap.taken_shift_id is not None:
        expected[taker.code, swap.taken_on] = swap.taken_shift_id
    codes = dict(
        session.execute(select(ShiftType.id, ShiftType.code).where(ShiftType.id.in_(expected.values()))).all()
    )
    if any(desk.rows.get((code, day_of(on))) != codes[shift] for (code, on), shift in expected.items()):
        raise Invalid(_("The roster has changed since the swap was proposed."))


def _desk(session: TenantSession, period_id: UUID) -> Desk:
    desk = published_desk(session, period_id)
    if desk is None:
        raise Conflict(_("Shifts are swapped in a published roster only."))
    return desk


def _locked(session: TenantSession, swap_id: UUID) -> Swap:
    swap = session.get(Swap, (session.tenant_id, swap_id))
    if swap is None:
        raise NotFound(_("There is no such swap."))
    # The period first, in the order in which changes of a roster take them.
    session.get_one(RosterPeriod, (session.tenant_id, swap.period_id), with_for_update=True)
    return session.get_one(Swap, (session.tenant_id, swap_id), with_for_update=True, populate_existing=True)


def _expect(swap: Swap, states: Collection[str]) -> None:
    if swap.state not in states:
        raise Conflict(_("The swap has been answered, decided or withdrawn already."))


def _take_part(session: TenantSession, period_id: UUID, people: set[UUID]) -> bool:
    query = select(PeriodEmployee.employee_id).where(
        PeriodEmployee.period_id == period_id, PeriodEmployee.employee_id.in_(people)
    )
    return set(session.scalars(query)) == people


def _in_another(session: TenantSession, period_id: UUID, people: set[UUID], dates: set[date | None]) -> bool:
    """Tell whether a cell of these people and dates is in a swap that waits."""
    query = select(Swap.id).where(
        Swap.period_id == period_id,
        Swap.state.in_(WAITING),
        or_(Swap.giver_id.in_(people), Swap.taker_id.in_(people)),
        or_(Swap.given_on.in_(dates - {None}), Swap.taken_on.in_(dates - {None})),
    )
    return session.scalar(query.limit(1)) is not None
