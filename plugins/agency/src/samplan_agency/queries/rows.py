"""A row by its id, to be shown or to be changed."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from samplan.plugin_api import NotFound, TenantMixin, TenantSession

Found = TypeVar("Found", bound=TenantMixin)


def get_row(
    session: TenantSession, model: type[Found], row_id: UUID, missing: str, *, lock: bool = False
) -> Found:
    """Return a row of the tenant's by its id.

    With `lock` it is read as it is now, and nobody else changes it until the transaction ends. Raises
    `NotFound`, which says `missing`.
    """
    key = session.tenant_id, row_id
    row = session.get(model, key, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFound(missing)
    return row
