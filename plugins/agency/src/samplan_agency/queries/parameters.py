"""Dated numbers that figures are computed by: the region's own, else the usual ones, with source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.plugin_api import TenantSession
from samplan_agency.domain.ratios import (
    CONTROL_TOLERANCE,
    EMPLOYERS_CONTRIBUTIONS,
    HOURS_PER_FTE_MONTH,
    TARGET_SHARE,
)
from samplan_agency.models import Parameter


@dataclass(frozen=True, slots=True)
class Number:
    """A number in force, from when it holds, and where it comes from."""

    value: Decimal
    valid_from: date
    source: str


USUAL = {
    HOURS_PER_FTE_MONTH: Number(Decimal(165), date(2000, 1, 1), "Region Jämtland Härjedalen, 2023"),
    EMPLOYERS_CONTRIBUTIONS: Number(
        Decimal("31.42"),
        date(2025, 1, 1),
        "Arbetsgivaravgifter 2025 och 2026, andrahandsuppgift, att bekräfta",
    ),
    TARGET_SHARE: Number(Decimal(2), date(2017, 1, 1), "SKR, nationell indikator för oberoende"),
    CONTROL_TOLERANCE: Number(Decimal(1), date(2000, 1, 1), "Avrundning till hela kronor"),
}


def number_on(session: TenantSession, name: str, day: date) -> Number:
    """Return a number as it is on a date; KeyError for a name that there is not."""
    return numbers_on(session, (name,), day)[0]


def numbers_on(session: TenantSession, names: Sequence[str], day: date) -> list[Number]:
    """Return several numbers as they are on a date, in this order; KeyError for a name that there is not."""
    rows = session.execute(
        select(Parameter.name, Parameter.value, Parameter.valid_from, Parameter.source)
        .where(Parameter.name.in_(names), Parameter.valid_from <= day)
        .ext(distinct_on(Parameter.name))
        .order_by(Parameter.name, Parameter.valid_from.desc())
    )
    found = {row.name: Number(row.value, row.valid_from, row.source) for row in rows}
    return [found.get(name) or USUAL[name] for name in names]
