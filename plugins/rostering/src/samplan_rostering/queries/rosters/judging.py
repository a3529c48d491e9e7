"""A stored roster with its ward's input as it is now, ready to be asked what changes would do."""

from __future__ import annotations

from dataclasses import dataclass

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster
from samplan_rostering.queries.rosters.desks import open_desk
from samplan_rostering.queries.rosters.standing import Standing


@dataclass(frozen=True, slots=True)
class Judged:
    """A ward's input as it is now, and a roster of it with the guests that it has."""

    ward: WardData
    stands: Standing
    board: Board
    """The roster, judged once for all who ask."""

    @property
    def cells(self) -> tuple[Assignment, ...]:
        """The roster's assignments."""
        return self.stands.cells

    def judge(self, ward: WardData | None = None) -> Judge:
        """Return a judge of the roster, by another input where one is given."""
        if ward is not None:
            return Judge(ward, self.cells, self.stands.guests)
        return Judge(self.ward, self.cells, self.stands.guests, self.board.evaluation())


def judged(session: TenantSession, roster: Roster) -> Judged:
    """Return a period's roster with what is needed to judge it.

    Raises:
        NotFound: it is a benchmark problem's, or its people work in other wards.
    """
    if roster.period_id is None:
        raise NotFound(_("A benchmark problem's roster cannot be explained here."))
    desk = open_desk(session, roster)
    if desk.board is None:
        raise NotFound(
            _("The people of this roster work in other wards. It is explained by the rosters of those.")
        )
    return Judged(desk.ward, desk.stands, desk.board)
