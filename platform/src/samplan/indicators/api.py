"""The API of indicators: the catalogue, their values, and entering values of manual series."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samplan.access.policy import requires
from samplan.api.core_api import core_api
from samplan.api.pagination import Page, paginate
from samplan.api.schemas import PageQuerySchema, StrictSchema, page_schema
from samplan.errors import Conflict
from samplan.i18n import _
from samplan.indicators.declarations import ENTER, READ
from samplan.indicators.forms import LONGEST_COMMENT
from samplan.indicators.models import IndicatorValueRow
from samplan.indicators.periods import KINDS
from samplan.indicators.service import (
    LARGEST,
    Note,
    catalogue,
    find_spec,
    newest_of,
    record_value,
)
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period
from samplan.tenancy.context import current_tenant
from samplan.web.request import current_core, current_principal, current_session


class IndicatorSchema(Schema):
    """What an indicator is and where it comes from."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    definition = fields.String(required=True)
    numerator = fields.String()
    denominator = fields.String()
    source = fields.String(required=True)
    period = fields.String(required=True, validate=validate.OneOf(KINDS))
    good = fields.String(required=True, validate=validate.OneOf(["higher", "lower", "neutral"]))
    min_n = fields.Integer(metadata={"description": "fewer observations are not published"})
    method_version = fields.Integer(required=True)
    computed = fields.Function(lambda spec: spec.compute is not None, metadata={"type": "boolean"})


class IndicatorListSchema(Schema):
    """The indicators of the modules that the tenant has switched on."""

    items = fields.List(fields.Nested(IndicatorSchema), required=True)


class IndicatorValueSchema(Schema):
    """A value of a period; the highest `version` of a period counts."""

    id = fields.UUID(required=True)
    indicator = fields.String(required=True)
    period_start = fields.Date(required=True)
    period_end = fields.Date(required=True)
    version = fields.Integer(required=True)
    value = fields.Float(allow_none=True, required=True)
    numerator = fields.Float(allow_none=True)
    denominator = fields.Float(allow_none=True)
    n = fields.Integer(allow_none=True)
    strata = fields.Dict(allow_none=True)
    provisional = fields.Boolean(required=True)
    origin = fields.String(required=True, validate=validate.OneOf(["computed", "manual"]))
    source = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    method_version = fields.Integer(required=True)
    recorded_at = fields.AwareDateTime(required=True)


_NUMBER = validate.Range(-LARGEST, LARGEST)


class NewIndicatorValueSchema(StrictSchema):
    """A value of a manual series, for one whole period of the indicator's kind."""

    period_start = fields.Date(required=True)
    period_end = fields.Date(required=True)
    value = fields.Float(required=True, validate=_NUMBER)
    numerator = fields.Float(load_default=None, allow_none=True, validate=_NUMBER)
    denominator = fields.Float(load_default=None, allow_none=True, validate=_NUMBER)
    n = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    provisional = fields.Boolean(load_default=False)
    source = fields.String(required=True, validate=validate.Length(1, 200))
    comment = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_COMMENT))


@core_api.get("/indicators")
@requires(READ)
@core_api.response(200, IndicatorListSchema)
def list_indicators() -> dict[str, Any]:
    """List the indicators."""
    groups = catalogue(current_core().modules, current_tenant().enabled_modules)
    return {"items": [spec for _module, specs in groups for spec in specs]}


@core_api.get("/indicators/<string:name>/values")
@requires(READ)
@core_api.arguments(PageQuerySchema, location="query")
@core_api.response(200, page_schema(IndicatorValueSchema))
def list_indicator_values(query: dict[str, Any], name: str) -> Page[IndicatorValueRow]:
    """List every recorded value of an indicator, also the superseded ones, the newest first."""
    statement = select(IndicatorValueRow).where(IndicatorValueRow.indicator == _spec(name).name)
    return paginate(
        current_session(),
        statement,
        IndicatorValueRow.id,
        cursor=query.get("cursor"),
        limit=query["limit"],
        newest_first=True,
    )


@core_api.post("/indicators/<string:name>/values")
@requires(ENTER)
@core_api.arguments(NewIndicatorValueSchema)
@core_api.response(201, IndicatorValueSchema)
def enter_indicator_value(values: dict[str, Any], name: str) -> IndicatorValueRow:
    """Enter a value; it supersedes an earlier one of the same period."""
    spec = _spec(name)
    if spec.compute is not None:
        raise Conflict(_("Values of this indicator are computed, not entered."))
    period = Period(values.pop("period_start"), values.pop("period_end"))
    note = Note("manual", values.pop("source"), values.pop("comment"), current_principal().account_id)
    session = current_session()
    recorded = record_value(session, spec, period, IndicatorValue(**values), note)
    return recorded or newest_of(session, name, period)


def _spec(name: str) -> IndicatorSpec:
    return find_spec(current_core().modules, current_tenant().enabled_modules, name)
