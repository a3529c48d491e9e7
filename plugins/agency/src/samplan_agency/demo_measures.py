"""Demo data: invented measures of the demo's divisions, with effects planned by what they cost before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_agency.domain.months import Months, month_of, plus_months
from samplan_agency.models import Measure
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.measures.plans import Targets, YearEffect
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.measures.edit import Wanted, add_measure, set_effect

_STEP = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Example:
    """An invented measure: its division's code, and by how many per cent it is to lower what it acts on.

    It begins in a January, or this month where it is `new`; one that has `ended` did so last December.
    """

    code: str
    title: str
    division: str
    owner: str
    category: str
    percent: int
    years_ago: int = 0
    decided: bool = True
    new: bool = False
    ended: bool = False


EXAMPLES = (
    Example("Å1", "Egna sjuksköterskor i stället för inhyrda", "ex-somatik", "Divisionschef", "nurse", 30, 1),
    Example("Å2", "Färre inhyrda läkare i jour", "ex-somatik", "Verksamhetschef kirurgi", "physician", 25),
    Example("Å3", "Gemensam pool för psykiatrin", "ex-psykiatri", "Divisionschef", "nurse", 20),
    Example("Å4", "Fasta läkare på hälsocentraler", "ex-primarvard", "Divisionschef", "physician", 8),
    Example(
        "Å5", "Digital jour nattetid", "ex-primarvard", "Verksamhetschef", "physician", 15, decided=False
    ),
    Example("Å6", "Bemanningsenhet för undersköterskor", "ex-somatik", "HR-direktör", "other", 20, new=True),
    Example("Å7", "Jourlinje delad mellan sjukhus", "ex-psykiatri", "Divisionschef", "physician", 10, -1),
    Example(
        "Å8", "Stopp för inhyrda i mottagning", "ex-primarvard", "Divisionschef", "nurse", 12, 2, ended=True
    ),
)
_SPREAD: Mapping[int, tuple[Decimal, ...]] = MappingProxyType(
    {0: tuple(Decimal(min(number, 6)) for number in range(1, 13)), 1: ()}
)
"""Weights of months by how many years a measure has acted: slowly in the first, evenly later."""


def load_measures(session: TenantSession, today: date) -> None:
    """Add the examples to a demo tenant that has no measure yet."""
    if session.scalar(select(Measure.id).limit(1)) is not None:
        return
    units = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    now = datetime.combine(today, time(8), tzinfo=UTC)
    for example in EXAMPLES:
        if example.division in units:
            _add(session, example, units[example.division], today, now)


def _add(session: TenantSession, example: Example, division: UUID, today: date, now: datetime) -> None:
    first = month_of(today) if example.new else date(today.year - example.years_ago, 1, 1)
    wanted = Wanted(
        example.code,
        f"{example.title} (exempel)",
        example.owner,
        division,
        first,
        description="Exempeldata.",
        decided_by="Regionstyrelsen" if example.decided else None,
        decided_on=date(first.year - 1, 11, 20) if example.decided else None,
        diary_number=f"RS {first.year - 1}-00{example.code[1:]}" if example.decided else None,
        ended_month=date(today.year - 1, 12, 1) if example.ended else None,
        targets=Targets(categories=frozenset({example.category})),
    )
    row = add_measure(session, wanted, now)
    before = Months(plus_months(first, -12), plus_months(first, -1))
    choice = Choice(before, units=unit_tree(session).below(division), categories=(example.category,))
    cost = sum((found.amount for found in cost_sums(session, choice)), Decimal(0))
    for number in range(example.years_ago + 2):
        percent = example.percent * (1 + number)
        amount = (cost * percent / 100 / _STEP).to_integral_value() * _STEP
        if amount > 0:
            effect = YearEffect(first.year + number, amount, _SPREAD[min(number, 1)])
            set_effect(session, row.id, row.version, effect, now)
