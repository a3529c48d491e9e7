"""An invented ledger of hired and own staff, as a region's economy system would hold it. Nobody in it exists.

Hired staff's work is spread over units by their size and over months by how much each profession is used:
less every year, more in summer. Prices differ by profession, zone and time of day, and rise every January.
What is worked in a month is booked in that month and the five that follow (`LAGS`): some suppliers invoice
sooner than others; what would be booked after the last month is not there yet. Some work for zone 3 has
travel beside it, some lines are credited in part. The same sketch gives the same ledger.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from samplan_agency.domain.months import Months, month_of, plus_months

LAGS = ((25, 45, 17, 8, 3, 2), (38, 46, 10, 4, 1, 1), (12, 44, 24, 12, 5, 3))
"""How many per cent of a month's work are booked in it and in each of the five months after it.

Suppliers have them in turn. On average it is the first.
"""
CATEGORIES = ("physician", "nurse", "other")
_SHARE_OF_LINES: Mapping[str, float] = MappingProxyType({"physician": 0.36, "nurse": 0.48, "other": 0.16})
_YEARLY: Mapping[str, float] = MappingProxyType({"physician": 0.9, "nurse": 0.7, "other": 0.75})
_PRICES: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {"physician": (1240, 1450, 1690), "nurse": (620, 670, 730), "other": (450, 490, 540)}
)
_LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "physician": ("Specialistläkare", "ST-läkare"),
        "nurse": ("Legitimerad sjuksköterska", "Specialistsjuksköterska"),
        "other": ("Biomedicinsk analytiker", "Undersköterska"),
    }
)
# Part of the hours, and what they cost beside ordinary time.
_TIMES: Mapping[str, tuple[int, float]] = MappingProxyType(
    {
        "ordinary": (52, 1.0),
        "evening": (17, 1.12),
        "night": (15, 1.28),
        "weekend": (13, 1.35),
        "holiday": (3, 1.6),
    }
)
_SHIFTS: Mapping[str, str] = MappingProxyType(
    {"ordinary": "D", "evening": "K", "night": "N", "weekend": "D", "holiday": "D"}
)
_SUMMER: Mapping[int, float] = MappingProxyType({6: 1.25, 7: 1.6, 8: 1.3, 12: 1.1})
_RISE = 0.03  # of prices and wages a year
_OWN_PARTS: Mapping[str, float] = MappingProxyType({"physician": 0.31, "nurse": 0.34, "other": 0.35})
_ORE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that hires: its sector's code, the zone it lies in, its size beside the others."""

    code: str
    sector: str
    zone: int
    size: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a ledger is drawn from: about `lines` lines of hired staff's work in `months`.

    `share` is hired staff's cost in per cent of own staff's in the first year; `own_parts` into how many
    accounts the own cost of a unit, profession and month is booked.
    """

    places: Sequence[Place]
    suppliers: Sequence[str]
    months: Months
    lines: int
    seed: str
    share: float = 5.0
    own_parts: int = 1


@dataclass(frozen=True, slots=True)
class InventedLine:
    """A line of the ledger or of an invoice; codes stand for unit, sector and supplier."""

    key: str
    kind: str
    account: str
    unit: str
    sector: str
    work_month: date
    booked_month: date
    amount: Decimal
    category: str | None = None
    level: str | None = None
    supplier: str | None = None
    zone: int | None = None
    time_class: str = "ordinary"
    hours: Decimal | None = None
    unit_price: Decimal | None = None
    invoice: str | None = None
    order_reference: str | None = None
    consultant: str | None = None
    shift: str | None = None
    work_date: date | None = None


def account_code(kind: str, category: str | None, part: int = 0) -> str:
    """Return the invented account of a kind and profession."""
    first = {"own": "41", "hired": "46", "other_cost": "60", "revenue": "30"}[kind]
    place = 0 if category is None else CATEGORIES.index(category) + 1
    return f"{first}{place}{part}"


def ledger(sketch: Sketch) -> Iterator[InventedLine]:
    """Yield the whole ledger: hired staff, own staff, other costs and revenue."""
    first_year, end = Decimal(0), plus_months(sketch.months.first, 12)
    for line in hired_lines(sketch):
        if line.work_month < end:
            first_year += line.amount
        yield line
    a_month = float(first_year) / min(12, len(sketch.months)) * 100 / sketch.share
    yield from _own_lines(sketch, a_month)
    yield from _other_lines(sketch, a_month)


def hired_lines(sketch: Sketch) -> Iterator[InventedLine]:
    """Yield the lines of hired staff that are booked by the last month."""
    return (line for line in _hired(sketch) if line.booked_month <= sketch.months.last)


def planned_hours(sketch: Sketch) -> Mapping[tuple[date, str, str, str], Decimal]:
    """Return the hours of all work of hired staff, booked or not, by month, unit, category, time of day."""
    hours: dict[tuple[date, str, str, str], Decimal] = {}
    for line in _hired(sketch):
        if line.hours and line.category:
            key = line.work_month, line.unit, line.category, line.time_class
            hours[key] = hours.get(key, Decimal(0)) + line.hours
    return hours


def _hired(sketch: Sketch) -> Iterator[InventedLine]:
    chance = random.Random(sketch.seed)  # noqa: S311 - invented data
    contracts = _contracts(sketch, chance)
    number = 0
    for month, category, count in _counts(sketch):
        places = chance.choices(sketch.places, [place.size for place in sketch.places], k=count)
        for place in places:
            number += 1
            line = _work(sketch, chance, contracts[place.code], place, (category, month, number))
            yield from (line, *_beside(chance, line))


def _contracts(sketch: Sketch, chance: random.Random) -> dict[str, list[str]]:
    """Return the few suppliers that each unit hires from, the usual one first and most often."""
    return {
        place.code: [
            supplier
            for times, supplier in zip(
                (4, 2, 1, 1),
                chance.sample(list(sketch.suppliers), min(4, len(sketch.suppliers))),
                strict=False,
            )
            for _ in range(times)
        ]
        for place in sketch.places
    }


def _counts(sketch: Sketch) -> list[tuple[date, str, int]]:
    weights = [
        (
            month,
            category,
            part * _YEARLY[category] ** (place / 12) * _SUMMER.get(month.month, 1.0),
        )
        for place, month in enumerate(sketch.months)
        for category, part in _SHARE_OF_LINES.items()
    ]
    whole = sum(weight for _, _, weight in weights)
    return [(month, category, round(sketch.lines * weight / whole)) for month, category, weight in weights]


def _work(
    sketch: Sketch, chance: random.Random, suppliers: list[str], place: Place, about: tuple[str, date, int]
) -> InventedLine:
    category, month, number = about
    supplier = chance.choice(suppliers)
    time_class = chance.choices(list(_TIMES), [part for part, _ in _TIMES.values()])[0]
    level = chance.randrange(2)
    rise = (1 + _RISE) ** (month.year - sketch.months.first.year)
    dearer = (
        1
        + (sketch.suppliers.index(supplier) % 7 - 3) / 100
        + (-0.08 if level and category != "nurse" else 0.1 * level)
    )
    price = Decimal(round(_PRICES[category][place.zone - 1] * _TIMES[time_class][1] * rise * dearer))
    hours = Decimal(chance.randrange(32, 400)) / 4
    lag = LAGS[sketch.suppliers.index(supplier) % len(LAGS)]
    booked = plus_months(month, chance.choices(range(len(lag)), lag)[0])
    return InventedLine(
        key=f"H{number}",
        kind="hired",
        account=account_code("hired", category),
        unit=place.code,
        sector=place.sector,
        work_month=month,
        booked_month=booked,
        amount=(hours * price).quantize(_ORE),
        category=category,
        level=_LEVELS[category][level],
        supplier=supplier,
        zone=place.zone,
        time_class=time_class,
        hours=hours,
        unit_price=price,
        invoice=f"F{booked:%y%m}-{supplier}",
        order_reference=f"A{month:%y%m}-{place.code}-{number % 5 + 1}",
        consultant=f"K{chance.randrange(1000, 9999)}",
        shift=_SHIFTS[time_class],
    )


def _beside(chance: random.Random, line: InventedLine) -> Iterator[InventedLine]:
    """Yield travel for some work in zone 3, and a credit note for a few lines."""
    bare = replace(line, hours=None, unit_price=None, shift=None)
    if line.zone == 3 and chance.random() < 0.25:
        travel = Decimal(chance.randrange(8, 40) * 100)
        yield replace(bare, key=f"{line.key}R", time_class="travel", amount=travel)
    if chance.random() < 0.015:
        back = (line.amount * chance.randrange(5, 30) / 100).quantize(_ORE)
        booked = plus_months(line.booked_month, chance.randrange(1, 4))
        invoice = f"K{booked:%y%m}-{line.supplier}"
        yield replace(bare, key=f"{line.key}K", amount=-back, booked_month=booked, invoice=invoice)


def _own_lines(sketch: Sketch, a_month: float) -> Iterator[InventedLine]:
    chance, whole = random.Random(f"{sketch.seed}/own"), sum(place.size for place in sketch.places)  # noqa: S311
    for number, month in enumerate(sketch.months):
        for place in sketch.places:
            for category, part in _OWN_PARTS.items():
                amount = a_month * place.size / whole * part * (1 + _RISE) ** (number / 12)
                amount *= chance.gauss(1, 0.01)
                for account in range(sketch.own_parts):
                    yield _plain(place, month, ("own", category, account), amount / sketch.own_parts)


def _other_lines(sketch: Sketch, a_month: float) -> Iterator[InventedLine]:
    chance, whole = random.Random(f"{sketch.seed}/other"), sum(place.size for place in sketch.places)  # noqa: S311
    for number, month in enumerate(sketch.months):
        for place in sketch.places:
            size = a_month * place.size / whole * (1 + _RISE) ** (number / 12)
            yield _plain(place, month, ("other_cost", None, 0), size * 0.42 * chance.gauss(1, 0.04))
            yield _plain(place, month, ("revenue", None, 0), -size * 1.4 * chance.gauss(1, 0.005))


def _plain(place: Place, month: date, account_of: tuple[str, str | None, int], amount: float) -> InventedLine:
    kind, category, part = account_of
    account = account_code(kind, category, part)
    return InventedLine(
        key=f"{account}-{place.code}-{month:%y%m}",
        kind=kind,
        account=account,
        unit=place.code,
        sector=place.sector,
        work_month=month,
        booked_month=month_of(month),
        amount=Decimal(amount).quantize(_ORE),
        category=category,
    )
