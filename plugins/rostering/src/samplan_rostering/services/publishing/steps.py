"""The steps of a period to publication and back: each checked, kept with its words, and audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import update

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.publication import (
    WAYS,
    Step,
    changed_cells,
    is_late,
    lead_days,
    may_follow,
    seal,
)
from samplan_rostering.models import PeriodStep, Publication, PublicationShift, Roster
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.publishing.publications import (
    Standing,
    decided_version,
    frozen_shifts,
    get_period,
    newest_publication,
    standing_of,
)
from samplan_rostering.queries.rosters.plan import Plan, roster_plan
from samplan_rostering.queries.rosters.stored import period_roster
from samplan_rostering.services.publishing.telling import tell_published

LONGEST_TEXT = 2000

_DONE = MappingProxyType(
    {
        Step.CONSULT: "period.consulted_on",
        Step.WITHDRAW: "period.consultation_withdrawn",
        Step.DECIDE: "period.decided",
        Step.REOPEN: "period.reopened",
        Step.PUBLISH: "period.published",
    }
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who takes a step, when, with which words, and what was seen before: the mark of the situation."""

    by: UUID
    now: datetime
    seen: str
    comment: str = ""


def send_to_consultation(session: TenantSession, period_id: UUID, roster_id: UUID, act: Act) -> None:
    """Choose a roster of the period, and let people say what they think of it.

    Raises `NotFound` for another period's roster, and `Conflict` when the period stands elsewhere by now.
    """
    before = _begin(session, period_id, Step.CONSULT, act)
    roster = get_roster(session, roster_id)
    if roster.period_id != period_id:
        raise Invalid(
            _("The roster is not one of this period."), {"roster": [_("Choose a roster of this period.")]}
        )
    # One after the other: of a period at most one roster is chosen at any moment.
    session.execute(update(Roster).where(Roster.period_id == period_id, Roster.chosen).values(chosen=False))
    session.execute(
        update(Roster)
        .where(Roster.tenant_id == session.tenant_id, Roster.id == roster.id)
        .values(chosen=True)
    )
    session.expire(roster)
    _take(session, before, Step.CONSULT, roster, act, breaches=_breaches(session, roster))


def withdraw_consultation(session: TenantSession, period_id: UUID, act: Act) -> None:
    """Take the roster back to the draft."""
    before = _begin(session, period_id, Step.WITHDRAW, act)
    _take(session, before, Step.WITHDRAW, _chosen(before), act)


def decide(session: TenantSession, period_id: UUID, act: Act, *, accepts: bool = False) -> None:
    """Decide on the roster that was consulted on.

    Raises:
        Invalid: it breaks hard rules, and this is not accepted with a reason (`accepts`, the comment).
        Conflict: the period stands elsewhere by now.
    """
    before = _begin(session, period_id, Step.DECIDE, act)
    roster = _chosen(before)
    breaches = _accepted(session, roster, act, accepts=accepts)
    _take(session, before, Step.DECIDE, roster, act, breaches=breaches)


def reopen(session: TenantSession, period_id: UUID, act: Act) -> None:
    """Take a decided or published period back to consultation; what was published stays in force.

    Raises `Invalid` without a reason.
    """
    before = _begin(session, period_id, Step.REOPEN, act)
    if not act.comment.strip():
        raise Invalid(_("Say why."), {"comment": [_("Say why the period is opened again.")]})
    _take(session, before, Step.REOPEN, _chosen(before), act)


def publish(
    session: TenantSession,
    period_id: UUID,
    act: Act,
    *,
    today: date,
    notice_days: int,
    accepts: bool = False,
) -> Publication:
    """Freeze the chosen roster as the period's next publication.

    The notice is counted to the period's first date, or to the first that is changed by publishing again.

    Raises:
        Invalid: the notice is shorter than `notice_days` and no reason is given, or the roster was changed
            after the last publication, breaks hard rules, and this is not accepted with a reason.
        Conflict: the period stands elsewhere by now, the roster was changed after the decision, or nothing
            was changed since it was published.
    """
    before = _begin(session, period_id, Step.PUBLISH, act)
    roster, last = _chosen(before), newest_publication(session, period_id)
    again = last is not None and before.state == WAYS[Step.PUBLISH].target
    if not again and decided_version(session, period_id) != roster.version:
        raise Conflict(_("The roster was changed after the decision. Open the period again and decide."))
    plan = roster_plan(session, period_id, roster.id)
    changed = changed_cells(frozen_shifts(session, last.id), plan.frozen) if last else []
    if again and not changed:
        raise Conflict(_("Nothing was changed since the roster was published."))
    breaches = _accepted(session, roster, act, accepts=accepts) if again else 0
    first = changed[0][1] if changed else before.period.start_date
    lead = lead_days(today, first)
    publication = _publication(roster, last, act)
    publication.first_date, publication.lead_days = first, lead
    publication.notice_days, publication.reason = notice_days, _reason(act, lead, notice_days)
    publication.changed_cells = len(changed)
    _freeze(session, publication, plan)
    _take(session, before, Step.PUBLISH, roster, act, breaches=breaches, publication=publication)
    tell_published(session, publication, {employee for employee, _on in changed}, len(changed))
    return publication


def _publication(roster: Roster, last: Publication | None, act: Act) -> Publication:
    """Return the next publication of a roster's period, before its notice and seal are known."""
    return Publication(
        period_id=roster.period_id,
        number=(last.number if last else 0) + 1,
        roster_id=roster.id,
        roster_version=roster.version,
        published_at=act.now,
        published_by=act.by,
    )


def _freeze(session: TenantSession, publication: Publication, plan: Plan) -> None:
    """Write the publication with its shifts and their seal."""
    publication.sha256 = seal(publication.period_id, publication.number, plan.frozen)
    session.add(publication)
    session.flush()
    session.add_all(
        PublicationShift(
            publication_id=publication.id,
            employee_id=shift.frozen.employee_id,
            on_date=shift.frozen.on,
            unit_code=shift.frozen.unit,
            shift_code=shift.frozen.shift,
            shift_name=shift.name,
            shift_kind=shift.kind,
            starts_at=shift.frozen.starts_at,
            ends_at=shift.frozen.ends_at,
            break_minutes=shift.frozen.break_minutes,
            paid_minutes=shift.frozen.paid_minutes,
            on_call_minutes=shift.frozen.on_call_minutes,
            standby_minutes=shift.frozen.standby_minutes,
        )
        for shift in plan.shifts
    )
    session.flush()


def _begin(session: TenantSession, period_id: UUID, step: Step, act: Act) -> Standing:
    """Lock the period, and return where it stands; somebody else may have been there first."""
    before = standing_of(session, get_period(session, period_id, lock=True))
    if act.seen != before.mark:
        raise Conflict(_("Somebody has been here meanwhile. Look at what is there now, and choose again."))
    if not may_follow(step, before.state):
        raise Conflict(_("The period does not stand where this can be done."))
    if len(act.comment) > LONGEST_TEXT:
        long = _("Write at most %(n)s characters.", n=LONGEST_TEXT)
        raise Invalid(long, {"comment": [long]})
    return before


def _chosen(before: Standing) -> Roster:
    if before.roster is None:
        raise Conflict(_("No roster of the period is chosen."))
    return before.roster


def _breaches(session: TenantSession, roster: Roster) -> int:
    """Return how many hard rules a roster breaks against the input of today."""
    if roster.period_id is None:
        raise Conflict(_("A benchmark problem's roster is not published."))
    return len(period_roster(session, roster, roster.period_id, private=True).check.breaches)


def _accepted(session: TenantSession, roster: Roster, act: Act, *, accepts: bool) -> int:
    """Return how many hard rules are broken; there is none, or it is accepted and said why."""
    breaches = _breaches(session, roster)
    if breaches and not accepts:
        raise Invalid(
            _("The roster breaks hard rules."),
            {"accepts": [_("The roster breaks hard rules. Correct it, or accept this and say why.")]},
        )
    if breaches and not act.comment.strip():
        raise Invalid(_("Say why."), {"comment": [_("Say why the broken rules are accepted.")]})
    return breaches


def _reason(act: Act, lead: int, notice_days: int) -> str:
    reason = act.comment.strip()
    if is_late(lead, notice_days) and not reason:
        told = _(
            "It is published %(lead)s days before the first date; the notice is %(notice)s days. Say why.",
            lead=lead,
            notice=notice_days,
        )
        raise Invalid(told, {"comment": [told]})
    return reason


def _take(
    session: TenantSession,
    before: Standing,
    step: Step,
    roster: Roster,
    act: Act,
    *,
    breaches: int = 0,
    publication: Publication | None = None,
) -> None:
    """Put the period into its new state, and keep and record that."""
    target = WAYS[step].target
    comment = act.comment.strip()
    session.add(
        PeriodStep(
            period_id=before.period.id,
            step=step.value,
            from_state=before.state.value,
            to_state=target.value,
            roster_id=roster.id,
            roster_version=roster.version,
            breaches=breaches,
            comment=comment,
            at=act.now,
            by=act.by,
        )
    )
    before.period.state = target.value
    session.flush()
    _record(session, before, step, roster, comment=comment, breaches=breaches, publication=publication)


def _record(
    session: TenantSession,
    before: Standing,
    step: Step,
    roster: Roster,
    *,
    comment: str,
    breaches: int,
    publication: Publication | None,
) -> None:
    state = WAYS[step].target.value
    told: dict[str, object] = {"state": state, "roster": roster.number, "version": roster.version}
    if breaches:
        told["broken_rules"] = breaches
    if publication is not None:
        told |= {"publication": publication.number, "lead_days": publication.lead_days}
    record(
        session,
        _DONE[step],
        "rostering.period",
        before.period.id,
        before={"state": before.state.value},
        after=told | {"comment": comment},
        personal=("comment",),
    )
