"""The API of the organisation: units, sites, professions and sectors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samplan.access.policy import requires
from samplan.api.core_api import core_api
from samplan.api.pagination import Page, paginate
from samplan.api.schemas import PageQuerySchema, StrictSchema, page_schema
from samplan.organisation import service
from samplan.organisation.declarations import READ, WRITE
from samplan.organisation.models import UNIT_KINDS, OrgUnit, Profession, Sector, Site
from samplan.organisation.rules import NAME_LENGTH
from samplan.web.request import current_session


class OrgUnitSchema(Schema):
    """A unit of the organisation."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(UNIT_KINDS))
    parent_id = fields.UUID(allow_none=True, required=True)
    site_id = fields.UUID(allow_none=True, required=True)
    active = fields.Boolean(required=True)
    source = fields.String(
        allow_none=True, metadata={"description": "where it comes from; null for what the tenant vouches for"}
    )


class OrgUnitChangeSchema(StrictSchema):
    """What to change of a unit; what is left out stays."""

    name = fields.String(validate=[validate.Length(1, NAME_LENGTH), validate.Regexp(r"^\S(.*\S)?$")])
    parent_id = fields.UUID()
    site_id = fields.UUID(allow_none=True)
    active = fields.Boolean()


class SiteSchema(Schema):
    """A place where care is given."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    municipality_code = fields.String(allow_none=True)
    municipality = fields.String(allow_none=True)
    latitude = fields.Float(allow_none=True, metadata={"description": "degrees, WGS 84"})
    longitude = fields.Float(allow_none=True, metadata={"description": "degrees, WGS 84"})
    notes = fields.Dict(metadata={"description": "level, source and whether it is confirmed"})


class ProfessionSchema(Schema):
    """A profession; `category` is what Bemanningstrenden counts it as."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    category = fields.String(required=True)


class SectorSchema(Schema):
    """A sector of care."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class OrgUnitQuerySchema(PageQuerySchema):
    """Which units to list."""

    kind = fields.String(validate=validate.OneOf(UNIT_KINDS))
    parent_id = fields.UUID()


@core_api.get("/units")
@requires(READ)
@core_api.arguments(OrgUnitQuerySchema, location="query")
@core_api.response(200, page_schema(OrgUnitSchema))
def list_units(query: dict[str, Any]) -> Page[OrgUnit]:
    """List units of the organisation."""
    statement = select(OrgUnit)
    if "kind" in query:
        statement = statement.where(OrgUnit.kind == query["kind"])
    if "parent_id" in query:
        statement = statement.where(OrgUnit.parent_id == query["parent_id"])
    return paginate(
        current_session(), statement, OrgUnit.id, cursor=query.get("cursor"), limit=query["limit"]
    )


@core_api.get("/units/<uuid:unit_id>")
@requires(READ)
@core_api.etag
@core_api.response(200, OrgUnitSchema)
def get_unit(unit_id: UUID) -> OrgUnit:
    """Show one unit; its ETag is what a change must be based on."""
    return service.get_unit(current_session(), unit_id)


@core_api.patch("/units/<uuid:unit_id>")
@requires(WRITE)
@core_api.etag
@core_api.arguments(OrgUnitChangeSchema)
@core_api.response(200, OrgUnitSchema)
def change_unit(changes: dict[str, Any], unit_id: UUID) -> OrgUnit:
    """Rename, move, take in or out of use; `If-Match` says which version the change is based on."""
    session = current_session()
    unit = service.get_unit(session, unit_id, lock=True)
    core_api.check_etag(unit, OrgUnitSchema)
    service.change_unit(session, unit, replace(service.fields_of(unit), **changes))
    return unit


@core_api.get("/sites")
@requires(READ)
@core_api.arguments(PageQuerySchema, location="query")
@core_api.response(200, page_schema(SiteSchema))
def list_sites(query: dict[str, Any]) -> Page[Site]:
    """List sites."""
    return paginate(
        current_session(), select(Site), Site.id, cursor=query.get("cursor"), limit=query["limit"]
    )


@core_api.get("/professions")
@requires(READ)
@core_api.arguments(PageQuerySchema, location="query")
@core_api.response(200, page_schema(ProfessionSchema))
def list_professions(query: dict[str, Any]) -> Page[Profession]:
    """List professions."""
    statement = select(Profession)
    return paginate(
        current_session(), statement, Profession.id, cursor=query.get("cursor"), limit=query["limit"]
    )


@core_api.get("/sectors")
@requires(READ)
@core_api.arguments(PageQuerySchema, location="query")
@core_api.response(200, page_schema(SectorSchema))
def list_sectors(query: dict[str, Any]) -> Page[Sector]:
    """List sectors of care."""
    statement = select(Sector)
    return paginate(current_session(), statement, Sector.id, cursor=query.get("cursor"), limit=query["limit"])
