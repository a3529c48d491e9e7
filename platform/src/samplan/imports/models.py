"""How a tenant's other systems write their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin


class ImportMapping(TenantMixin, Base):
    """One version of a mapping of columns: `purpose` names what is read in, such as `rostering.employees`.

    `content` is a `ColumnMapping`. A saved version is never changed: what was read in by it can be traced.
    """

    __tablename__ = "import_mapping"
    __table_args__ = (
        UniqueConstraint("tenant_id", "purpose", "name", "version"),
        CheckConstraint("version > 0", name="version"),
        {"schema": "core"},
    )

    purpose: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
