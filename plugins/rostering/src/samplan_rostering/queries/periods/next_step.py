"""How far a period has come on its way to a published roster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.wishing import WindowState
from samplan_rostering.models import Requirement, Roster, RosterPeriod
from samplan_rostering.queries.requests.wishing import state_of, window_of
from samplan_rostering.queries.solving.best import rosters_in_force


@dataclass(frozen=True, slots=True)
class Reached:
    """What a period has by now: a draft its roster, else whether it `asks` for anybody and its window."""

    state: str
    start: date
    asks: bool = False
    roster: Roster | None = None
    wishes: WindowState | None = None


def reached(session: TenantSession, period_id: UUID, now: datetime) -> Reached:
    """Return how far a period has come; raises `NotFound`."""
    period = session.get(RosterPeriod, (session.tenant_id, period_id))
    if period is None:
        raise NotFound(_("There is no such roster period."))
    found = Reached(period.state, period.start_date)
    if period.state != "draft":
        return found
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    if roster is not None:
        return replace(found, asks=True, roster=roster)
    window = window_of(session, period_id)
    return replace(
        found,
        asks=bool(session.scalar(select(exists().where(Requirement.period_id == period_id)))),
        wishes=None if window is None else state_of(window, period, now),
    )
