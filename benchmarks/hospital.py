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
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

from hospital_needs import KINDS, needs_of
from hospital_people import (
    PROFESSIONS,
    absences_of,
    contract_of,
    employee_of,
    history_of,
    people_of,
    wishes_of,
)
from samplan_rostering.domain.hospital import Hospital
from samplan_rostering.domain.ward import (
    HeldSkill,
    Period,
    RosterType,
    ShiftKind,
    ShiftType,
    Skill,
    Unit,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.workbook import write_ward

START = date(2027, 2, 1)
INTERNAL = "INT"
SKILLS = (
    Skill("SSK", "Legitimerad sjuksköterska"),
    Skill("SPEC", "Specialistsjuksköterska"),
    Skill("USK", "Undersköterska"),
)


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
    people = list(people_of(code, staff, kind, random))
    codes = [employee.code for employee, _, _ in people]
    absences = tuple(absences_of(random, codes, period))
    ward = WardData(
        unit=Unit(code, f"{kind.name}avdelning {number + 1}"),
        period=period,
        skills=SKILLS,
        shift_types=shifts,
        employees=tuple(employee for employee, _, _ in people),
        contracts=tuple(contract_of(e.code, share, roster) for e, share, roster in people),
        weekly_requirements=(),
        absences=absences,
        wishes=tuple(wishes_of(random, codes, period, shifts)),
        history=tuple(history_of(random, people, period)),
    )
    return replace(ward, weekly_requirements=tuple(needs_of(ward, kind, 1 + lack, random)))


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
        people.append((employee_of(code, PROFESSIONS[skill], roster, held), share, roster))
    codes = [employee.code for employee, _, _ in people]
    shifts = PATTERNS[0]
    return WardData(
        unit=Unit(INTERNAL, "Resursenheten"),
        period=period,
        skills=(*SKILLS, *units),
        shift_types=shifts,
        employees=tuple(employee for employee, _, _ in people),
        contracts=tuple(contract_of(e.code, share, roster) for e, share, roster in people),
        weekly_requirements=tuple(
            WeeklyRequirement(weekday, shift.code, None, 0, 0, None)
            for weekday in range(7)
            for shift in shifts
        ),
        absences=tuple(absences_of(random, codes, period)) if codes else (),
        wishes=tuple(wishes_of(random, codes, period, shifts)),
        history=tuple(history_of(random, people, period)),
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
