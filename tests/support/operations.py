"""What the tests of health, extract and erasure share."""

from __future__ import annotations

import re

from dummy import OwnWidgets

from samplan.access.models import RolePermission
from samplan.audit.models import AuditEntry
from samplan.audit.service import verify
from samplan.testing.site import Site

PAGE = "/t/region-a/personal-data"


WIDGET = {"reference": "first of region-a"}


def widgets(site: Site, slug: str = "region-a") -> list[str]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        return OwnWidgets(session).names()


def entries(site: Site, action: str) -> list[AuditEntry]:
    """Return the entries of an action, and check that the chain is whole on the way."""
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        assert verify(session) == []
        return [entry for entry in session.query(AuditEntry) if entry.action == action]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def without(site: Site, permission: str) -> None:
    """Take a permission from the administrators of the first region."""
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        for row in session.query(RolePermission).filter_by(permission=permission):
            session.delete(row)
