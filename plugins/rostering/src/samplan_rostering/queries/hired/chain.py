"""Who can take a shift that lacks people: own staff, then internal units; and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.domain.evaluation import Violation
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.outcome import YEAR_LIMIT, split_extra
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Contract, Employee, WardData, WishKind
from samplan_rostering.domain.ward import ShiftType as ShiftValue
from samplan_rostering.models import CallOffLine, Roster, RosterPeriod, Skill, Ward
from samplan_rostering.queries.hired.calloff import Line, call_off_lines
from samplan_rostering.queries.outcome.days import outcome
from samplan_rostering.queries.outcome.works import contracts_of, works_of_year
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.desks import Desk, open_desk
from samplan_rostering.queries.rosters.hours import hours_by_employee
from samplan_rostering.queries.rosters.standing import AWAY, standing
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.queries.solving.best import rosters_in_force

FULL = Decimal(100)
BUSY, UNSKILLED, FULL_TIME, ADDITIONAL, NEEDED = "busy", "unskilled", "full_time", "additional", "needed"
"""What keeps somebody from a shift beside the rules of the profile."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody of the own staff; minutes of the period, `additional` and `used` of the year.

    `hours` is what is rostered, `full_time` what full time would be, `additional` what is rostered beyond the
    contract if they take the shift, `used` what has been entered as additional time beyond the roster.
    """

    employee: str
    name: str
    percentage: Decimal
    contract: int
    hours: int
    full_time: int
    additional: int
    used: int
    wish: WishKind | None
    obstacle: str | None
    broken: tuple[Violation, ...]

    @property
    def fits(self) -> bool:
        """Whether the shift may be given to them."""
        return self.obstacle is None and not self.broken

    @property
    def room(self) -> int:
        """Minutes that are left up to full time."""
        return max(self.full_time - self.hours, 0)


@dataclass(frozen=True, slots=True)
class Floater:
    """Somebody of an internal unit who has been introduced to the ward.

    `version` is that of their roster, `published` whether it has been published.
    """

    unit_name: str
    roster_id: UUID
    version: int
    published: bool
    employee: str
    name: str
    obstacle: str | None
    broken: tuple[Violation, ...]

    @property
    def fits(self) -> bool:
        """Whether the rules of the internal unit allow them the shift."""
        return self.obstacle is None and not self.broken


@dataclass(frozen=True, slots=True)
class Chain:
    """A line with who could take it, step by step; those who can come first."""

    line: Line
    roster: Roster | None
    ward: WardData
    own: tuple[Taker, ...] = ()
    internal: tuple[Floater, ...] = ()


def find_line(session: TenantSession, period_id: UUID, line_id: UUID) -> Line:
    """Return a line of a period; raises `NotFound`."""
    found = call_off_lines(session, CallOffLine.period_id == period_id, CallOffLine.id == line_id)
    if not found:
        raise NotFound(_("There is no such line."))
    return found[0]


def chain(session: TenantSession, period_id: UUID, line_id: UUID) -> Chain:
    """Return who could take a line's shift by the roster in force, and why not others; raises `NotFound`."""
    line = find_line(session, period_id, line_id)
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    if roster is None:
        return Chain(line, None, ward_data(session, period_id))
    desk = open_desk(session, roster)
    own = sorted(_own(session, desk, line), key=_first)
    internal = sorted(_internal(session, desk, line), key=lambda f: (not f.fits, f.unit_name, f.employee))
    return Chain(line, roster, desk.ward, tuple(own), tuple(internal))


def _first(taker: Taker) -> tuple[bool, bool, int, int, str]:
    """Sort by who can, then by what they wish, then by the fewest hours beyond the contract."""
    unwilling = taker.wish in {WishKind.OFF, WishKind.AVOID}
    return not taker.fits, unwilling, taker.additional, -taker.room, taker.employee


def _own(session: TenantSession, desk: Desk, line: Line) -> Iterator[Taker]:
    ward, day = desk.ward, desk.ward.period.day_of(line.row.on_date)
    judge = Judge(ward, desk.stands.cells, desk.stands.guests)
    hours, whole = hours_by_employee(ward, desk.stands.cells), hours_by_employee(_at_full_time(ward), ())
    used = _used(session, desk.period, line.row.on_date)
    minutes = judge.timeline.paid_minutes(day, line.shift)
    for person in ward.employees:
        held = _contract(ward.contracts, person.code, line.row.on_date)
        if person.hired or held is None or judge.rows[person.code].get(day) == line.shift:
            continue
        now = hours[person.code]
        additional = max(now.rostered + minutes - now.contract, 0) if held.percentage < FULL else 0
        taker = Taker(
            employee=person.code,
            name=person.name or person.code,
            percentage=held.percentage,
            contract=now.contract,
            hours=now.rostered,
            full_time=whole[person.code].contract,
            additional=additional,
            used=used.get(person.code, 0),
            wish=_wish(ward, person.code, line),
            obstacle=None,
            broken=(),
        )
        obstacle = _obstacle(judge, person, line, day, taker=taker, minutes=minutes)
        broken = () if obstacle else _broken(desk, judge, taker, day, line.shift)
        yield replace(taker, obstacle=obstacle, broken=broken)


def _obstacle(
    judge: Judge, person: Employee, line: Line, day: int, *, taker: Taker, minutes: int
) -> str | None:
    if not _holds(person, line.skill, line.row.on_date):
        return UNSKILLED
    if day in judge.rows[person.code]:
        return BUSY
    if taker.percentage < FULL and taker.additional:
        if taker.hours + minutes > taker.full_time:
            return FULL_TIME
        if taker.used + taker.additional > YEAR_LIMIT:  # ATL 10 §
            return ADDITIONAL
    return None


def _broken(desk: Desk, judge: Judge, taker: Taker, day: int, shift: str) -> tuple[Violation, ...]:
    """Return the rules that speak against it: a part-timer's hours may go beyond the contract."""
    allowed = {Rule.HOURS_MAX} if taker.percentage < FULL else set()
    row = {**judge.rows[taker.employee], day: shift}
    alone = [v for v in judge.breaks(taker.employee, row) if v.rule not in allowed]
    if alone:
        return tuple(alone)
    effect = desk.effect([desk.change(taker.employee, day, shift)])
    return tuple(v for v in effect.broken if v.rule not in allowed)


def _at_full_time(ward: WardData) -> WardData:
    return replace(
        ward, contracts=tuple(replace(c, percentage=max(c.percentage, FULL)) for c in ward.contracts)
    )


def _contract(contracts: Iterable[Contract], code: str, on: date) -> Contract | None:
    return next((held for held in contracts if held.employee == code and held.valid_on(on)), None)


def _holds(person: Employee, skill: str | None, on: date) -> bool:
    return skill is None or any(held.skill == skill and held.valid_on(on) for held in person.skills)


def _wish(ward: WardData, code: str, line: Line) -> WishKind | None:
    on, shifts = line.row.on_date, {None, line.shift}
    mine = (w for w in ward.wishes if (w.employee, w.date) == (code, on) and w.shift in shifts)
    return next((wish.kind for wish in mine), None)


def _used(session: TenantSession, period: RosterPeriod, on: date) -> Mapping[str, int]:
    """Return the additional time that has been entered in the year up to the period's end, by code.

    That is beyond the rostered hours, which `additional` counts.
    """
    people, first = outcome(session, period.id).people, date(on.year, 1, 1)
    last = min(period.end_date, date(on.year, 12, 31))
    works, contracts = works_of_year(session, people, first, last), contracts_of(session, people)

    def used(code: str) -> int:
        extras = split_extra(works.get(code, ()), lambda day: _contract(contracts.get(code, ()), code, day))
        return sum(extra.additional for extra in extras if first <= extra.on <= last)

    return {person.code: used(person.code) for person in people}


def _internal(session: TenantSession, desk: Desk, line: Line) -> Iterator[Floater]:
    """Yield the people of internal units who have been introduced to the ward, by their rosters in force."""
    on = line.row.on_date
    rows = session.execute(
        select(RosterPeriod.id, OrgUnit.name, RosterPeriod.state)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .join(Skill, Skill.ward_id == Ward.id)
        .where(
            Skill.code == line.unit,
            ~Skill.retired,
            RosterPeriod.ward_id != desk.period.ward_id,
            RosterPeriod.start_date <= on,
            RosterPeriod.end_date >= on,
        )
    )
    found = {key: (name, state == "published") for key, name, state in rows}
    shift = next(kind for kind in desk.ward.shift_types if kind.code == line.shift)
    for roster in rosters_in_force(session, Roster.period_id.in_(found)) if found else ():
        if roster.period_id is not None:
            name, published = found[roster.period_id]
            for floater in _of_unit(session, roster, name, line, shift):
                yield replace(floater, published=published)


def _of_unit(
    session: TenantSession, roster: Roster, name: str, line: Line, shift: ShiftValue
) -> Iterator[Floater]:
    if roster.period_id is None:
        return
    stands = standing(session, roster, ward_data(session, roster.period_id), assignments(session, roster))
    code, ward, on = f"{line.unit}{AWAY}{line.shift}", stands.ward, line.row.on_date
    if code not in {kind.code for kind in ward.shift_types}:
        ward = replace(ward, shift_types=(*ward.shift_types, replace(shift, code=code)))
    judge, day = Judge(ward, stands.cells), ward.period.day_of(on)
    coverage = judge.coverage()
    for person in ward.employees:
        if not _holds(person, line.unit, on) or person.hired:
            continue
        current, obstacle = judge.rows[person.code].get(day, ""), None
        broken: tuple[Violation, ...] = ()
        if not _holds(person, line.skill, on):
            obstacle = UNSKILLED
        elif AWAY in current:
            obstacle = BUSY
        elif current and coverage.loss(person.code, day, current):
            obstacle = NEEDED
        else:  # who may work where is told by the skills above
            found = judge.breaks(person.code, {**judge.rows[person.code], day: code})
            broken = tuple(v for v in found if v.rule is not Rule.SKILL)
        shown = person.name or person.code
        yield Floater(name, roster.id, roster.version, False, person.code, shown, obstacle, broken)
