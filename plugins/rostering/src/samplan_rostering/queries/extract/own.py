"""What somebody has done on pages of their own, as parts of a register extract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, or_, select

from samplan.plugin_api import _l
from samplan_rostering.models import AbsenceRequest, RosterPeriod, Swap, WishAnswer


def own_requests(employee_id: UUID) -> Iterator[tuple[str, Any, Select[*tuple[Any, ...]]]]:
    """Give the answers about wishes, the absences asked for, and the swaps; without the colleague's name."""
    yield (
        "wish_answer",
        _l("Answers about wishes"),
        select(RosterPeriod.name.label("period"), WishAnswer.answered_at)
        .join(RosterPeriod, RosterPeriod.id == WishAnswer.period_id)
        .where(WishAnswer.employee_id == employee_id)
        .order_by(RosterPeriod.start_date),
    )
    asked = AbsenceRequest
    yield (
        "absence_request",
        _l("Absences asked for"),
        select(
            asked.first_date,
            asked.last_date,
            asked.start_time,
            asked.end_time,
            asked.kind,
            asked.state,
            asked.requested_at,
            asked.decided_at,
        )
        .where(asked.employee_id == employee_id)
        .order_by(asked.first_date),
    )
    yield _swaps(employee_id)


def _swaps(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    gives = Swap.giver_id == employee_id
    return (
        "swap",
        _l("Swaps with colleagues"),
        select(
            RosterPeriod.name.label("period"),
            case((gives, "proposes"), else_="is asked").label("part"),
            Swap.given_on,
            Swap.taken_on,
            Swap.state,
            Swap.proposed_at,
            Swap.answered_at,
            Swap.decided_at,
        )
        .join(RosterPeriod, RosterPeriod.id == Swap.period_id)
        .where(or_(gives, Swap.taker_id == employee_id))
        .order_by(Swap.proposed_at),
    )
