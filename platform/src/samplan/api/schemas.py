"""Schemas that several parts of the API share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from samplan.free_texts import identity_faults

MAXIMUM_PAGE = 200
DEFAULT_PAGE = 50


class StrictSchema(Schema):
    """A schema that refuses what it does not know, and texts with a personal identity number."""

    class Meta:
        """Refuse unknown fields."""

        unknown = RAISE

    @validates_schema
    def refuse_identity_numbers(self, data: Mapping[str, Any], **_more: Any) -> None:
        """Refuse texts with a personal identity number."""
        if faults := identity_faults(data):
            raise ValidationError(faults)


class ProblemSchema(Schema):
    """An error, as RFC 9457 has it, with the paths of the fields that are wrong."""

    type = fields.String(metadata={"description": "about:blank: the title says what the status means"})
    title = fields.String()
    status = fields.Integer()
    code = fields.String(metadata={"description": "stable and machine-readable"})
    detail = fields.String()
    request_id = fields.String()
    errors = fields.Dict(metadata={"description": "messages by the path of the field"})


class PageQuerySchema(StrictSchema):
    """How to ask for the next page of a list."""

    cursor = fields.UUID(metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=DEFAULT_PAGE, validate=validate.Range(min=1, max=MAXIMUM_PAGE))


def page_schema(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of `item`s: `items` and `next_cursor` (null on the last page)."""
    name = f"{item.__name__.removesuffix('Schema')}PageSchema"
    return type(
        name,
        (Schema,),
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.UUID(allow_none=True, required=True),
        },
    )
