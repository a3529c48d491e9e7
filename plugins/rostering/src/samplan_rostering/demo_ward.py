"""An invented medical ward to show and to test with: 28 employees and 42 days.

The staffing is realistic for a Swedish ward: registered nurses, some of them specialists,
and assistant nurses; part-timers, permanent nights, absences and wishes; slightly fewer
hours than the targets ask for. The same seed and start give the same ward.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from samplan_rostering.domain.ward import (
    FULLTIME_WEEK_MINUTES,
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    HeldSkill,
    PastShift,
    Period,
    Pin,
    RosterType,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)

DEMO_START = date(2027, 1, 4)
_DAYS = 42

SHIFTS = (
    ShiftType("D", "Dag", ShiftKind.DAY, time(7, 0), time(15, 30), 30, 480, "#f2c94c"),
    ShiftType("K", "Kväll", ShiftKind.EVENING, time(13, 30), time(22, 0), 30, 480, "#56a0d3"),
    # The meal break of the night is working time.
    ShiftType("N", "Natt", ShiftKind.NIGHT, time(21, 30), time(7, 15), 0, 585, "#3d4f7d"),
)
SKILLS = (
    Skill("SSK", "Legitimerad sjuksköterska"),
    Skill("SPEC", "Specialistsjuksköterska"),
    Skill("USK", "Undersköterska"),
)

_ROTATION, _NIGHT, _WEEKEND, _DAY = (
    RosterType.ROTATION_20,
    RosterType.NIGHT,
    RosterType.DAY_WEEKEND,
    RosterType.DAY,
)
_STAFF: tuple[tuple[str, str, int, RosterType], ...] = (
    ("Alma Rask", "SPEC", 100, _ROTATION),
    ("Bertil Ekmark", "SPEC", 100, _ROTATION),
    ("Cajsa Lindvall", "SPEC", 80, _ROTATION),
    ("Daniel Hedblom", "SPEC", 75, _DAY),
    ("Elin Sandgren", "SSK", 100, _ROTATION),
    ("Farid Noorian", "SSK", 100, _ROTATION),
    ("Greta Åsberg", "SSK", 100, _ROTATION),
    ("Hampus Wikander", "SSK", 90, _ROTATION),
    ("Ida Torsell", "SSK", 80, _ROTATION),
    ("Jonna Brolund", "SSK", 75, _ROTATION),
    ("Kerstin Malmgård", "SSK", 80, _WEEKEND),
    ("Leyla Arslan", "SSK", 100, _ROTATION),
    ("Maja Fridell", "SSK", 50, _WEEKEND),
    ("Nils Ottergren", "SSK", 75, _NIGHT),
    ("Olga Petrén", "SSK", 75, _NIGHT),
    ("Pia Sjöholt", "USK", 100, _ROTATION),
    ("Quang Tranberg", "USK", 100, _ROTATION),
    ("Rebecka Uddling", "USK", 100, _ROTATION),
    ("Samir Haddadi", "USK", 100, _ROTATION),
    ("Tove Granlöf", "USK", 90, _ROTATION),
    ("Ulf Bergquist", "USK", 80, _ROTATION),
    ("Vera Nyhlén", "USK", 80, _WEEKEND),
    ("Wilma Edstam", "USK", 75, _ROTATION),
    ("Xenia Kallur", "USK", 75, _WEEKEND),
    ("Yasmin Osmani", "USK", 100, _WEEKEND),
    ("Zelda Forsmo", "USK", 50, _WEEKEND),
    ("Åke Rönnfelt", "USK", 75, _NIGHT),
    ("Östen Vallmark", "USK", 100, _ROTATION),
)
_PROFESSIONS = {"SPEC": "Specialistsjuksköterska", "SSK": "Sjuksköterska", "USK": "Undersköterska"}

_NEEDS: tuple[tuple[str, str, tuple[int, int, int | None], tuple[int, int, int | None]], ...] = (
    # shift, skill, (minimum, target, maximum) Monday to Friday, and Saturday and Sunday
    ("D", "SSK", (3, 4, 6), (2, 2, 3)),
    ("D", "SPEC", (1, 1, None), (0, 0, None)),
    ("D", "USK", (2, 3, 5), (2, 2, 3)),
    ("K", "SSK", (2, 3, 4), (2, 2, 3)),
    ("K", "SPEC", (0, 1, None), (0, 0, None)),
    ("K", "USK", (2, 3, 4), (2, 2, 3)),
    ("N", "SSK", (2, 2, 2), (2, 2, 2)),
    ("N", "USK", (1, 1, 2), (1, 1, 2)),
)


def demo_ward(seed: int = 1, start: date = DEMO_START) -> WardData:
    """Return the demo ward for 42 days from a start date, which should be a Monday."""
    random = Random(seed)  # noqa: S311 - invented data, not secrets
    employees = tuple(_employee(index, start) for index in range(len(_STAFF)))
    codes = [employee.code for employee in employees]
    absences = tuple(_absences(random, codes, start))
    return WardData(
        unit=Unit("MED3", "Medicinavdelning 3"),
        period=Period(start, start + timedelta(days=_DAYS - 1), "Demoperiod"),
        skills=SKILLS,
        shift_types=SHIFTS,
        employees=employees,
        contracts=tuple(_contract(index, code, start) for index, code in enumerate(codes)),
        weekly_requirements=tuple(_weekly()),
        dated_requirements=tuple(_exceptions(start)),
        absences=absences,
        wishes=tuple(_wishes(random, codes, start)),
        history=tuple(_history(codes, start)),
        pins=tuple(_pins(codes, start, absences)),
    )


def _employee(index: int, start: date) -> Employee:
    name, skill, _, roster_type = _STAFF[index]
    held = [HeldSkill(skill)]
    if skill == "SPEC":  # a specialist is a registered nurse as well
        held.append(HeldSkill("SSK"))
    if name == "Cajsa Lindvall":  # a delegation that runs out within the period
        held[0] = HeldSkill("SPEC", None, start + timedelta(days=27))
    day_break = time(10, 0) if roster_type is _NIGHT else time(19, 0)
    return Employee(f"M3-{index + 1:02d}", name, _PROFESSIONS[skill], day_break, tuple(held))


def _contract(index: int, code: str, start: date) -> Contract:
    _, _, percentage, roster_type = _STAFF[index]
    valid_from = date(start.year - 1 - index % 7, 1 + index % 12, 1)
    minutes = FULLTIME_WEEK_MINUTES[roster_type]
    return Contract(code, valid_from, None, Decimal(percentage), roster_type, minutes)


def _weekly() -> Iterator[WeeklyRequirement]:
    for weekday in range(7):
        for shift, skill, weekdays, weekend in _NEEDS:
            minimum, target, maximum = weekdays if weekday < 5 else weekend
            if target or maximum is not None:
                yield WeeklyRequirement(weekday, shift, skill, minimum, target, maximum)


def _exceptions(start: date) -> Iterator[DatedRequirement]:
    """Staff the first Wednesday as a holiday (Epiphany, with the default start); one busy day."""
    for shift, skill, _, (minimum, target, maximum) in _NEEDS:
        yield DatedRequirement(start + timedelta(days=2), shift, skill, minimum, target, maximum)
    yield DatedRequirement(start + timedelta(days=24), "D", "SSK", 4, 5, 6)
    yield DatedRequirement(start + timedelta(days=24), "D", "USK", 3, 4, 5)


def _absences(random: Random, codes: list[str], start: date) -> Iterator[Absence]:
    """Give seven people a week or two of holiday, and a few shorter absences."""
    people = random.sample(codes, 12)
    for index, code in enumerate(people[:7]):
        first = start + timedelta(days=7 * random.randrange(5))
        yield Absence(code, first, first + timedelta(days=13 if index < 2 else 6), AbsenceKind.VACATION)
    kinds = (
        (AbsenceKind.SICK, 3),
        (AbsenceKind.PARENTAL, 5),
        (AbsenceKind.TRAINING, 2),
        (AbsenceKind.LEAVE, 1),
        (AbsenceKind.SICK, 2),
    )
    for code, (kind, days) in zip(people[7:], kinds, strict=True):
        first = start + timedelta(days=random.randrange(_DAYS - days))
        yield Absence(code, first, first + timedelta(days=days - 1), kind)


def _wishes(random: Random, codes: list[str], start: date) -> Iterator[Wish]:
    """Let each employee wish for two to five things on different dates."""
    for code in codes:
        for day in sorted(random.sample(range(_DAYS), random.randint(2, 5))):
            kind = random.choice((WishKind.OFF, WishKind.OFF, WishKind.WANT, WishKind.AVOID))
            shift = None if kind is WishKind.OFF else random.choice(SHIFTS).code
            yield Wish(code, start + timedelta(days=day), kind, shift, random.choice((2, 5, 10)))


def _history(codes: list[str], start: date) -> Iterator[PastShift]:
    """Let every third employee have worked the weekend before, by day or evening."""
    for index, code in enumerate(codes):
        if index % 3 == 0 and _STAFF[index][3] in (_ROTATION, _WEEKEND):
            for back in (2, 1):
                yield PastShift(code, start - timedelta(days=back), "K" if index % 2 else "D")
    for index in (13, 26):  # permanent nights
        yield PastShift(codes[index], start - timedelta(days=1), "N")


def _pins(codes: list[str], start: date, absences: tuple[Absence, ...]) -> Iterator[Pin]:
    """Lock a few cells that no absence touches: two shifts and two free dates."""
    wanted = ((4, 8, "D"), (16, 10, "D"), (6, 19, None), (20, 33, None))
    for index, day, shift in wanted:
        code, on = codes[index], start + timedelta(days=day)
        if not any(row.employee == code and row.first <= on <= row.last for row in absences):
            yield Pin(code, on, shift)
