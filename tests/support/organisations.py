"""What the tests of the organisation's pages share."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.imports.template import write_workbook
from samplan.organisation import service
from samplan.organisation.models import OrgUnit
from samplan.organisation.workbook import SHEETS
from samplan.testing.site import Site

BASE, API = "/t/ett/organisation", "/api/v1/t/ett"


def unit(site: Site, unit_id: UUID) -> OrgUnit:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return service.get_unit(session, unit_id)


def version(site: Site, unit_id: UUID) -> str:
    return service.version_of(unit(site, unit_id))


def everything(site: Site, kind: type[Any]) -> list[Any]:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return list(session.scalars(select(kind)))


def workbook(**rows: list[dict[str, Any]]) -> bytes:
    return write_workbook(SHEETS, rows, title="Prov", created=datetime(2027, 1, 4, tzinfo=UTC))


def content(data: bytes) -> dict[str, str]:
    return {"content": base64.b64encode(data).decode()}
