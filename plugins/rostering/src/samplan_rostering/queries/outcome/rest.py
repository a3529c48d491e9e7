"""The rest that disturbed standby asks for in a period, person by person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.disturbance import RestOwed, rests_owed
from samplan_rostering.domain.outcome import Work
from samplan_rostering.models import WorkedShift
from samplan_rostering.queries.outcome.days import Outcome, Person
from samplan_rostering.queries.outcome.works import planned_work, works_of_year


@dataclass(frozen=True, slots=True)
class PersonOwed:
    """A person who is owed rest."""

    person: Person
    owed: RestOwed


def people_owed(session: TenantSession, found: Outcome) -> list[PersonOwed]:
    """Return whose next work begins too soon after disturbed standby, and for whom none is known yet.

    What is entered in the days around the period counts too, in any ward; of what is only rostered, this
    period's.
    """
    first, last = found.period.start_date, found.period.end_date
    if not _on_standby(session, found):
        return []
    works = works_of_year(session, found.people, first, last + timedelta(days=1))
    codes = {person.id: person.code for person in found.people}
    ahead: dict[UUID, list[Work]] = defaultdict(list)
    for key, shift in found.rostered.items():
        if key not in found.worked:
            ahead[key[0]].append(planned_work(shift, codes[key[0]]))
    owed = []
    for person in found.people:
        own = rests_owed(works.get(person.code, ()), ahead[person.id], person.day_break, found.zone)
        owed += [
            PersonOwed(person, each) for each in own if each.state != "kept" and first <= each.on <= last
        ]
    return owed


def _on_standby(session: TenantSession, found: Outcome) -> bool:
    """Tell whether anybody has standby in the weeks that are looked at: most wards have none."""
    if any(shift.standby for shift in found.rostered.values()):
        return True
    begin, end = found.period.start_date - timedelta(days=6), found.period.end_date + timedelta(days=7)
    any_standby = (
        WorkedShift.employee_id.in_([person.id for person in found.people]),
        WorkedShift.on_date.between(begin, end),
        WorkedShift.standby_minutes > 0,
    )
    return session.scalar(select(WorkedShift.id).where(*any_standby).limit(1)) is not None
