"""The API's schemas of changes by hand."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from samplan.plugin_api import StrictSchema, _
from samplan_rostering.api.explanation_schemas import EffectSchema
from samplan_rostering.models.edit import EDIT_KINDS
from samplan_rostering.queries.rosters.edits import SHOWN
from samplan_rostering.services.rosters.cells import MOST_CELLS
from samplan_rostering.services.rosters.edits import REASON_LENGTH

_FREE = {"description": "a shift; empty: a free day"}
_LOCK = {"description": "what the cell is locked to, empty: a free day; null: not locked"}


class WantedCellSchema(StrictSchema):
    """What a cell is to be; what is left out stays as it is."""

    employee = fields.String(required=True, metadata={"description": "the employment id"})
    date = fields.Date(required=True)
    shift = fields.String(load_default=None, allow_none=True, metadata=_FREE)
    locked = fields.Boolean(load_default=None, allow_none=True)


class EditSchema(StrictSchema):
    """Cells to change together, or a turn: `undo` or `redo`."""

    cells = fields.List(
        fields.Nested(WantedCellSchema), load_default=list, validate=validate.Length(max=MOST_CELLS)
    )
    turn = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("undo", "redo")))
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=REASON_LENGTH),
        metadata={"description": "must be said of a published roster"},
    )

    @validates_schema
    def check_one_of_them(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse cells and a turn at once, and neither."""
        if bool(data["cells"]) == (data["turn"] is not None):
            raise ValidationError(_("Give either cells or a turn."), "cells")


class EditedCellSchema(Schema):
    """A cell before and after."""

    employee = fields.String(required=True)
    date = fields.Date(required=True, attribute="on")
    before = fields.String(required=True, metadata=_FREE)
    after = fields.String(required=True, metadata=_FREE)
    lock_before = fields.String(required=True, allow_none=True, metadata=_LOCK)
    lock_after = fields.String(required=True, allow_none=True, metadata=_LOCK)


class EditLineSchema(Schema):
    """A change that was made."""

    number = fields.Integer(required=True, metadata={"description": "the roster's version that it made"})
    who = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True, metadata={"description": f"one of {', '.join(EDIT_KINDS)}"})
    of_number = fields.Integer(required=True, allow_none=True, metadata={"description": "undone or redone"})
    reason = fields.String(required=True)
    after_publication = fields.Boolean(required=True)
    undone = fields.Boolean(required=True)
    cells = fields.List(fields.Nested(EditedCellSchema), required=True)


class EditsQuerySchema(Schema):
    """Which changes to list."""

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**31 - 1),
        metadata={"description": "a version: what was changed since"},
    )
    limit = fields.Integer(load_default=SHOWN, validate=validate.Range(min=1, max=200))


class EditsSchema(Schema):
    """A roster's version and its newest changes."""

    version = fields.Integer(required=True)
    edits = fields.List(fields.Nested(EditLineSchema), required=True)


class EditedSchema(Schema):
    """A change that was made, and what it does."""

    version = fields.Integer(required=True)
    edit = fields.Nested(EditLineSchema, required=True)
    effect = fields.Nested(EffectSchema, required=True)
