"""What a forecast may be told."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class ForecastParams(Schema):
    """The parameters of a run of `agency.forecast`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    year = fields.Integer(
        required=True,
        validate=validate.Range(min=2000, max=2100),
        metadata={"description": "the calendar year to forecast"},
    )
    as_of = fields.Date(
        required=True, metadata={"description": "the last month whose outcome counts, as its first date"}
    )
