"""Which of the rosters of a period or benchmark problem is the best, and which is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ColumnExpressionArgument, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.rules import Term
from samplan_rostering.models import Roster


def rosters_in_force(session: TenantSession, *where: ColumnElement[bool]) -> Sequence[Roster]:
    """Return for each period the chosen roster or else the best, of those that the conditions choose."""
    query = select(Roster).where(Roster.period_id.is_not(None), *where).ext(distinct_on(Roster.period_id))
    return session.scalars(query.order_by(Roster.period_id, Roster.chosen.desc(), *best_first())).all()


def best_first() -> tuple[ColumnExpressionArgument[Any], ...]:
    """Return the order of the rosters of one period or problem.

    First those that were made from the same input as the newest, because only these can be compared with it;
    then by what the missing people below the minimum cost, by all penalty points, and by age, newest first.
    """
    other = aliased(Roster)
    newest_input = (
        select(other.input_hash)
        .where(
            or_(  # one of them is set; written so that each can go by its index
                other.period_id == Roster.period_id,
                other.problem_id == Roster.problem_id,
                other.scenario_id == Roster.scenario_id,
            )
        )
        .order_by(other.number.desc())
        .limit(1)
        .correlate(Roster)
        .scalar_subquery()
    )
    missing = func.coalesce(cast(Roster.breakdown[Term.UNDER_MINIMUM.value].as_string(), BigInteger), 0)
    return (Roster.input_hash == newest_input).desc(), missing, Roster.objective, Roster.number.desc()
