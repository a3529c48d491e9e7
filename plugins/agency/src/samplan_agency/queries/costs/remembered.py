"""What pages compute of thousands of rows, remembered in the process until one of these is renewed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Date, String, cast, column, select, values

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import Months
from samplan_agency.models import CostTotal

Found = TypeVar("Found")
Vintage: TypeAlias = tuple[tuple[date, str], ...]
_Key: TypeAlias = tuple[UUID, Hashable, Hashable]
MOST = 24
"""How many answers a process remembers."""
_DRAWN = 24
_kept: OrderedDict[_Key, Any] = OrderedDict()
_lock = Lock()


def remembered(
    session: TenantSession, source: str, months: Months, asked: Hashable, compute: Callable[[], Found]
) -> Found:
    """Return what `compute` finds of these months' costs, or what it found when it was asked the same.

    `asked` names what is computed and holds all else that it depends on. The answer is shared by requests:
    nobody changes it. It is not given again once a month of it has been renewed.
    """
    return remembered_by(session, (source, vintage(session, source, months)), asked, compute)


def remembered_by(
    session: TenantSession, state: Hashable, asked: Hashable, compute: Callable[[], Found]
) -> Found:
    """Return what `compute` finds, or what it found when it was asked the same in the same state.

    `state` is another as soon as anything has changed that the answer is computed of.
    """
    key = session.tenant_id, state, asked
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Found = _kept[key]
            return found
    found = compute()
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Forget all, as at the start of a process: what a first look takes is measured after it."""
    with _lock:
        _kept.clear()


def vintage(session: TenantSession, source: str, months: Months) -> Vintage:
    """Return which sums of these months there are: by month, what the ids of its rows begin with.

    A month's sums are always made together, and what their ids begin with is drawn anew each time: it never
    comes back, whatever was read in or taken back.
    """
    wanted = values(column("month", Date), name="wanted").data([(month,) for month in months])
    drawn = (
        select(cast(CostTotal.id, String))
        .where(CostTotal.source == source, CostTotal.work_month == cast(wanted.c.month, Date))
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(select(wanted.c.month, drawn))
    return tuple(sorted((month, drawn[:_DRAWN]) for month, drawn in rows if drawn is not None))
