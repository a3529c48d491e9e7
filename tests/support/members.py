"""What the tests of members and API keys share."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import select

from samplan.audit.models import AuditEntry
from samplan.testing.site import Site

START = datetime(2027, 1, 4, 8, tzinfo=UTC)


ONE_TIME = re.compile(r'id="one-time-password">([^<]+)<')


KEY = re.compile(r'id="api-key">([^<]+)<')


def found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match is not None
    return match[1]


def actions(site: Site, tenant: str = "ett") -> list[str]:
    with site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))
