"""Lists of periods, benchmark problems and rosters; the number of queries does not grow with the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import NotFound, OrgUnit, TenantSession, _
from samplan_rostering.models import BenchmarkProblem, PeriodEmployee, Roster, RosterPeriod, Ward
from samplan_rostering.queries.solving.best import rosters_in_force


@dataclass(frozen=True, slots=True)
class PeriodOverview:
    """A period as lists show it, with its roster in force."""

    id: UUID
    unit_code: str
    unit_name: str
    name: str
    start: date
    end: date
    state: str
    version: int
    updated_at: datetime
    employees: int
    roster: Roster | None

    @property
    def open(self) -> bool:
        """Whether its input may be replaced: it is neither decided nor published."""
        return self.state in {"draft", "consultation"}

    @property
    def days(self) -> int:
        """Number of dates in the period."""
        return (self.end - self.start).days + 1


def newest_periods(session: TenantSession, limit: int) -> list[PeriodOverview]:
    """Return the periods that begin last."""
    latest = select(RosterPeriod).order_by(RosterPeriod.start_date.desc(), RosterPeriod.id).limit(limit)
    return overviews(session, session.scalars(latest).all())


def overview(session: TenantSession, period_id: UUID) -> PeriodOverview:
    """Return one period; raises `NotFound`."""
    period = session.get(RosterPeriod, (session.tenant_id, period_id))
    if period is None:
        raise NotFound(_("There is no such roster period."))
    return overviews(session, [period])[0]


def overviews(session: TenantSession, rows: Sequence[RosterPeriod]) -> list[PeriodOverview]:
    """Return what lists show of these periods, in their order."""
    ids = [row.id for row in rows]
    wards = select(Ward.id, OrgUnit).join(OrgUnit, OrgUnit.id == Ward.unit_id)
    units = dict(session.execute(wards.where(Ward.id.in_({row.ward_id for row in rows}))).all())
    counted = (
        select(PeriodEmployee.period_id, func.count())
        .where(PeriodEmployee.period_id.in_(ids))
        .group_by(PeriodEmployee.period_id)
    )
    employees = dict(session.execute(counted).all())
    rosters = {roster.period_id: roster for roster in rosters_in_force(session, Roster.period_id.in_(ids))}
    return [
        PeriodOverview(
            id=row.id,
            unit_code=units[row.ward_id].code,
            unit_name=units[row.ward_id].name,
            name=row.name,
            start=row.start_date,
            end=row.end_date,
            state=row.state,
            version=row.version,
            updated_at=row.updated_at,
            employees=employees.get(row.id, 0),
            roster=rosters.get(row.id),
        )
        for row in rows
    ]


def problems(session: TenantSession, limit: int) -> Sequence[BenchmarkProblem]:
    """Return the newest benchmark problems."""
    newest = select(BenchmarkProblem).order_by(BenchmarkProblem.id.desc()).limit(limit)
    return session.scalars(newest).all()


def get_problem(session: TenantSession, problem_id: UUID) -> BenchmarkProblem:
    """Return a benchmark problem; raises `NotFound`."""
    problem = session.get(BenchmarkProblem, (session.tenant_id, problem_id))
    if problem is None:
        raise NotFound(_("There is no such benchmark problem."))
    return problem


def source_exists(session: TenantSession, source_id: UUID) -> bool:
    """Tell whether there is such a period or benchmark problem."""
    key = (session.tenant_id, source_id)
    return session.get(RosterPeriod, key) is not None or session.get(BenchmarkProblem, key) is not None


def get_roster(session: TenantSession, roster_id: UUID) -> Roster:
    """Return a roster of a period or problem; raises `NotFound`, for a scenario's too: few may see these."""
    roster = session.get(Roster, (session.tenant_id, roster_id))
    if roster is None or roster.scenario_id is not None:
        raise NotFound(_("There is no such roster."))
    return roster
