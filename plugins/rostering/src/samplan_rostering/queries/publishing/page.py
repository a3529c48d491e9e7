"""What the pages of consultation and publication show, with the names of who did what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from samplan.plugin_api import TenantSession, _, members_by_account
from samplan_rostering.domain.publication import State, changed_cells, is_late, lead_days
from samplan_rostering.models import PeriodComment, PeriodStep, Publication
from samplan_rostering.queries.periods.lists import PeriodOverview, overview
from samplan_rostering.queries.publishing.publications import (
    ChangedCell,
    Standing,
    differences,
    get_period,
    get_publication,
    is_intact,
    plan_now,
    planned_cells,
    publications,
    standing_of,
    steps,
    was_late,
)
from samplan_rostering.queries.rosters.checks import RosterCheck
from samplan_rostering.queries.rosters.edits import EditLine, edit_lines
from samplan_rostering.queries.rosters.plan import Plan, published_plan
from samplan_rostering.queries.rosters.stored import period_roster


@dataclass(frozen=True, slots=True)
class Told:
    """A step, comment or publication with the name of whose it is."""

    row: PeriodStep | PeriodComment | Publication
    who: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before the first date that it concerns something would be published today."""

    first: date
    lead: int
    late: bool


@dataclass(frozen=True, slots=True)
class PublishingPage:
    """Where a period stands, what can be seen of its publications, and what has changed since the last."""

    overview: PeriodOverview
    standing: Standing
    check: RosterCheck | None
    notice: Notice | None
    publications: tuple[Told, ...]
    steps: tuple[Told, ...]
    changed: tuple[ChangedCell, ...]
    edits: tuple[EditLine, ...]

    @property
    def late(self) -> int:
        """How many publications came later than the notice asked for."""
        return sum(told.late for told in self.publications)


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """A publication as it was frozen."""

    period: PeriodOverview
    told: Told
    plan: Plan
    intact: bool
    newest: bool


def publishing_page(
    session: TenantSession, period_id: UUID, *, today: date, notice_days: int, private: bool
) -> PublishingPage:
    """Return what the page of a period's publication shows; raises `NotFound`.

    Without `private` nothing is said of who changed what and why, nor of rules for one person.
    """
    period = get_period(session, period_id)
    stands, found, taken = (
        standing_of(session, period),
        publications(session, period_id),
        steps(session, period_id),
    )
    names = names_of(session, {row.published_by for row in found} | {row.by for row in taken if row.by})
    newest = published_plan(session, found[0]) if found else None
    now = plan_now(session, stands)
    changed = _changed(session, stands, newest, now)
    moved = [cell for cell in changed if cell.published != cell.now]
    return PublishingPage(
        overview=overview(session, period_id),
        standing=stands,
        check=_check(session, stands, bool(moved), private),
        notice=_notice(stands, newest, now, today, notice_days),
        publications=tuple(Told(row, _name(names, row.published_by), was_late(row)) for row in found),
        steps=tuple(Told(row, _name(names, row.by)) for row in taken),
        changed=tuple(changed),
        edits=_edits(session, stands, found[0]) if found and private else (),
    )


def published_page(session: TenantSession, publication_id: UUID) -> PublishedPage:
    """Return what the page of a publication shows; raises `NotFound`."""
    row = get_publication(session, publication_id)
    names = names_of(session, {row.published_by})
    return PublishedPage(
        period=overview(session, row.period_id),
        told=Told(row, _name(names, row.published_by), was_late(row)),
        plan=published_plan(session, row),
        intact=is_intact(session, row),
        newest=publications(session, row.period_id)[0].id == row.id,
    )


def comments(session: TenantSession, period_id: UUID, reader: UUID, *, everybody: bool) -> Sequence[Told]:
    """Return what was said of a period's rosters, the newest first.

    Who plans sees what everybody said; others what they said themselves, and what the employer and the union
    did: what colleagues say for themselves may be private.
    """
    query = select(PeriodComment).where(PeriodComment.period_id == period_id)
    if not everybody:
        query = query.where(or_(PeriodComment.by == reader, PeriodComment.speaks_for != "self"))
    rows = session.scalars(query.order_by(PeriodComment.id.desc())).all()
    names = names_of(session, {row.by for row in rows if row.by})
    return [Told(row, _name(names, row.by)) for row in rows]


def names_of(session: TenantSession, accounts: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of members by account."""
    return {account: member.name for account, member in members_by_account(session, accounts).items()}


def _name(names: Mapping[UUID, str], account: UUID | None) -> str:
    return names.get(account, "") if account else _("Erased person")


def _changed(
    session: TenantSession, stands: Standing, newest: Plan | None, now: Plan | None
) -> list[ChangedCell]:
    """Return where what was planned, what was published and what holds now differ."""
    if newest is None or now is None or stands.roster is None:
        return []
    return differences(planned_cells(session, stands.period.id, stands.roster.id), newest, now)


def _edits(session: TenantSession, stands: Standing, newest: Publication) -> tuple[EditLine, ...]:
    """Return who changed what after the newest publication."""
    if stands.roster is None or stands.roster.id != newest.roster_id:
        return ()
    lines = edit_lines(session, newest.roster_id, newest.period_id, limit=100, after=newest.roster_version)
    return tuple(lines)


def _check(session: TenantSession, stands: Standing, changed: bool, private: bool) -> RosterCheck | None:
    """Return what the evaluator says of the chosen roster, where a decision depends on it."""
    if stands.roster is None or stands.roster.period_id is None:
        return None
    if stands.state is State.CONSULTATION or (stands.state is State.PUBLISHED and changed):
        return period_roster(session, stands.roster, stands.roster.period_id, private=private).check
    return None


def _notice(
    stands: Standing, newest: Plan | None, now: Plan | None, today: date, notice_days: int
) -> Notice | None:
    """Return the notice that people would get today, where the next step is to publish."""
    if stands.state not in {State.DECIDED, State.PUBLISHED} or now is None:
        return None
    first = stands.period.start_date
    if newest is not None:
        changed = changed_cells(newest.frozen, now.frozen)
        if not changed and stands.state is State.PUBLISHED:
            return None
        first = changed[0][1] if changed else first
    lead = lead_days(today, first)
    return Notice(first, lead, is_late(lead, notice_days))
