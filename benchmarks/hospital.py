"""An invented hospital: wards, each with its people and needs, and an internal unit that helps them out.

    .venv/bin/python benchmarks/hospital.py hospital --wards 60 --staff 40 --days 28 --floating 60

writes a workbook for each unit and `hospital.json`, which names them, for `samplan rostering hospital`. The
same seed and sizes give the same hospital. Nobody in it exists: people are called by their employment id.

Wards are of six kinds with their own needs by shift, skill and weekday, and of three shift patterns. Each
needs a few per cent more shifts than its own people's contracts hold (after absences, and with the shift more
that the rules allow each), about what the internal unit has to give. People of the internal unit have been
introduced in some neighbouring wards. Rules and weights are the defaults: law and agreement, all hard. Every
person alone can keep them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from samplan_rostering.domain.hospital import Hospital
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
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
    Wish,
    WishKind,
)
from samplan_rostering.workbook import write_ward

START = date(2027, 2, 1)
INTERNAL = "INT"
SKILLS = (
    Skill("SSK", "Legitimerad sjuksköterska"),
    Skill("SPEC", "Specialistsjuksköterska"),
    Skill("USK", "Undersköterska"),
)
PROFESSIONS = {"SPEC": "Specialistsjuksköterska", "SSK": "Sjuksköterska", "USK": "Undersköterska"}


def _shift(code: str, start: time, end: time, rest: int, paid: int) -> ShiftType:
    name, kind, colour = {
        "D": ("Dag", ShiftKind.DAY, "#f2c94c"),
        "M": ("Mellan", ShiftKind.DAY, "#8fbf6f"),
        "K": ("Kväll", ShiftKind.EVENING, "#56a0d3"),
        "N": ("Natt", ShiftKind.NIGHT, "#3d4f7d"),
    }[code]
    return ShiftType(code, name, kind, start, end, rest, paid, colour)


_NIGHT = _shift("N", time(21, 30), time(7, 15), 0, 585)  # the meal break of the night is working time
PATTERNS = (
    (_shift("D", time(7), time(15, 30), 30, 480), _shift("K", time(13, 30), time(22), 30, 480), _NIGHT),
    (
        _shift("D", time(6, 45), time(15, 15), 30, 480),
        _shift("K", time(13), time(21, 45), 30, 495),
        _shift("N", time(21, 15), time(7), 0, 585),
    ),
    (
        _shift("D", time(7), time(15, 30), 30, 480),
        _shift("M", time(10), time(18, 30), 30, 480),
        _shift("K", time(13, 30), time(22), 30, 480),
        _NIGHT,
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of ward: share of registered nurses, of specialists among them, and how shifts weigh.

    `weights` say how a day's shifts share the people of a weekday, `weekend` what a day at the weekend has of
    a weekday's, and `nights` the night's.
    """

    name: str
    nurses: float
    specialists: float
    weights: tuple[float, float]
    weekend: float
    nights: float


KINDS = (
    Kind("Medicin", 0.55, 0.20, (1.0, 0.75), 0.70, 0.50),
    Kind("Kirurgi", 0.58, 0.25, (1.0, 0.70), 0.60, 0.45),
    Kind("Geriatrik", 0.42, 0.10, (1.0, 0.80), 0.75, 0.40),
    Kind("Ortopedi", 0.52, 0.15, (1.0, 0.70), 0.60, 0.45),
    Kind("Infektion", 0.60, 0.20, (1.0, 0.80), 0.80, 0.55),
    Kind("Akutvård", 0.65, 0.35, (1.0, 0.95), 0.95, 0.70),
)
_PERCENTAGES = (100, 100, 100, 100, 90, 80, 80, 75, 75, 50)
_FEWEST = 6


def hospital(wards: int = 60, staff: int = 40, days: int = 28, floating: int = 60, seed: int = 1) -> Hospital:
    """Return a hospital of these sizes; without floating people it has no internal unit.

    Raises:
        ValueError: a size is too small, or larger than anything measured with it.
    """
    if not (1 <= wards <= 500 and _FEWEST <= staff <= 500 and 14 <= days <= 84 and 0 <= floating <= 500):
        raise ValueError(
            f"1-500 wards of {_FEWEST}-500 people over 14-84 days, and up to 500 floating people"
        )
    period = Period(START, START + timedelta(days=days - 1), "Februari")
    # What the floating people have to give, and what contracts allow above their hours (a shift each).
    lack = min(0.07 + floating / (wards * staff), 0.15)
    made = tuple(_ward(number, staff, period, lack, Random(f"{seed}/{number}")) for number in range(wards))  # noqa: S311 - invented data
    internal = _internal(floating, made, period, Random(f"{seed}/internal"))  # noqa: S311 - invented data
    return Hospital(made, internal if floating else None)


def write_hospital(made: Hospital, folder: Path, **sizes: int) -> Path:
    """Write a workbook for each unit and the file that names them; returns that file."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for ward in made.units:
        names.append(f"{ward.unit.code}.xlsx")
        (folder / names[-1]).write_bytes(write_ward(ward))
    manifest = {
        "wards": names[: len(made.wards)],
        "internal": names[-1] if made.internal is not None else None,
        "generator": sizes,
    }
    path = folder / "hospital.json"
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def _ward(number: int, staff: int, period: Period, lack: float, random: Random) -> WardData:
    kind, shifts = KINDS[number % len(KINDS)], PATTERNS[random.randrange(len(PATTERNS))]
    code = f"A{number + 1:02d}"
    people = list(_people(code, staff, kind, random))
    codes = [employee.code for employee, _, _ in people]
    absences = tuple(_absences(random, codes, period))
    ward = WardData(
        unit=Unit(code, f"{kind.name}avdelning {number + 1}"),
        period=period,
        skills=SKILLS,
        shift_types=shifts,
        employees=tuple(employee for employee, _, _ in people),
        contracts=tuple(_contract(e.code, share, roster) for e, share, roster in people),
        weekly_requirements=(),
        absences=absences,
        wishes=tuple(_wishes(random, codes, period, shifts)),
        history=tuple(_history(random, people, period)),
    )
    return replace(ward, weekly_requirements=tuple(_needs(ward, kind, 1 + lack, random)))


def _people(unit: str, staff: int, kind: Kind, random: Random) -> Iterator[tuple[Employee, int, RosterType]]:
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
        yield _employee(code, PROFESSIONS[skill], roster, held), share, roster


def _employee(code: str, profession: str, roster: RosterType, held: Sequence[HeldSkill]) -> Employee:
    day_break = time(10) if roster is RosterType.NIGHT else time(19)
    return Employee(code, f"Anställd {code}", profession, day_break, tuple(held))


def _contract(code: str, share: int, roster: RosterType) -> Contract:
    return Contract(code, date(2025, 1, 1), None, Decimal(share), roster, FULLTIME_WEEK_MINUTES[roster])


def _needs(ward: WardData, kind: Kind, load: float, random: Random) -> Iterator[WeeklyRequirement]:
    """Share out, by profession, `load` times the shifts that the contracts hold over the shifts of a week."""
    load *= random.uniform(0.97, 1.03)
    for skill in ("SSK", "USK"):
        supply = sum(
            _weekly_shifts(ward, e) for e in ward.employees if any(h.skill == skill for h in e.skills)
        )
        parts = {
            (weekday, shift.code): _part(shift, kind, weekend=weekday > 4)
            for weekday in range(7)
            for shift in ward.shift_types
        }
        targets = _rounded(parts, supply * load)
        for (weekday, shift), target in targets.items():
            night = shift == "N"
            minimum = max(target - (0 if night or target < 2 else 1 + (target > 5)), 1)
            yield WeeklyRequirement(weekday, shift, skill, minimum, target, target + 2)
    for weekday in range(5):
        yield WeeklyRequirement(weekday, "D", "SPEC", 0, 1, None)


def _part(shift: ShiftType, kind: Kind, *, weekend: bool) -> float:
    day, evening = kind.weights
    weight = {"D": day, "M": 0.3 * day, "K": evening, "N": kind.nights}[shift.code]
    return weight * (kind.weekend if weekend and shift.code != "N" else 1.0)


def _rounded(parts: dict[tuple[int, str], float], total: float) -> dict[tuple[int, str], int]:
    """Return whole numbers, at least 1, in proportion to the parts and with about that sum."""
    whole = sum(parts.values())
    wanted = {key: part / whole * total for key, part in parts.items()}
    found = {key: max(int(value), 1) for key, value in wanted.items()}
    rest = sorted(wanted, key=lambda key: found[key] - wanted[key])
    for key in rest[: max(round(total) - sum(found.values()), 0)]:
        found[key] += 1
    return found


def _weekly_shifts(ward: WardData, employee: Employee) -> float:
    """Return how many shifts of a week somebody's contract holds, absences left out."""
    contract = next(row for row in ward.contracts if row.employee == employee.code)
    days = ward.period.days
    away = sum(
        row.first <= ward.period.date_of(day) <= row.last
        for row in ward.absences
        if row.employee == employee.code
        for day in range(days)
    )
    hours = float(contract.percentage) / 100 * contract.fulltime_week_minutes * (days - away) / days
    return hours / (585 if contract.roster_type is RosterType.NIGHT else 500)


def _absences(random: Random, codes: Sequence[str], period: Period) -> Iterator[Absence]:
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


def _wishes(
    random: Random, codes: Sequence[str], period: Period, shifts: Sequence[ShiftType]
) -> Iterator[Wish]:
    """Let each wish for one to three things on different dates."""
    for code in codes:
        for day in sorted(random.sample(range(period.days), random.randint(1, 3))):
            kind = random.choice((WishKind.OFF, WishKind.OFF, WishKind.WANT, WishKind.AVOID))
            shift = None if kind is WishKind.OFF else random.choice(shifts).code
            yield Wish(code, period.date_of(day), kind, shift, random.choice((2, 5, 10)))


def _history(
    random: Random, people: Sequence[tuple[Employee, int, RosterType]], period: Period
) -> Iterator[PastShift]:
    """Let every third have worked the weekend before."""
    for employee, _, roster in people:
        if random.random() < 1 / 3 and roster is not RosterType.DAY:
            shift = "N" if roster is RosterType.NIGHT else "D"
            for back in (2, 1):
                yield PastShift(employee.code, period.date_of(-back), shift)


def _internal(count: int, wards: Sequence[WardData], period: Period, random: Random) -> WardData:
    """Return the internal unit: it needs nobody itself, so who has no place in a ward is in reserve."""
    units = tuple(Skill(ward.unit.code, f"Introducerad på {ward.unit.name}") for ward in wards)
    people = []
    for index in range(count):
        skill = "USK" if index % 5 > 2 else "SSK"
        roster = RosterType.NIGHT if index % 10 == 9 else RosterType.ROTATION_20
        first = random.randrange(len(wards))
        near = [
            wards[(first + step) % len(wards)].unit.code
            for step in range(min(random.randint(4, 7), len(wards)))
        ]
        code = f"{INTERNAL}-{index + 1:03d}"
        held = [HeldSkill(skill), *(HeldSkill(unit) for unit in sorted(set(near)))]
        share = 75 if roster is RosterType.NIGHT else random.choice((100, 100, 90, 80))
        people.append((_employee(code, PROFESSIONS[skill], roster, held), share, roster))
    codes = [employee.code for employee, _, _ in people]
    shifts = PATTERNS[0]
    return WardData(
        unit=Unit(INTERNAL, "Resursenheten"),
        period=period,
        skills=(*SKILLS, *units),
        shift_types=shifts,
        employees=tuple(employee for employee, _, _ in people),
        contracts=tuple(_contract(e.code, share, roster) for e, share, roster in people),
        weekly_requirements=tuple(
            WeeklyRequirement(weekday, shift.code, None, 0, 0, None)
            for weekday in range(7)
            for shift in shifts
        ),
        absences=tuple(_absences(random, codes, period)) if codes else (),
        wishes=tuple(_wishes(random, codes, period, shifts)),
        history=tuple(_history(random, people, period)),
    )


def main() -> None:
    """Write a hospital to a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    sizes = {"wards": 60, "staff": 40, "days": 28, "floating": 60, "seed": 1}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    given = vars(parser.parse_args())
    folder = given.pop("folder")
    try:
        made = hospital(**given)
    except ValueError as error:
        parser.error(str(error))
    print(write_hospital(made, folder, **given))


if __name__ == "__main__":
    main()
