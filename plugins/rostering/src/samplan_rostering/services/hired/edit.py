"""Those who are hired for a period: added, changed, taken away. Their supplier's reference names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering.domain.ward import DEFAULT_DAY_BREAK
from samplan_rostering.models import (
    Assignment,
    Employee,
    EmployeeSkill,
    HistoryShift,
    Lock,
    PeriodEmployee,
    Roster,
    RosterPeriod,
    RuleSetting,
    Skill,
)
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.employees.edit import refuse_identity_numbers
from samplan_rostering.services.hired.history import look_back
from samplan_rostering.services.setup.changes import periods_of_person

PERSONAL = ("supplier", "profession", "skills", "dates", "most_minutes")
"""What the audit trail tells as changed, never by value."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """What somebody is hired for in a period; the dates are inclusive, None is the period's.

    The skills are ids of the ward's, valid to `skills_until`. `most_minutes` is the most in the period.
    """

    profession: str
    skills: tuple[UUID, ...]
    skills_until: date | None = None
    first: date | None = None
    last: date | None = None
    most_minutes: int | None = None


def add_hired(
    session: TenantSession, period_id: UUID, supplier: str, reference: str, wanted: Engagement
) -> Employee:
    """Let somebody from a supplier be rostered in a period; the reference is found again in later periods.

    Raises:
        NotFound: no such period.
        Conflict: the roster has been decided.
        Invalid: the reference is somebody else's or takes part already, or a value is none.
    """
    period, before = _opened(session, period_id)
    refuse_identity_numbers({"supplier": supplier, "reference": reference, "profession": wanted.profession})
    _check(session, period, wanted)
    person = session.scalar(select(Employee).where(Employee.code == reference).with_for_update())
    if person is None:
        person = Employee(code=reference, name="", supplier=supplier, day_break=DEFAULT_DAY_BREAK)
        person.profession = wanted.profession
        session.add(person)
        session.flush()
    elif person.supplier != supplier:
        message = _("%(code)s is somebody else already. Give another id.", code=reference)
        raise Invalid(message, {"reference": [message]})
    if session.scalar(_part(period_id, person.id)) is not None:
        message = _("%(code)s takes part in the period already.", code=reference)
        raise Invalid(message, {"reference": [message]})
    of_period = PeriodEmployee.period_id == period_id
    last = session.scalar(select(func.max(PeriodEmployee.position)).where(of_period))
    part = PeriodEmployee(
        period_id=period_id, employee_id=person.id, position=0 if last is None else last + 1
    )
    session.add(part)
    session.flush()
    look_back(session, period, {person.id})
    _set(session, period, person, part, wanted)
    after = {"supplier": supplier, **_values(wanted)}
    record(session, "hired.added", "rostering.hired", person.id, after=after, personal=PERSONAL)
    _note_change(session, period, before)
    return person


def change_hired(
    session: TenantSession, period_id: UUID, employee_id: UUID, wanted: Engagement, *, version: int
) -> Employee:
    """Change what somebody is hired for in a period.

    Raises `NotFound` for whom is not hired for it, `Conflict` where the period is newer than `version` or
    decided, and `Invalid` for a value that is none.
    """
    period, _before = _opened(session, period_id)
    person, part = _hired(session, period_id, employee_id)
    _expect(period, version)
    refuse_identity_numbers({"profession": wanted.profession})
    _check(session, period, wanted)
    former = _values(engagement(session, period, person, part))
    _set(session, period, person, part, wanted)
    after = _values(wanted)
    record(
        session, "hired.changed", "rostering.hired", person.id, before=former, after=after, personal=PERSONAL
    )
    _note_change(session, period, None)  # what somebody counts for may be another
    return person


def remove_hired(session: TenantSession, period_id: UUID, employee_id: UUID, *, version: int) -> None:
    """Let somebody be hired for a period no more; raises `Conflict` too while somebody has shifts."""
    period, before = _opened(session, period_id)
    person, part = _hired(session, period_id, employee_id)
    _expect(period, version)
    rosters = select(Roster.id).where(Roster.period_id == period_id)
    works = select(Assignment.id).where(
        Assignment.employee_id == person.id, Assignment.roster_id.in_(rosters)
    )
    if session.scalar(works.limit(1)) is not None:
        raise Conflict(_("%(code)s has shifts in the period. Set the last date instead.", code=person.code))
    for model in (Lock, HistoryShift):
        session.execute(delete(model).where(model.period_id == period_id, model.employee_id == person.id))
    named = or_(RuleSetting.employee_id == person.id, RuleSetting.other_employee_id == person.id)
    session.execute(delete(RuleSetting).where(RuleSetting.period_id == period_id, named))
    former = _values(engagement(session, period, person, part))
    record(session, "hired.removed", "rostering.hired", person.id, before=former, personal=PERSONAL)
    session.delete(part)
    _note_change(session, period, before)


def engagement(
    session: TenantSession, period: RosterPeriod, person: Employee, part: PeriodEmployee
) -> Engagement:
    """Return what somebody is hired for in a period."""
    rows = session.execute(
        select(EmployeeSkill.skill_id, EmployeeSkill.valid_to)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(EmployeeSkill.employee_id == person.id, Skill.ward_id == period.ward_id)
        .order_by(Skill.position)
    ).all()
    return Engagement(
        profession=person.profession,
        skills=tuple(skill for skill, _until in rows),
        skills_until=next((until for _skill, until in rows if until), None),
        first=part.hired_from,
        last=part.hired_to,
        most_minutes=part.most_minutes,
    )


def _opened(session: TenantSession, period_id: UUID) -> tuple[RosterPeriod, str]:
    """Return the period, locked against others, and the mark of its input."""
    period = session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    if period is None:
        raise NotFound(_("There is no such roster period."))
    if period.state == "decided":
        raise Conflict(_("The roster has been decided. Reopen the period before you change it."))
    return period, input_hash(ward_data(session, period_id))


def _expect(period: RosterPeriod, version: int) -> None:
    if period.version != version:
        raise Conflict(_("The period has changed meanwhile. This is what it says now."))


def _hired(session: TenantSession, period_id: UUID, employee_id: UUID) -> tuple[Employee, PeriodEmployee]:
    person = session.scalar(
        select(Employee).where(Employee.id == employee_id, Employee.supplier.is_not(None))
    )
    part = session.scalar(_part(period_id, employee_id))
    if person is None or part is None:
        raise NotFound(_("There is nobody like that who is hired for the period."))
    return person, part


def _part(period_id: UUID, employee_id: UUID) -> Any:
    return select(PeriodEmployee).where(
        PeriodEmployee.period_id == period_id, PeriodEmployee.employee_id == employee_id
    )


def _check(session: TenantSession, period: RosterPeriod, wanted: Engagement) -> None:
    faults: dict[str, list[str]] = {}
    first, last = wanted.first or period.start_date, wanted.last or period.end_date
    if last < first:
        faults["last"] = [_("Not before %(date)s.", date=first.isoformat())]
    elif last < period.start_date or first > period.end_date:
        start, end = period.start_date.isoformat(), period.end_date.isoformat()
        faults["first"] = [_("Give a date from %(first)s to %(last)s.", first=start, last=end)]
    own = select(Skill.id).where(Skill.ward_id == period.ward_id, Skill.id.in_(wanted.skills))
    if len(session.scalars(own).all()) != len(wanted.skills):
        faults["skills"] = [_("Choose skills of the ward.")]
    if faults:
        raise Invalid(next(iter(faults.values()))[0], faults)


def _set(
    session: TenantSession, period: RosterPeriod, person: Employee, part: PeriodEmployee, wanted: Engagement
) -> None:
    former = engagement(session, period, person, part)
    person.profession = wanted.profession
    part.hired_from, part.hired_to, part.most_minutes = wanted.first, wanted.last, wanted.most_minutes
    of_ward = select(Skill.id).where(Skill.ward_id == period.ward_id)
    held = EmployeeSkill.employee_id == person.id, EmployeeSkill.skill_id.in_(of_ward)
    session.execute(delete(EmployeeSkill).where(*held))
    session.add_all(
        EmployeeSkill(employee_id=person.id, skill_id=skill, valid_to=wanted.skills_until, position=position)
        for position, skill in enumerate(wanted.skills)
    )
    if _counts_for(former) != _counts_for(wanted):
        _note_others(session, period, person, everywhere=former.profession != wanted.profession)


def _counts_for(value: Engagement) -> tuple[str, frozenset[UUID], date | None]:
    """Return what is the person's and not the period's: another value is one in every period."""
    return value.profession, frozenset(value.skills), value.skills_until if value.skills else None


def _note_others(session: TenantSession, period: RosterPeriod, person: Employee, *, everywhere: bool) -> None:
    """Count the change of the person's other periods, in the ward or in every ward, as one of their input."""
    others = set(periods_of_person(session, person.id)) - {period.id}
    here = RosterPeriod.id.in_(others) & (everywhere or RosterPeriod.ward_id == period.ward_id)
    session.execute(
        update(RosterPeriod).where(here).values(version=RosterPeriod.version + 1, updated_at=func.now()),
        execution_options={"synchronize_session": "fetch"},
    )


def _values(value: Engagement) -> dict[str, Any]:
    return {
        "profession": value.profession,
        "skills": [str(skill) for skill in value.skills],
        "dates": [str(day) for day in (value.first, value.last, value.skills_until)],
        "most_minutes": value.most_minutes,
    }


def _note_change(session: TenantSession, period: RosterPeriod, before: str | None) -> None:
    """Count the change of the input; rosters of the one marked `before` cost the same and stay comparable."""
    period.version, period.updated_at = period.version + 1, func.now()
    session.flush()
    if before is None:
        return
    session.execute(
        update(Roster)
        .where(Roster.period_id == period.id, Roster.input_hash == before)
        .values(input_hash=input_hash(ward_data(session, period.id))),
        execution_options={"synchronize_session": "fetch"},
    )
