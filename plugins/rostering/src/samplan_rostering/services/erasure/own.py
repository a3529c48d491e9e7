"""Erasing what somebody has done on pages of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select

from samplan.plugin_api import TenantSession
from samplan_rostering.models import AbsenceRequest, Swap, WishAnswer


def _theirs(employee_id: UUID) -> dict[str, tuple[Any, ColumnElement[bool]]]:
    """Return the tables by their name in the report, with what chooses the person's rows."""
    return {
        "rostering.wish_answer": (WishAnswer, WishAnswer.employee_id == employee_id),
        "rostering.absence_request": (AbsenceRequest, AbsenceRequest.employee_id == employee_id),
        "rostering.swap": (Swap, or_(Swap.giver_id == employee_id, Swap.taker_id == employee_id)),
    }


def count_own_requests(session: TenantSession, employee_id: UUID) -> dict[str, int]:
    """Return how many rows there are, by table."""
    return {
        name: session.scalar(select(func.count()).select_from(model).where(where)) or 0
        for name, (model, where) in _theirs(employee_id).items()
    }


def delete_own_requests(session: TenantSession, employee_id: UUID) -> None:
    """Delete answers, requests and swaps; a swap that was approved stays in the roster's log of changes."""
    for model, where in _theirs(employee_id).values():
        session.execute(delete(model).where(where))
