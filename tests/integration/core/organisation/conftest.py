"""A tenant with a region, two hospitals and a ward, and who administers it."""

from uuid import UUID

import pytest

from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.organisation import service
from samplan.organisation.service import UnitFields
from samplan.testing.site import Person, Site, build_site


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


@pytest.fixture
def site(database: Database, modules: Modules) -> Site:
    site = build_site(database, modules)
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator")


@pytest.fixture
def units(site: Site) -> dict[str, UUID]:
    """Add a region with two hospitals and a ward."""
    ids: dict[str, UUID] = {}
    rows = [("r", "region", None), ("h1", "hospital", "r"), ("h2", "hospital", "r"), ("w", "ward", "h1")]
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        for code, kind, parent in rows:
            fields = UnitFields(f"Enhet {code}", ids[parent] if parent else None, None)
            ids[code] = service.create_unit(session, kind=kind, code=code, fields=fields).id
    return ids
