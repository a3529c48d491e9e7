"""A valuation by division, profession and sector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from samplan.plugin_api import TenantSession
from samplan_agency.queries.accrual.valuing import Part
from samplan_agency.queries.names import sector_names
from samplan_agency.queries.unit_tree import unit_tree

if TYPE_CHECKING:
    from samplan_agency.domain.valuing import Quantiles


@dataclass(frozen=True, slots=True)
class Share:
    """What is still to come of a division, profession or sector; `name` None: it is not known which."""

    name: str | None
    reserve: Quantiles


@dataclass(frozen=True, slots=True)
class Shares:
    """What is still to come by division, by profession (as its code) and by sector, greatest first."""

    by_division: Sequence[Share]
    by_profession: Sequence[Share]
    by_sector: Sequence[Share]


def shares(session: TenantSession, parts: Sequence[Part], error: Decimal) -> Shares:
    """Return the parts summed, with how certain they are.

    The standard error of a share is the whole's times the root of its part: parts are less certain than the
    whole, and their squares sum to its square.
    """
    tree, sectors = unit_tree(session), sector_names(session)

    @cache
    def division(unit: UUID | None) -> str | None:
        return tree.name(tree.division(unit) or tree.step(unit))

    return Shares(
        _summed(parts, error, lambda part: division(part.place[0])),
        _summed(parts, error, lambda part: part.place[1]),
        _summed(parts, error, lambda part: sectors.get(part.place[2]) if part.place[2] else None),
    )


def _summed(parts: Iterable[Part], error: Decimal, name: Callable[[Part], str | None]) -> list[Share]:
    from samplan_agency.domain.valuing import Quantiles

    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    for part in parts:
        sums[name(part)] += part.amount
    whole = sum((abs(amount) for amount in sums.values()), Decimal(0))
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0] or ""))
    return [
        Share(key, Quantiles.of(amount, error * (abs(amount) / whole).sqrt() if whole else Decimal(0)))
        for key, amount in ordered
    ]
