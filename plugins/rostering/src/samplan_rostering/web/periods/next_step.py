"""What comes next for a period, as links on each of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import request, url_for

from samplan.plugin_api import _, can, current_principal, current_session, now, today
from samplan_rostering.domain.wishing import WindowState
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods.next_step import Reached, reached


@dataclass(frozen=True, slots=True)
class NextStep:
    """A link to what can be done next, and who may."""

    url: str
    label: str
    permission: Allow


def next_steps(period_id: UUID) -> list[NextStep]:
    """Return what the reader may do next: of this, what comes after the page that is open."""
    principal = current_principal()
    found = [
        step
        for step in _steps(period_id, reached(current_session(), period_id, now()), today())
        if can(principal, step.permission)
    ]
    here = next((place for place, step in enumerate(found) if step.url == request.path), None)
    return found if here is None else found[here + 1 :]


def _steps(period_id: UUID, has: Reached, on: date) -> Iterator[NextStep]:
    def to(page: str, label: str, permission: Allow) -> NextStep:
        return NextStep(url_for(f"rostering.{page}", period_id=period_id), label, permission)

    if has.state == "draft" and not has.asks:
        yield to("period_coverage", _("Choose requirements"), Allow.WRITE_WARD)
    elif has.state == "draft" and has.roster is None:
        if has.start > on and has.wishes in (None, WindowState.COMING):
            yield to("period_wishes", _("Open for wishes"), Allow.MANAGE_WISHES)
        waits = has.wishes is WindowState.OPEN
        yield to(
            "optimise", _("Optimise when the wishes are in") if waits else _("Optimise"), Allow.SOLVE_ROSTER
        )
    elif has.state == "draft" and has.roster is not None:
        page = url_for("rostering.roster", roster_id=has.roster.id)
        yield NextStep(page, _("Show roster %(number)s", number=has.roster.number), Allow.CONSULT_ROSTER)
        yield to("publication", _("Send to consultation"), Allow.CONSULT_ROSTER)
    elif has.state == "consultation":
        yield to("consultation", _("Read and leave comments"), Allow.COMMENT_ROSTER)
        yield to("publication", _("Decide on the roster"), Allow.PUBLISH_ROSTER)
    elif has.state == "decided":
        yield to("publication", _("Publish"), Allow.PUBLISH_ROSTER)
    elif has.start <= on:
        yield to("period_outcome", _("Enter what was worked"), Allow.WRITE_OUTCOME)
