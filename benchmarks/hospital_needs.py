"""What the wards of an invented hospital need, by their kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from samplan_rostering.domain.ward import Employee, RosterType, ShiftType, WardData, WeeklyRequirement


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


def needs_of(ward: WardData, kind: Kind, load: float, random: Random) -> Iterator[WeeklyRequirement]:
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
