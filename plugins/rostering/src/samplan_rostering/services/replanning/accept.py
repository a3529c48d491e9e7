"""Accepting a re-planned roster: the news become input, and the roster stands beside the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, new_id, record
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.news import News, applied
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import AbsenceKind, DatedRequirement, WardData
from samplan_rostering.models import (
    Absence,
    Employee,
    PeriodEmployee,
    Requirement,
    Roster,
    RosterPeriod,
    ShiftType,
    Skill,
)
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.replanning import Situation, preview, situation
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.publishing.telling import tell_changed
from samplan_rostering.services.rosters.stored import assignment_rows

CONSENTED = frozenset({Rule.HOURS_MAX})
"""Rules that somebody may agree to break: to work beyond the contract's hours."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What somebody accepts: the news, the changes, the roster that they saw, and how it is recorded."""

    news: News
    changes: Collection[CellChange]
    seen: str
    kind: AbsenceKind = AbsenceKind.SICK
    consent: bool = False
    run_id: UUID | None = None


def accept_replan(session: TenantSession, roster_id: UUID, accepted: Accepted, today: date) -> Roster:
    """Record who is away and what is needed, and store the changed roster as a new one of its period.

    Of a published period the new roster is the chosen one where the old was: it is to be published again.

    Raises:
        NotFound: no such roster, or one that cannot be re-planned.
        Conflict: the roster or its input is another by now, or the roster has been decided.
        Invalid: the changes break a rule that nobody can agree to break, or make no sense.
    """
    roster, period = _locked(session, roster_id)
    case = situation(session, roster, accepted.news, today)
    if str(case.mark) != accepted.seen:
        raise Conflict(_("The roster or its input has changed meanwhile. Nothing has been saved."))
    if period.state == "decided":
        raise Conflict(_("The roster has been decided. Reopen the period before you change it."))
    _check(case, accepted)
    _record_absences(session, period, accepted)
    _record_needs(session, period, accepted.news.needs)
    period.version, period.updated_at = period.version + 1, func.now()
    session.flush()
    return _store(session, case, roster, period, accepted)


def _locked(session: TenantSession, roster_id: UUID) -> tuple[Roster, RosterPeriod]:
    """Return the roster and its period, locked against others; the period first, as others take the two."""
    period_id = session.scalar(select(Roster.period_id).where(Roster.id == roster_id))
    if period_id is None:
        raise NotFound(_("There is no such roster."))
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    roster = session.get_one(
        Roster, (session.tenant_id, roster_id), with_for_update=True, populate_existing=True
    )
    return roster, period


def _check(case: Situation, accepted: Accepted) -> None:
    try:
        shown = preview(case, accepted.changes)
    except ValueError:
        raise Invalid(_("The changes do not fit the roster. Ask again.")) from None
    broken = {violation.rule for violation in shown.effect.broken}
    if broken - CONSENTED:
        raise Invalid(_("The changes break a rule. Nothing has been saved."))
    if broken and not accepted.consent:
        message = _("Say that they have agreed to work beyond the contract's hours.")
        raise Invalid(message, {"consent": [message]})


def _record_absences(session: TenantSession, period: RosterPeriod, accepted: Accepted) -> None:
    """Add who is away; the audit trail tells whose absences are others than before, and not which."""
    for away in accepted.news.away:
        employee_id = session.scalars(
            select(Employee.id)
            .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
            .where(PeriodEmployee.period_id == period.id, Employee.code == away.employee)
        ).one()
        own = Absence.employee_id == employee_id
        known = own, Absence.first_date <= away.first, Absence.last_date >= away.last
        same = (Absence.start_time == away.start) & (Absence.end_time == away.end)
        if session.scalar(select(Absence.id).where(*known, Absence.start_time.is_(None) | same).limit(1)):
            continue
        last = session.scalar(select(func.max(Absence.position)).where(own))
        session.add(
            Absence(
                employee_id=employee_id,
                first_date=away.first,
                last_date=away.last,
                start_time=away.start,
                end_time=away.end,
                kind=accepted.kind.value,
                position=0 if last is None else last + 1,
            )
        )
        record(
            session,
            "employee.changed",
            "rostering.employee",
            employee_id,
            before={"absences": None},
            after={"absences": [away.first.isoformat(), away.last.isoformat()]},
            personal=("absences",),
        )


def _record_needs(session: TenantSession, period: RosterPeriod, needs: Collection[DatedRequirement]) -> None:
    """Let what is needed take the place of what was asked for on the same date and shift."""
    for need in needs:
        row = _requirement(session, period, need)
        before = None
        if row.id is None:
            session.add(row)
        else:
            before = {"minimum": row.minimum, "target": row.target, "maximum": row.maximum}
        row.minimum, row.target, row.maximum = need.minimum, need.target, need.maximum
        row.from_template = False
        after = {"minimum": row.minimum, "target": row.target, "maximum": row.maximum}
        place = {"on": need.date, "shift": need.shift, "skill": need.skill}
        record(session, "period.need_set", "rostering.period", period.id, before=before, after=after | place)


def _requirement(session: TenantSession, period: RosterPeriod, need: DatedRequirement) -> Requirement:
    """Return the period's own requirement of a date and shift, a new one where there is none."""
    shifts = select(ShiftType.id).where(ShiftType.ward_id == period.ward_id, ShiftType.code == need.shift)
    skills = select(Skill.id).where(Skill.ward_id == period.ward_id, Skill.code == need.skill)
    shift_id, skill_id = session.scalars(shifts).one(), session.scalar(skills)
    own = Requirement.period_id == period.id
    found = session.scalar(
        select(Requirement).where(
            own,
            Requirement.on_date == need.date,
            Requirement.shift_type_id == shift_id,
            Requirement.skill_id.is_not_distinct_from(skill_id),
        )
    )
    last = session.scalar(select(func.max(Requirement.position)).where(own))
    return found or Requirement(
        period_id=period.id,
        weekday=None,
        on_date=need.date,
        shift_type_id=shift_id,
        skill_id=skill_id,
        position=(last or 0) + 1,
    )


def _store(
    session: TenantSession, case: Situation, old: Roster, period: RosterPeriod, accepted: Accepted
) -> Roster:
    """Store the changed roster as the period's next; it is chosen where the old one was."""
    ward = ward_data(session, period.id)
    changes = {*case.lost, *accepted.changes}
    cells = applied(case.found.cells, changes)
    roster = _priced(session, case, old, ward, cells)
    # Guests of an internal unit are found by the run that placed them.
    roster.run_id = old.run_id if case.found.stands.guests else accepted.run_id
    chosen = old.chosen and period.state == "published"
    if chosen:
        old.chosen = False
    session.add(roster)
    session.flush()
    roster.chosen = chosen
    session.add_all(assignment_rows(session, roster, ward, cells))
    after = {"number": roster.number, "objective": roster.objective, "based_on": old.number}
    after |= {"changes": len(changes), "chosen": chosen}
    record(session, "roster.replanned", "rostering.roster", roster.id, after=after)
    session.flush()
    _tell(session, roster, changes)
    return roster


def _tell(session: TenantSession, roster: Roster, changes: Collection[CellChange]) -> None:
    """Tell whose shifts are others now, where the roster is in force."""
    codes = {change.employee for change in changes}
    people = session.scalars(select(Employee.id).where(Employee.code.in_(codes))).all()
    now = session.scalars(select(func.now())).one()
    tell_changed(session, roster, people, len(changes), now)


def _priced(
    session: TenantSession, case: Situation, old: Roster, ward: WardData, cells: tuple[Assignment, ...]
) -> Roster:
    """Return the new roster without its assignments, judged by the input that it is for."""
    evaluation = evaluate_ward(ward, cells, case.found.stands.guests)
    numbers = select(func.max(Roster.number)).where(Roster.period_id == old.period_id)
    return Roster(
        id=new_id(),
        period_id=old.period_id,
        number=(session.scalar(numbers) or 0) + 1,
        origin="replanned",
        based_on_id=old.id,
        status="feasible",
        objective=evaluation.objective,
        bound=None,
        breakdown={term.value: points for term, points in evaluation.breakdown.items()},
        seconds=0.0,
        seed=old.seed,
        versions={},
        input_hash=input_hash(ward),
    )
