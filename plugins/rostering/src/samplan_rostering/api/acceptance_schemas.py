"""The API's schemas of accepting a scenario."""

from __future__ import annotations

from marshmallow import Schema, fields

from samplan.plugin_api import StrictSchema


class ChangedPersonSchema(Schema):
    """Somebody whose data change."""

    employee = fields.String(required=True)
    name = fields.String(required=True)
    changed = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "contracts, absences, skills, wishes or the name of another field"},
    )
    elsewhere = fields.List(
        fields.String(), required=True, metadata={"description": "other units that they are rostered in"}
    )


class AffectedRosterSchema(Schema):
    """A roster of another period whose input changes."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    unit = fields.String(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    broken_before = fields.Integer(required=True, metadata={"description": "broken rules"})
    broken_after = fields.Integer(required=True, metadata={"description": "broken rules"})


class EffectsSchema(Schema):
    """What accepting a scenario changes besides the period."""

    mark = fields.String(
        required=True, metadata={"description": "to be sent back when it is accepted; may be empty"}
    )
    people = fields.List(fields.Nested(ChangedPersonSchema), required=True)
    rosters = fields.List(fields.Nested(AffectedRosterSchema), required=True)


class AcceptSchema(StrictSchema):
    """What was seen before it is accepted."""

    mark = fields.String(required=True, metadata={"description": "of the effects as they were read"})


class AcceptedSchema(Schema):
    """The period's newest roster."""

    roster_id = fields.UUID(required=True)
