"""The people of an invented hospital: who they are, when they are away, what they wish and have worked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from hospital_needs import Kind
from samplan_rostering.domain.ward import (
    FULLTIME_WEEK_MINUTES,
    Absence,
    AbsenceKind,
    Contract,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    RosterType,
    ShiftType,
    Wish,
    WishKind,
)

PROFESSIONS = {"SPEC": "Specialistsjuksköterska", "SSK": "Sjuksköterska", "USK": "Undersköterska"}
_PERCENTAGES = (100, 100, 100, 100, 90, 80, 80, 75, 75, 50)


def people_of(
    unit: str, staff: int, kind: Kind, random: Random
) -> Iterator[tuple[Employee, int, RosterType]]:
    """Yield people with part of full time and roster type: nurses and assistant nurses, a tenth by night."""
    nurses = round(staff * kind.nurses)
    specialists = round(nurses * kind.specialists)
    for index in range(staff):
        first = index if index < nurses else index - nurses
        skill = "USK" if index >= nurses else "SPEC" if index < specialists else "SSK"
        if first % 10 == 9:
            roster = RosterType.NIGHT
        elif first % 10 == 3:
            roster = RosterType.DAY_WEEKEND
        elif index == 0 and staff >= 20:
            roster = RosterType.DAY
        else:
            roster = RosterType.ROTATION_20
        share = 75 if roster is RosterType.NIGHT else random.choice(_PERCENTAGES)
        held = [HeldSkill(skill)] + ([HeldSkill("SSK")] if skill == "SPEC" else [])
        code = f"{unit}-{index + 1:03d}"
        yield employee_of(code, PROFESSIONS[skill], roster, held), share, roster


def employee_of(code: str, profession: str, roster: RosterType, held: Sequence[HeldSkill]) -> Employee:
    """Return somebody, whose 24 hours begin in the morning after a night."""
    day_break = time(10) if roster is RosterType.NIGHT else time(19)
    return Employee(code, f"Anställd {code}", profession, day_break, tuple(held))


def contract_of(code: str, share: int, roster: RosterType) -> Contract:
    """Return a contract for so many per cent, in force for long."""
    return Contract(code, date(2025, 1, 1), None, Decimal(share), roster, FULLTIME_WEEK_MINUTES[roster])


def absences_of(random: Random, codes: Sequence[str], period: Period) -> Iterator[Absence]:
    """Give a tenth of the people a week of holiday, and a tenth shorter absences."""
    away = random.sample(codes, max(len(codes) // 5, 1))
    for place, code in enumerate(away):
        week = period.start + timedelta(days=7 * random.randrange(period.days // 7))
        if place % 2 == 0:
            yield Absence(code, week, week + timedelta(days=6), AbsenceKind.VACATION)
        else:
            first = week + timedelta(days=random.randrange(4))
            kind = random.choice((AbsenceKind.SICK, AbsenceKind.PARENTAL, AbsenceKind.TRAINING))
            yield Absence(code, first, first + timedelta(days=random.randrange(3)), kind)


def wishes_of(
    random: Random, codes: Sequence[str], period: Period, shifts: Sequence[ShiftType]
) -> Iterator[Wish]:
    """Let each wish for one to three things on different dates."""
    for code in codes:
        for day in sorted(random.sample(range(period.days), random.randint(1, 3))):
            kind = random.choice((WishKind.OFF, WishKind.OFF, WishKind.WANT, WishKind.AVOID))
            shift = None if kind is WishKind.OFF else random.choice(shifts).code
            yield Wish(code, period.date_of(day), kind, shift, random.choice((2, 5, 10)))


def history_of(
    random: Random, people: Sequence[tuple[Employee, int, RosterType]], period: Period
) -> Iterator[PastShift]:
    """Let every third have worked the weekend before."""
    for employee, _, roster in people:
        if random.random() < 1 / 3 and roster is not RosterType.DAY:
            shift = "N" if roster is RosterType.NIGHT else "D"
            for back in (2, 1):
                yield PastShift(employee.code, period.date_of(-back), shift)
