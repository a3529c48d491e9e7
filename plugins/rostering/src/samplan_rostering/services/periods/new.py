"""A new period by hand: its people, the standing rules, coverage by template, and what is carried on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from samplan.plugin_api import EARLIEST, LATEST, Invalid, TenantSession, _, record
from samplan_rostering.domain.coverage import Template
from samplan_rostering.domain.missing_skills import without_needed_skill
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.rule_setting import RuleSetting as RuleSettingValue
from samplan_rostering.domain.ward import RuleProfile
from samplan_rostering.models import (
    Contract,
    Employee,
    PeriodEmployee,
    RosterPeriod,
    RuleSetting,
    WardProfile,
)
from samplan_rostering.queries.employees.shares import percentages
from samplan_rostering.queries.outcome.balances import balances
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.coverage import coverage_plan
from samplan_rostering.queries.setup.profile import lines_of
from samplan_rostering.queries.setup.wards import shift_types_of
from samplan_rostering.services.outcome.edit import locked_outcome
from samplan_rostering.services.periods.carrying import carry_on, carry_planned
from samplan_rostering.services.setup.coverage import apply_plan

LONGEST = 366
AVERAGE = "average_ordinary"
WEEKS = range(4, 17)
"""Weeks that working time may be averaged over (AB § 13)."""


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """What is said of a new period; `weeks` None leaves the averaging to the standing profile."""

    first: date
    last: date
    name: str
    people: Collection[UUID]
    template: Template | None = None
    weeks: int | None = None
    carry: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A period that was made, and what of the periods before was carried on.

    `left_out` had no contract then; `unskilled` take part, and lack a skill for every requirement.
    """

    period: RosterPeriod
    left_out: tuple[str, ...]
    unskilled: tuple[str, ...] = ()
    shifts: int = 0
    balances: bool = False


def add_period(session: TenantSession, ward_id: UUID, new: NewPeriod, *, by_month: bool) -> Made:
    """Make a period of a ward that is locked; `by_month` tells by which limit overtime is watched.

    Raises:
        Invalid: dates that make no sense or meet another period, or nobody to roster.
    """
    _check(session, ward_id, new)
    people = session.scalars(
        select(Employee).where(Employee.id.in_(new.people)).order_by(Employee.name, Employee.code)
    ).all()
    employed = _employed(session, ward_id, people, new)
    if not employed:
        message = _("None of them has a contract in the ward on these dates.")
        raise Invalid(message, {"people": [message]})
    period = _period(session, ward_id, new)
    session.add_all(
        PeriodEmployee(period_id=period.id, employee_id=person.id, position=position)
        for position, person in enumerate(employed)
    )
    after = {"name": new.name, "start": new.first, "end": new.last, "employees": len(employed)}
    record(session, "period.added", "rostering.period", period.id, after=after)
    session.flush()
    if new.template is not None:
        apply_plan(session, period, coverage_plan(session, period, new.template, keep=False))
    left_out = tuple(person.name or person.code for person in people if person not in employed)
    shifts, told = _carried(session, period, by_month=by_month) if new.carry else (0, False)
    unskilled = without_needed_skill(ward_data(session, period.id))
    return Made(period, left_out, tuple(person.name or person.code for person in unskilled), shifts, told)


def latest_period(session: TenantSession, ward_id: UUID, before: date | None = None) -> RosterPeriod | None:
    """Return a ward's last period, or the last that ends before a date."""
    query = select(RosterPeriod).where(RosterPeriod.ward_id == ward_id)
    if before is not None:
        query = query.where(RosterPeriod.end_date < before)
    return session.scalar(query.order_by(RosterPeriod.end_date.desc(), RosterPeriod.id).limit(1))


def standing_lines(session: TenantSession, ward_id: UUID) -> tuple[RuleProfile, tuple[RuleSettingValue, ...]]:
    """Return a ward's standing rules: the figures, and the lines of what is not as usual."""
    stored = session.scalar(select(WardProfile).where(WardProfile.ward_id == ward_id))
    if stored is None:
        return RuleProfile(), ()
    return RuleProfile(**stored.rules), lines_of(stored.settings)


def _check(session: TenantSession, ward_id: UUID, new: NewPeriod) -> None:
    faults: dict[str, list[str]] = {}
    for name, on in (("first", new.first), ("last", new.last)):
        if not EARLIEST <= on <= LATEST:
            first, last = EARLIEST.isoformat(), LATEST.isoformat()
            faults[name] = [_("Give a date from %(first)s to %(last)s.", first=first, last=last)]
    if new.last < new.first:
        faults["last"] = [_("Not before %(date)s.", date=new.first.isoformat())]
    elif (new.last - new.first).days >= LONGEST:
        faults["last"] = [_("A period has at most %(days)s days.", days=LONGEST)]
    met = session.scalar(
        select(RosterPeriod)
        .where(
            RosterPeriod.ward_id == ward_id,
            RosterPeriod.start_date <= new.last,
            RosterPeriod.end_date >= new.first,
        )
        .limit(1)
    )
    if met is not None:
        start, end = met.start_date.isoformat(), met.end_date.isoformat()
        faults["first"] = [
            _("The ward has a period from %(start)s to %(end)s already.", start=start, end=end)
        ]
    if new.weeks is not None and new.weeks not in WEEKS:
        faults["weeks"] = [_("A number from %(low)s to %(high)s.", low=WEEKS[0], high=WEEKS[-1])]
    if faults:
        raise Invalid(_("The period cannot be like this."), faults)
    if not shift_types_of(session, ward_id):
        raise Invalid(_("The ward has no shift type. Add one first."))


def _employed(
    session: TenantSession, ward_id: UUID, people: Sequence[Employee], new: NewPeriod
) -> list[Employee]:
    """Return who has a contract of the ward on some date of the period."""
    contracts = session.scalars(
        select(Contract).where(
            Contract.employee_id.in_([person.id for person in people]),
            Contract.valid_from <= new.last,
            or_(Contract.valid_to.is_(None), Contract.valid_to >= new.first),
        )
    ).all()
    split = percentages(session, contracts, ward_id)
    here = {row.employee_id for row in contracts if row.id not in split or split[row.id] is not None}
    return [person for person in people if person.id in here]


def _period(session: TenantSession, ward_id: UUID, new: NewPeriod) -> RosterPeriod:
    rules, lines = standing_lines(session, ward_id)
    if new.weeks is not None:
        lines = _averaged(lines, new.weeks)
    period = RosterPeriod(
        ward_id=ward_id, start_date=new.first, end_date=new.last, name=new.name, rules=asdict(rules)
    )
    session.add(period)
    session.flush()
    session.add_all(
        RuleSetting(
            period_id=period.id,
            rule=line.rule,
            level=line.level.value,
            weight=line.weight,
            parameters=dict(line.parameters),
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            position=position,
        )
        for position, line in enumerate(lines)
    )
    return period


def _averaged(lines: tuple[RuleSettingValue, ...], weeks: int) -> tuple[RuleSettingValue, ...]:
    """Return the lines with ordinary working time averaged over so many weeks."""
    own = next((line for line in lines if line.rule == AVERAGE), RuleSettingValue(AVERAGE, Level.HARD))
    figures = dict(own.parameters) | {"weeks": str(weeks)}
    line = replace(own, level=Level.HARD, parameters=tuple(sorted(figures.items())))
    return (*(other for other in lines if other.rule != AVERAGE), line)


def _carried(session: TenantSession, period: RosterPeriod, *, by_month: bool) -> tuple[int, bool]:
    """Carry on from the ward's period before: what was worked with the balances, else what was rostered."""
    previous = latest_period(session, period.ward_id, period.start_date)
    if previous is None:
        return 0, False
    found = locked_outcome(session, previous.id)
    if found.worked and not found.unconfirmed:
        return carry_on(session, found, balances(session, found, by_month=by_month)).shifts, True
    return carry_planned(session, found, period), False
