"""The half-year report, in the form of SKR's Bemanningstrenden; and figures that others have published."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from samplan.plugin_api import Sector, TenantSession
from samplan_agency.domain.spelling import spell_months
from samplan_agency.models import CostTotal
from samplan_agency.queries.costs.figures import Asked, Figures

ALL = "all"
"""Stands for every sector, or every profession, as a key of `HalfYear.cells`."""
COUNTRY = "Riket"


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Figures by sector and profession; `sectors` are their names in the order of the tables."""

    asked: Asked
    sectors: Mapping[Any, str]
    cells: Mapping[tuple[Any, str | None], Figures]

    def cell(self, sector: Any = ALL, category: str | None = ALL) -> Figures:
        """Return the figures of a sector and profession; zeros where there is nothing."""
        return self.cells.get((sector, category)) or Figures(
            len(self.asked.months), self.asked.denominator, compared=self.asked.compared
        )


def half_year(session: TenantSession, asked: Asked) -> HalfYear:
    """Return the report's figures of the months asked for, whichever they are."""
    before = asked.months.year_before()
    now = case((CostTotal.work_month >= asked.months.first, True), else_=False).label("now")
    columns = (CostTotal.kind, CostTotal.sector_id, CostTotal.category, CostTotal.amount, CostTotal.hours)
    wanted = [
        or_(
            CostTotal.work_month.between(asked.months.first, asked.months.last),
            CostTotal.work_month.between(before.first, before.last),
        ),
        or_(
            and_(CostTotal.kind == "hired", CostTotal.source == asked.source),
            and_(CostTotal.kind == "own", CostTotal.source == "ledger"),
        ),
    ]
    if asked.units:
        wanted.append(CostTotal.unit_id.in_(sorted(asked.units)))
    chosen = select(now, *columns).where(*wanted).subquery("chosen")
    keys = [chosen.c[name] for name in ("kind", "now", "sector_id", "category")]
    sums = select(*keys, func.sum(chosen.c.amount), func.sum(chosen.c.hours)).group_by(*keys)
    cells: dict[tuple[Any, str | None], Figures] = {}
    for row in session.execute(sums):
        kind, is_now, sector, category, amount, hours = cast("tuple[Any, ...]", row)
        for place in ((ALL, ALL), (sector, ALL), (ALL, category), (sector, category)):
            if place not in cells:
                cells[place] = Figures(len(asked.months), asked.denominator, compared=asked.compared)
            cells[place].add(kind, is_now, amount, hours)
    return HalfYear(asked, _sectors(session, cells), cells)


def _sectors(session: TenantSession, cells: Mapping[tuple[Any, str | None], Figures]) -> dict[Any, str]:
    """Return the sectors that there is anything of, and None where something has no sector."""
    there = {sector for sector, _ in cells if sector != ALL}
    rows = session.execute(select(Sector.id, Sector.name).order_by(Sector.id))
    named: dict[UUID | None, str] = {row[0]: row[1] for row in rows if row[0] in there}
    return named | ({None: ""} if None in there else {})


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as others have published it; `certainty` is public_body, second_hand or derived.

    `figure` is cost, share or change, of a `category` and of the sectors whose names begin with `sector`;
    empty: of all, and for what the report does not have.
    """

    scope: str
    period: str
    measure: str
    value: str
    unit: str
    source: str
    certainty: str
    figure: str = ""
    category: str = ""
    sector: str = ""

    def whom(self, region: str) -> str:
        """Return whom it is about: the country, or the region of this name; empty for other regions."""
        if self.scope == COUNTRY:
            return COUNTRY
        return next((part for part in self.scope.split(", ") if part in region), "")


@cache
def published() -> Sequence[Published]:
    """Return the published figures, the newest period first."""
    text = (files("samplan_agency") / "data" / "bemanningstrenden.csv").read_text("utf-8")
    rows = [Published(**row) for row in csv.DictReader(text.splitlines())]
    return sorted(rows, key=lambda row: row.period, reverse=True)


def beside(found: HalfYear, region: str) -> list[tuple[Published, Figures | None]]:
    """Return what others have published of the report's period, each with the report's figures of the same.

    Without a region's name only of the country. None: the report has no such sector.
    """
    period = spell_months(found.asked.months)
    pairs: list[tuple[Published, Figures | None]] = []
    for row in published():
        if row.period == period and row.figure and row.whom(region):
            own = _sector_of(found, row.sector)
            pairs.append((row, None if own is None else found.cell(own[0], row.category or ALL)))
    return pairs


def _sector_of(found: HalfYear, begins: str) -> tuple[Any] | None:
    """Return the key of the sector whose name begins like this; None where there is none."""
    if not begins:
        return (ALL,)
    return next(((key,) for key, name in found.sectors.items() if name.casefold().startswith(begins)), None)
