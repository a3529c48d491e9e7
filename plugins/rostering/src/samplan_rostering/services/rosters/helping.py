"""What a roster in force of an internal unit means for the wards that its people help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, OrgUnit, TenantSession, _, record
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.models import Roster, RosterPeriod, Ward
from samplan_rostering.queries.rosters.desks import Desk, open_desk
from samplan_rostering.queries.rosters.standing import AWAY
from samplan_rostering.queries.solving.best import rosters_in_force


def helped_wards(
    session: TenantSession, desk: Desk, moved: Iterable[CellChange], today: date, reason: str
) -> Sequence[Roster]:
    """Return the rosters in force of the wards to which somebody comes, or comes no more; locked.

    Raises:
        Conflict: such a ward's roster has been decided.
        Invalid: it has been published, and the date is past or no reason is given.
    """
    dates: dict[str, set[date]] = defaultdict(set)
    for change in moved:
        for code in (change.before, change.after):
            if AWAY in code:
                dates[code.split(AWAY)[0]].add(desk.ward.period.date_of(change.day))
    if not dates or not _in_force(session, desk):
        return ()
    rows = session.execute(
        select(RosterPeriod, OrgUnit)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(OrgUnit.code.in_(dates))
        .order_by(RosterPeriod.id)
        .with_for_update(of=RosterPeriod),
        execution_options={"populate_existing": True},
    )
    periods: list[UUID] = []
    for period, unit in rows:
        within = [on for on in dates[unit.code] if period.start_date <= on <= period.end_date]
        if within:
            _check(period, unit.name, min(within), today, reason)
            periods.append(period.id)
    return rosters_in_force(session, Roster.period_id.in_(periods)) if periods else ()


def _in_force(session: TenantSession, desk: Desk) -> bool:
    found = rosters_in_force(session, Roster.period_id == desk.period.id)
    return any(roster.id == desk.roster.id for roster in found)


def _check(period: RosterPeriod, name: str, first: date, today: date, reason: str) -> None:
    if period.state == "decided":
        raise Conflict(_("The roster of %(unit)s has been decided. Reopen its period first.", unit=name))
    if period.state != "published":
        return
    if first < today:
        message = _("The roster has been published: dates before today are not changed (%(on)s).", on=first)
        raise Invalid(message, {"cells": [message]})
    if not reason.strip():
        message = _("The roster has been published. Say why it is changed.")
        raise Invalid(message, {"reason": [message]})


def count_guests(session: TenantSession, rosters: Iterable[Roster]) -> None:
    """Judge rosters anew with the guests that they have by now, each as a change of its own version."""
    for roster in rosters:
        session.refresh(roster, with_for_update=True)
        evaluation = open_desk(session, roster).evaluation()
        roster.objective = evaluation.objective
        roster.breakdown = {term.value: points for term, points in evaluation.breakdown.items()}
        roster.status = "feasible"
        roster.version += 1
        versions = {"version": roster.version - 1}, {"version": roster.version}
        record(
            session,
            "roster.guests_changed",
            "rostering.roster",
            roster.id,
            before=versions[0],
            after=versions[1],
        )
    session.flush()
