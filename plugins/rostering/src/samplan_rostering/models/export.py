"""How published shifts are written for other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import table


class ExportTemplate(TenantMixin, Base):
    """A region's file for one receiving system; `columns` are keys with headings."""

    __tablename__ = "export_template"
    __table_args__ = table(UniqueConstraint("tenant_id", "name"))

    name: Mapped[str]
    columns: Mapped[list[Any]]
    separator: Mapped[str]
    decimal: Mapped[str]
    encoding: Mapped[str]
    heading: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
