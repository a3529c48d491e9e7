"""Where a period stands on its way to publication, what was published, and what has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.domain.publication import (
    Cell,
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
    RosterEdit,
    RosterPeriod,
    ShiftType,
    Ward,
)
from samplan_rostering.queries.rosters.plan import Plan, PlanPerson, PlanShift, frozen_shift, roster_plan


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
    planned: PlanShift | PlannedShift | None
    published: PlanShift | None
    now: PlanShift | None


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift that was there before somebody edited the cell."""

    code: str
    name: str
    kind: str


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


def differences(planned: Mapping[Cell, PlannedShift | None], published: Plan, now: Plan) -> list[ChangedCell]:
    """Return the cells in which what was planned, what was published and what holds now are not all alike.

    `planned` has the cells that somebody has edited; all others are as they were planned.
    """
    frozen, holds = published.cells, now.cells
    cells = set(changed_cells(published.frozen, now.frozen))
    cells |= {cell for cell, was in planned.items() if _code(was) != _code(frozen.get(cell))}
    people = {person.id: person for plan in (published, now) for person in plan.people}
    return [
        ChangedCell(
            people[cell[0]],
            cell[1],
            planned[cell] if cell in planned else frozen.get(cell),
            frozen.get(cell),
            holds.get(cell),
        )
        for cell in sorted(
            (cell for cell in cells if cell[0] in people), key=lambda cell: (cell[1], people[cell[0]].shown)
        )
    ]


def planned_cells(
    session: TenantSession, period_id: UUID, roster_id: UUID
) -> dict[Cell, PlannedShift | None]:
    """Return what stood at first in each cell that somebody has edited by hand, as the search left it."""
    log = select(RosterEdit.changes).where(RosterEdit.roster_id == roster_id).order_by(RosterEdit.number)
    first: dict[Cell, str] = {}
    for changes in session.scalars(log):
        for change in changes:
            cell = UUID(change["employee"]), date.fromisoformat(change["date"])
            first.setdefault(cell, change["before"] or "")
    own = select(RosterPeriod.ward_id).where(RosterPeriod.id == period_id).scalar_subquery()
    rows = session.execute(
        select(ShiftType, OrgUnit.code, ShiftType.ward_id == own)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(ShiftType.id.in_({UUID(key) for key in first.values() if key}))
    )
    shifts = {
        str(row.id): PlannedShift(row.code if here else f"{unit}/{row.code}", row.name, row.kind)
        for row, unit, here in rows
    }
    return {cell: shifts.get(key) for cell, key in first.items()}


def _code(shift: PlanShift | PlannedShift | None) -> str:
    return shift.code if shift else ""


def plan_now(session: TenantSession, standing: Standing) -> Plan | None:
    """Return who works what by the chosen roster as it is now; None where none is chosen."""
    if standing.roster is None:
        return None
    return roster_plan(session, standing.period.id, standing.roster.id)
