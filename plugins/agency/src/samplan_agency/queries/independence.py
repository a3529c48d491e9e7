"""Plans for independence, how it is now by the ledger, and where a plan leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession, _
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.ratios import EMPLOYERS_CONTRIBUTIONS, HOURS_PER_FTE_MONTH, TARGET_SHARE
from samplan_agency.domain.way import Hired, Start
from samplan_agency.independence_schema import action_of
from samplan_agency.models import CostTotal, Delivery, IndependencePlan
from samplan_agency.queries.costs.sums import Choice, CostSum, cost_sums
from samplan_agency.queries.measures.report import newest_delivery
from samplan_agency.queries.measures.standing import known_months
from samplan_agency.queries.parameters import Number, number_on
from samplan_agency.queries.rows import get_row

if TYPE_CHECKING:
    from samplan_agency.domain.independence import Way

YEAR = 12


@dataclass(frozen=True, slots=True)
class Now:
    """How it is now: a usual month of the newest fully invoiced ones, and the numbers that count."""

    start: Start
    months: Months
    hours_per_fte: Number
    target: Number
    contributions: Number
    delivery: Delivery | None

    def fte(self, category: str) -> float:
        """Return the full-time equivalents that are hired in a profession."""
        hired = self.start.hired.get(category)
        return hired.hours / self.start.hours_per_fte if hired else 0.0


def now_of(session: TenantSession, today: date, provisional: int) -> Now | None:
    """Return the mean of at most twelve fully invoiced months with own staff's cost; None without any."""
    final = known_months(session, provisional).final
    own_cost = CostTotal.source == "ledger", CostTotal.kind == "own"
    first, last = (
        session.scalar(select(end(CostTotal.work_month)).where(*own_cost)) for end in (func.min, func.max)
    )
    if final is None or first is None or last is None or first > final:
        return None
    last = min(final, last)
    months = Months(max(first, plus_months(last, 1 - YEAR)), last)
    sums = cost_sums(session, Choice(months, kinds=("hired", "own")), ("kind", "category"))
    own = sum((one.amount for one in sums if one.key[0] == "own"), Decimal(0))
    hired = _hired([one for one in sums if one.key[0] == "hired"], len(months))
    hours, target = (number_on(session, name, today) for name in (HOURS_PER_FTE_MONTH, TARGET_SHARE))
    start = Start(hired, float(own) / len(months), float(hours.value), float(target.value))
    contributions = number_on(session, EMPLOYERS_CONTRIBUTIONS, today)
    return Now(start, months, hours, target, contributions, newest_delivery(session))


def _hired(sums: Sequence[CostSum], months: int) -> dict[str, Hired]:
    """Return hired staff of a usual month by profession; what has none is counted among the others."""
    found: dict[str, Hired] = {}
    for category in {one.key[1] or "other" for one in sums}:
        own = [one for one in sums if (one.key[1] or "other") == category]
        hours, cost = (sum(getattr(one, name) for one in own) for name in ("hours", "amount"))
        if cost > 0:
            found[category] = Hired(float(hours) / months, float(cost) / months)
    return found


def plan_rows(session: TenantSession) -> Sequence[IndependencePlan]:
    """Return the plans by name."""
    return session.scalars(select(IndependencePlan).order_by(IndependencePlan.name)).all()


def get_plan_row(session: TenantSession, plan_id: UUID, *, lock: bool = False) -> IndependencePlan:
    """Return a plan, for others locked until the end of the transaction with `lock`; raises `NotFound`."""
    return get_row(session, IndependencePlan, plan_id, _("There is no such plan."), lock=lock)


def way_for(plan: IndependencePlan, now: Now) -> Way:
    """Return where a plan leads; raises `Invalid` for actions that cannot be read."""
    from samplan_agency.domain.independence import way_of

    actions = [action_of(content, float(now.contributions.value)) for content in plan.actions]
    return way_of(now.start, actions, plan.first_month, plan.months)
