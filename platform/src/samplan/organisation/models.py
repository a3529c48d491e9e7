"""The shared nouns of every module: organisation tree, sites, professions, sectors, population."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin, tenant_fk

UNIT_KINDS = ("region", "division", "hospital", "clinic", "ward")


class Site(TenantMixin, Base):
    """A place where care is given; latitude and longitude in WGS 84 degrees."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        {"schema": "core"},
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="hospital")
    municipality_code: Mapped[str | None]
    municipality: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    notes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))


class OrgUnit(TenantMixin, Base):
    """A unit of the organisation tree: region, division, hospital, clinic or ward."""

    __tablename__ = "org_unit"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint(f"kind IN {UNIT_KINDS}", name="kind"),
        CheckConstraint("(kind = 'region') = (parent_id IS NULL)", name="only_the_region_has_no_parent"),
        tenant_fk("parent_id", "core.org_unit"),
        tenant_fk("site_id", "core.site"),
        {"schema": "core"},
    )

    parent_id: Mapped[UUID | None]
    site_id: Mapped[UUID | None]
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    source: Mapped[str | None]


class Profession(TenantMixin, Base):
    """A profession as the tenant names it; `group` is what Bemanningstrenden counts it as."""

    __tablename__ = "profession"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("category IN ('physician', 'nurse', 'other')", name="category"),
        {"schema": "core"},
    )

    code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str] = mapped_column(server_default="other")


class Sector(TenantMixin, Base):
    """A sector of care: somatic, psychiatry, primary care."""

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("tenant_id", "code"), {"schema": "core"})

    code: Mapped[str]
    name: Mapped[str]


class Population(TenantMixin, Base):
    """The region's inhabitants on 31 December of a year, with source and certainty."""

    __tablename__ = "population"
    __table_args__ = (
        UniqueConstraint("tenant_id", "year"),
        CheckConstraint("inhabitants >= 0", name="inhabitants"),
        {"schema": "core"},
    )

    year: Mapped[int]
    inhabitants: Mapped[int]
    source: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"))
