"""Where costs arose, and how an amount is shared out by that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from samplan_agency.domain.months import Months
from samplan_agency.domain.spreading import spread

Place: TypeAlias = tuple[UUID | None, str | None, UUID | None]
"""Unit, profession and sector."""
YEAR = 12


@dataclass(frozen=True, slots=True)
class PlaceCosts:
    """Costs by month and by the place among `places`; for each unit the sector that most of it is of.

    Places go by number: there are hundreds in each month, and ids take long to be told apart.
    """

    places: tuple[Place, ...]
    by_month: Mapping[date, Mapping[int, Decimal]]
    usual_sectors: Mapping[UUID | None, UUID | None]

    def by_year(self, month: date, amount: Decimal) -> list[tuple[Place, Decimal]]:
        """Return an amount shared out by the costs of the twelve months that end with one.

        Of none known, everything is in one place, which is none.
        """
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for at in Months.rolling(month, YEAR):
            for place, cost in self.by_month.get(at, {}).items():
                sums[place] += cost
        positive = {place: cost for place, cost in sums.items() if cost > 0}
        if not positive:
            return [((None, None, None), amount)]
        return [(self.places[place], part) for place, part in spread(amount, positive).items()]


def place_costs(
    rows: Iterable[tuple[date, UUID | None, str | None, UUID | None, Decimal]],
) -> PlaceCosts:
    """Return the costs of rows: month, unit, profession, sector and cost, each of these once."""
    numbers: dict[Place, int] = {}
    by_month: dict[date, dict[int, Decimal]] = defaultdict(dict)
    wholes: dict[int, Decimal] = defaultdict(Decimal)
    for month, unit_id, category, sector_id, cost in rows:
        number = numbers.setdefault((unit_id, category, sector_id), len(numbers))
        by_month[month][number] = cost
        wholes[number] += cost
    by_sector: dict[UUID | None, dict[UUID | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for (unit_id, _category, sector_id), number in numbers.items():
        by_sector[unit_id][sector_id] += wholes[number]
    usual = {unit_id: max(found, key=lambda key: found[key]) for unit_id, found in by_sector.items()}
    return PlaceCosts(tuple(numbers), by_month, usual)
