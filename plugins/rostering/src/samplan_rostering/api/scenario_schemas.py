"""The API's schemas of scenarios."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from samplan.plugin_api import StrictSchema, _
from samplan_rostering.api.schemas import FoundRosterSchema
from samplan_rostering.domain.scenario.apply import KINDS, MOST_CHANGES
from samplan_rostering.params import SimulateParams
from samplan_rostering.queries.figures.of_roster import KeyFigures
from samplan_rostering.queries.scenarios.comparison import MOST_COMPARED
from samplan_rostering.services.scenarios import LONGEST_NAME

_CHANGE = {
    "description": f"its `kind` ({', '.join(KINDS)}), and the fields of that: see the module's documentation"
}
_NONE = {"description": "null where there is no roster, or its input fits it no longer"}
_FIGURES = {"description": f"by name: {', '.join(item.name for item in fields_of(KeyFigures))}"}
_FREE = {"description": "a shift; empty: a free day"}


def _changes(**more: Any) -> Any:
    limit = validate.Length(max=MOST_CHANGES)
    return fields.List(fields.Raw(metadata=_CHANGE), validate=limit, **more)


class NewScenarioSchema(StrictSchema):
    """A scenario to make, with changes of its own or those of another."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_NAME))
    changes = _changes(load_default=list)
    like = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "a scenario whose changes it begins with"},
    )

    @validates_schema
    def check_one_of_them(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse changes from two places."""
        if data["changes"] and data["like"] is not None:
            raise ValidationError(_("Give either changes or a scenario to begin with."), "changes")


class ChangesSchema(StrictSchema):
    """All changes of a scenario, in their order."""

    changes = _changes(required=True)


class ScenarioSchema(Schema):
    """A scenario: changes of a period's input."""

    id = fields.UUID(required=True)
    period_id = fields.UUID(required=True)
    name = fields.String(required=True)
    changes = fields.List(fields.Dict(metadata=_CHANGE), required=True)
    version = fields.Integer(required=True, metadata={"description": "counts its changes"})
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    accepted_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "when it became the period's input"}
    )


class ListedScenarioSchema(ScenarioSchema):
    """A scenario, and how far it has come."""

    state = fields.String(required=True, metadata={"description": "new, rostered, outdated or accepted"})
    people_below_minimum = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null where its input does not tell"}
    )


class SolveScenarioSchema(SimulateParams):
    """How to search for a scenario's roster."""

    class Meta(SimulateParams.Meta):
        """The address says which scenario."""

        exclude = ("scenario_id",)


class ChangeFaultSchema(Schema):
    """Why a change no longer fits the period."""

    change = fields.Integer(required=True, metadata={"description": "counted from 0"})
    field = fields.String(required=True)
    text = fields.String(required=True)


class ResultSchema(Schema):
    """What a scenario has come to."""

    outdated = fields.Boolean(
        required=True, metadata={"description": "the input has changed since the roster was made"}
    )
    faults = fields.List(fields.Nested(ChangeFaultSchema), required=True)
    figures = fields.Dict(required=True, allow_none=True, metadata=_FIGURES)
    roster = fields.Nested(FoundRosterSchema, required=True, allow_none=True, metadata=_NONE)


class ComparisonQuerySchema(StrictSchema):
    """Which scenarios to compare."""

    scenario = fields.List(
        fields.UUID(),
        load_default=(),
        validate=validate.Length(max=MOST_COMPARED),
        metadata={"description": "once for each scenario, at least one"},
    )


class ChangedCellSchema(Schema):
    """A day of somebody that is another than in the period's roster."""

    employee = fields.String(required=True)
    date = fields.Date(required=True)
    before = fields.String(required=True, metadata=_FREE)
    after = fields.String(required=True, metadata=_FREE)


class StaffingSchema(Schema):
    """What is needed and who is there."""

    staffed = fields.Integer(required=True)
    minimum = fields.Integer(required=True)
    target = fields.Integer(required=True)
    maximum = fields.Integer(required=True, allow_none=True)


class ChangedNeedSchema(Schema):
    """A need that is another, or met by others; null where nobody is asked for."""

    date = fields.Date(required=True)
    shift = fields.String(required=True)
    skill = fields.String(required=True, allow_none=True)
    before = fields.Nested(StaffingSchema, required=True, allow_none=True)
    after = fields.Nested(StaffingSchema, required=True, allow_none=True)


class ComparedSchema(Schema):
    """A scenario beside the period as it is."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    outdated = fields.Boolean(required=True)
    figures = fields.Dict(required=True, allow_none=True, metadata=_FIGURES)
    more = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "by how much each figure is more than the period's"},
    )
    cells = fields.List(fields.Nested(ChangedCellSchema), required=True)
    staffing = fields.List(fields.Nested(ChangedNeedSchema), required=True)


class ComparisonSchema(Schema):
    """The period as it is, with its roster in force, and scenarios beside it."""

    roster_id = fields.UUID(required=True, allow_none=True)
    outdated = fields.Boolean(required=True)
    figures = fields.Dict(required=True, allow_none=True, metadata=_FIGURES)
    scenarios = fields.List(fields.Nested(ComparedSchema), required=True)
