"""Where a period stands on its way to publication, what was published, and what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.publication import (
    FrozenShift,
    State,
    Step,
    changed_cells,
    is_late,
    may_follow,
    seal,
)
from samplan_rostering.models import (
    PeriodStep,
    Publication,
    PublicationShift,
    Roster,
    RosterPeriod,
)
from samplan_rostering.queries.plan import Plan, PlanPerson, PlanShift, frozen_shift, roster_plan


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a period stands: its state, its chosen roster, and the mark of just this situation."""

    period: RosterPeriod
    state: State
    roster: Roster | None
    last: PeriodStep | None
    mark: str

    def allows(self, step: Step) -> bool:
        """Tell whether the step may be taken now."""
        return may_follow(step, self.state)


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that is another now than it was published, or published otherwise than it was optimised."""

    person: PlanPerson
    on: date
    planned: PlanShift | None
    published: PlanShift | None
    now: PlanShift | None


def get_period(session: TenantSession, period_id: UUID, *, lock: bool = False) -> RosterPeriod:
    """Return a period, locked where a step is to be taken; raises `NotFound`."""
    period = session.get(
        RosterPeriod, (session.tenant_id, period_id), with_for_update=lock, populate_existing=lock
    )
    if period is None:
        raise NotFound(_("There is no such period."))
    return period


def standing_of(session: TenantSession, period: RosterPeriod) -> Standing:
    """Return where a period stands; the mark is another after every step and every change of the roster."""
    chosen = session.scalar(select(Roster).where(Roster.period_id == period.id, Roster.chosen))
    last = steps(session, period.id, limit=1)
    said = (period.state, chosen and chosen.id, chosen and chosen.version, last and last[0].id)
    return Standing(
        period=period,
        state=State(period.state),
        roster=chosen,
        last=last[0] if last else None,
        mark=hashlib.sha256(repr([str(part) for part in said]).encode()).hexdigest()[:16],
    )


def steps(session: TenantSession, period_id: UUID, limit: int = 100) -> Sequence[PeriodStep]:
    """Return the newest steps of a period, the newest first."""
    query = select(PeriodStep).where(PeriodStep.period_id == period_id)
    return session.scalars(query.order_by(PeriodStep.id.desc()).limit(limit)).all()


def decided_version(session: TenantSession, period_id: UUID) -> int | None:
    """Return the version of the roster that was decided last."""
    query = select(PeriodStep.roster_version).where(
        PeriodStep.period_id == period_id, PeriodStep.step == Step.DECIDE
    )
    return session.scalar(query.order_by(PeriodStep.id.desc()).limit(1))


def publications(session: TenantSession, period_id: UUID) -> Sequence[Publication]:
    """Return a period's publications, the newest first."""
    query = select(Publication).where(Publication.period_id == period_id)
    return session.scalars(query.order_by(Publication.number.desc())).all()


def newest_publication(session: TenantSession, period_id: UUID) -> Publication | None:
    """Return a period's publication in force."""
    found = publications(session, period_id)
    return found[0] if found else None


def get_publication(session: TenantSession, publication_id: UUID) -> Publication:
    """Return a publication; raises `NotFound`."""
    found = session.get(Publication, (session.tenant_id, publication_id))
    if found is None:
        raise NotFound(_("There is no such publication."))
    return found


def frozen_shifts(session: TenantSession, publication_id: UUID) -> list[FrozenShift]:
    """Return a publication's shifts."""
    query = select(PublicationShift).where(PublicationShift.publication_id == publication_id)
    return [frozen_shift(row) for row in session.scalars(query)]


def is_intact(session: TenantSession, publication: Publication) -> bool:
    """Tell whether a publication's shifts are those that were sealed."""
    shifts = frozen_shifts(session, publication.id)
    return seal(publication.period_id, publication.number, shifts) == publication.sha256


def was_late(publication: Publication) -> bool:
    """Tell whether people learned of it later than the notice asked for at the time."""
    return is_late(publication.lead_days, publication.notice_days)


def differences(planned: Plan | None, published: Plan, now: Plan) -> list[ChangedCell]:
    """Return the cells in which what was planned, what was published and what holds now are not all alike."""
    before = planned if planned is not None else published
    cells = set(changed_cells(before.frozen, published.frozen))
    cells |= set(changed_cells(published.frozen, now.frozen))
    people = {person.id: person for plan in (published, now, before) for person in plan.people}
    was, frozen, is_ = before.cells, published.cells, now.cells
    return [
        ChangedCell(people[cell[0]], cell[1], was.get(cell), frozen.get(cell), is_.get(cell))
        for cell in sorted(cells, key=lambda cell: (cell[1], people[cell[0]].shown))
    ]


def plan_now(session: TenantSession, standing: Standing) -> Plan | None:
    """Return who works what by the chosen roster as it is now; None where none is chosen."""
    if standing.roster is None:
        return None
    return roster_plan(session, standing.period.id, standing.roster.id)
