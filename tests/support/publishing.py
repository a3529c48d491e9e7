"""Who takes steps with a period's roster in tests, and what the period has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import Employee, Publication, Roster
from samplan_rostering.queries.publishing.publications import get_period, standing_of
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.publishing import steps as publishing
from samplan_rostering.services.publishing.steps import Act
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
EARLY, LATE = date(2026, 12, 1), date(2026, 12, 28)  # the period begins on 4 January
CELLS = Assignment("M01", 1, "D"), Assignment("M02", 4, "N"), Assignment("M03", 3, "D")


@dataclass(slots=True)
class Desk:
    """Somebody who takes steps, always having looked first."""

    session: TenantSession
    period_id: UUID
    rosters: list[UUID]
    by: UUID

    def act(self, comment: str = "", seen: str | None = None) -> Act:
        mark = standing_of(self.session, get_period(self.session, self.period_id)).mark
        return Act(self.by, NOW, seen or mark, comment)

    def consult(self, number: int = 0) -> None:
        publishing.send_to_consultation(self.session, self.period_id, self.rosters[number], self.act("Titta"))

    def decide(self, comment: str = "") -> None:
        publishing.decide(self.session, self.period_id, self.act(comment), accepts=bool(comment))

    def publish(self, comment: str = "", today: date = EARLY) -> Publication:
        return publishing.publish(
            self.session,
            self.period_id,
            self.act(comment),
            today=today,
            notice_days=14,
            accepts=bool(comment),
        )

    @property
    def state(self) -> str:
        return get_period(self.session, self.period_id).state

    def go_all_the_way(self) -> Publication:
        """Publish the first roster."""
        self.consult()
        self.decide()
        return self.publish()

    def free(self, employee: str) -> None:
        """Take somebody's shifts away, as who edits the roster does."""
        roster = self.session.get_one(Roster, (self.session.tenant_id, self.rosters[0]))
        own = select(Employee.id).where(Employee.code == employee).scalar_subquery()
        self.session.execute(
            delete(AssignmentRow).where(
                AssignmentRow.roster_id == roster.id, AssignmentRow.employee_id == own
            )
        )
        roster.version += 1
        self.session.flush()


def make_desk(session: TenantSession, ward: WardData, *rosters: tuple[Assignment, ...]) -> Desk:
    """Store the ward with its rosters."""
    period_id, made = import_ward(session, ward), []
    for cells in rosters:
        found = evaluate_ward(ward, cells)
        made.append(Made(new_id(), new_id(), period_id, input_hash(ward)))
        solution = Solution(Status.FEASIBLE, found.objective, None, 1.0, 1, {}, found.breakdown, cells)
        store_roster(session, made[-1], ward, solution)
    return Desk(session, period_id, [one.roster_id for one in made], new_id())
