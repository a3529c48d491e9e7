"""The API's view of what was published: frozen, and the same for ever under its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from samplan.plugin_api import current_session, requires
from samplan_rostering.models import Publication
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.publishing.publications import (
    get_period,
    get_publication,
    is_intact,
    publications,
)
from samplan_rostering.queries.rosters.plan import published_plan

blueprint = Blueprint("rostering_publications", __name__, description="Published rosters")


class PublicationSchema(Schema):
    """A publication without its shifts."""

    id = fields.UUID(required=True)
    period_id = fields.UUID(required=True)
    number = fields.Integer(required=True, metadata={"description": "counts those of the period"})
    roster_id = fields.UUID(required=True)
    roster_version = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)
    first_date = fields.Date(required=True, metadata={"description": "the first that it concerns"})
    lead_days = fields.Integer(required=True, metadata={"description": "days of notice"})
    notice_days = fields.Integer(required=True, metadata={"description": "what the region asks for"})
    changed_cells = fields.Integer(required=True, metadata={"description": "since the one before"})
    sha256 = fields.String(required=True, metadata={"description": "seals the shifts"})


class PublishedShiftSchema(Schema):
    """A published shift."""

    employee = fields.String(required=True, metadata={"description": "employment id"})
    date = fields.Date(required=True, metadata={"description": "on which it begins"})
    unit = fields.String(required=True)
    shift = fields.String(required=True)
    name = fields.String(required=True)
    starts = fields.AwareDateTime(required=True)
    ends = fields.AwareDateTime(required=True)
    break_minutes = fields.Integer(required=True)
    paid_minutes = fields.Integer(required=True)
    on_call_minutes = fields.Integer(required=True, metadata={"description": "at the end, before standby"})
    standby_minutes = fields.Integer(required=True, metadata={"description": "at the very end"})


class PublishedRosterSchema(PublicationSchema):
    """A publication with its shifts; `intact` when they are those that were sealed."""

    intact = fields.Boolean(required=True)
    shifts = fields.List(fields.Nested(PublishedShiftSchema), required=True)


@blueprint.get("/periods/<uuid:period_id>/publications")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, PublicationSchema(many=True))
def list_publications(period_id: UUID) -> Sequence[Publication]:
    """List a period's publications, the newest first: that is the one in force."""
    session = current_session()
    return publications(session, get_period(session, period_id).id)


@blueprint.get("/publications/<uuid:publication_id>")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, PublishedRosterSchema)
def read_publication(publication_id: UUID) -> dict[str, Any]:
    """Return a publication with its shifts; times are those of the ward's clock."""
    session = current_session()
    found = get_publication(session, publication_id)
    plan = published_plan(session, found)
    zone, codes = ZoneInfo(plan.timezone), {person.id: person.code for person in plan.people}
    names = list(PublicationSchema().fields)
    return {name: getattr(found, name) for name in names} | {
        "intact": is_intact(session, found),
        "shifts": [
            {
                "employee": codes[shift.frozen.employee_id],
                "date": shift.frozen.on,
                "unit": shift.frozen.unit,
                "shift": shift.frozen.shift,
                "name": shift.name,
                "starts": shift.frozen.starts_at.astimezone(zone),
                "ends": shift.frozen.ends_at.astimezone(zone),
                "break_minutes": shift.frozen.break_minutes,
                "paid_minutes": shift.frozen.paid_minutes,
                "on_call_minutes": shift.frozen.on_call_minutes,
                "standby_minutes": shift.frozen.standby_minutes,
            }
            for shift in plan.shifts
        ],
    }
