"""The API of changes by hand: a log that grows, and what a change does told with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from samplan.plugin_api import (
    current_principal,
    current_session,
    now,
    requires,
)
from samplan_rostering.api import edit_schemas as schemas
from samplan_rostering.api.versions import VersionHeadersSchema, stale_refused, tag, version_given
from samplan_rostering.explanation.values import effect_value
from samplan_rostering.explanation.words import Words
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.edits import edit_lines, lines_of
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Edited, Editor, edit_roster, redo_edit, undo_edit

blueprint = Blueprint("rostering_edits", __name__, description="Changing a roster by hand")


@blueprint.get("/rosters/<uuid:roster_id>/edits")
@requires(Allow.READ_WARD)
@blueprint.arguments(schemas.EditsQuerySchema, location="query")
@blueprint.response(200, schemas.EditsSchema)
def get_edits(query: dict[str, Any], roster_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    """List the newest changes of a roster, newest first; `ETag` is what a change must be based on."""
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    lines = edit_lines(session, roster_id, roster.period_id, limit=query["limit"], after=query["after"])
    return {"version": roster.version, "edits": lines}, tag(roster.version)


@blueprint.post("/rosters/<uuid:roster_id>/edits")
@requires(Allow.EDIT_ROSTER)
@blueprint.arguments(VersionHeadersSchema, location="headers")
@blueprint.arguments(schemas.EditSchema)
@blueprint.response(201, schemas.EditedSchema)
def post_edit(_headers: dict[str, Any], body: dict[str, Any], roster_id: UUID) -> Any:
    """Change cells of a roster, undo or redo; `If-Match` says which version the change is based on.

    What breaks a rule is told in the answer, not refused. 412: the roster is newer; 409: the period
    forbids it; 422: the change makes no sense, as the message says.
    """
    session = current_session()
    periods.get_roster(session, roster_id)
    editor = Editor(current_principal().account_id, now(), version_given(), body["reason"])
    with stale_refused():
        if body["turn"] is None:
            wanted = [
                Wanted(item["employee"], item["date"], item["shift"], item["locked"])
                for item in body["cells"]
            ]
            made = edit_roster(session, roster_id, editor, wanted)
        else:
            made = (undo_edit if body["turn"] == "undo" else redo_edit)(session, roster_id, editor)
    return _value(made), tag(made.edit.number)


def _value(made: Edited) -> dict[str, Any]:
    words = Words.of_ward(made.desk.stands.ward)
    (line,) = lines_of(current_session(), [made.edit], made.desk.period.id)
    return {"version": made.edit.number, "edit": line, "effect": effect_value(made.effect, words)}
