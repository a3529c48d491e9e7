"""What the page of a roster shows, whole or in the parts that a change renews."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from samplan.plugin_api import can, current_principal, current_session
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.rosters.desks import Desk, shared_in
from samplan_rostering.queries.rosters.edits import EditLine, Turns, edit_lines, turns
from samplan_rostering.queries.rosters.stored import shown_roster


@dataclass(frozen=True, slots=True)
class Editing:
    """How the reader may change the roster: not at all, not while it is decided, for a reason, or freely."""

    allowed: bool
    decided: bool
    published: bool
    turns: Turns
    lines: list[EditLine]

    @property
    def on(self) -> bool:
        """Whether the grid takes changes."""
        return self.allowed and not self.decided


def page_context(desk: Desk, only: Collection[str] | None = None) -> dict[str, Any]:
    """Return what the templates show of a roster, as far as its reader may see.

    Absences' kinds, wishes, shares and who changed what are for those who plan. Of people who are not
    in `only` the grid has no cells.
    """
    session, principal = current_session(), current_principal()
    private = can(principal, Allow.READ_WARD)
    evaluation, known = desk.evaluation(), desk.known
    shown = shown_roster(
        desk.roster, desk.ward, desk.stands, evaluation, private=private, known=known, only=only
    )
    return {
        "roster": desk.roster,
        "grid": shown.grid,
        "check": shown.check,
        "changed": shown.changed,
        "away": shown.away,
        "absences": sorted({row.kind for row in shown.grid.ward.absences}),
        "wishes": bool(shown.grid.ward.wishes),
        "fairness": shared_in(desk) if private else None,
        "editing": Editing(
            allowed=can(principal, Allow.EDIT_ROSTER),
            decided=desk.period.state == "decided",
            published=desk.period.state == "published",
            turns=turns(session, desk.roster.id),
            lines=edit_lines(session, desk.roster.id, desk.period.id) if private else [],
        ),
    }
