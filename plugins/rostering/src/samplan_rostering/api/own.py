"""The API's view of one's own roster: whoever has the key is the employee."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validates_schema

from samplan.plugin_api import NotFound, StrictSchema, _, current_principal, current_session, requires
from samplan_rostering.models import Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.own.roster import OwnShift, own_employee, own_shifts

LONGEST = timedelta(days=366)

blueprint = Blueprint("rostering_own", __name__, description="One's own roster")


class OwnShiftsQuerySchema(StrictSchema):
    """The dates between which the shifts begin, both inclusive; at most a year."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        if data["last"] < data["first"]:
            raise ValidationError("The last date is before the first.", "last")
        if data["last"] - data["first"] > LONGEST:
            raise ValidationError("At most a year at a time.", "last")


class OwnShiftSchema(Schema):
    """A shift of one's own."""

    date = fields.Date(required=True, attribute="on", metadata={"description": "on which it begins"})
    starts = fields.AwareDateTime(required=True)
    ends = fields.AwareDateTime(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "day, evening or night"})
    unit = fields.String(required=True)
    break_minutes = fields.Integer(required=True)
    paid_minutes = fields.Integer(required=True)
    on_call_minutes = fields.Integer(required=True, metadata={"description": "at the end, before standby"})
    standby_minutes = fields.Integer(required=True, metadata={"description": "at the very end"})
    settled = fields.Boolean(required=True, metadata={"description": "false while in consultation"})


def me() -> Employee:
    """Return the employee who asks; raises `NotFound` for who is linked to none."""
    employee = own_employee(current_session(), current_principal().account_id)
    if employee is None:
        raise NotFound(_("Your account is not linked to an employee."))
    return employee


@blueprint.get("/own/shifts")
@requires(Allow.OWN)
@blueprint.arguments(OwnShiftsQuerySchema, location="query")
@blueprint.response(200, OwnShiftSchema(many=True))
def list_own_shifts(query: dict[str, Any]) -> list[OwnShift]:
    """List one's own shifts of chosen rosters, in the order of time, from consultation on."""
    return own_shifts(current_session(), me().id, query["first"], query["last"])
