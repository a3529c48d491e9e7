"""What a forecast may be told."""

from __future__ import annotations

from marshmallow import fields, validate

from samplan.plugin_api import StrictSchema


class ForecastParams(StrictSchema):
    """The parameters of a run of `agency.forecast`."""

    year = fields.Integer(
        required=True,
        validate=validate.Range(min=2000, max=2100),
        metadata={"description": "the calendar year to forecast"},
    )
    as_of = fields.Date(
        required=True, metadata={"description": "the last month whose outcome counts, as its first date"}
    )
