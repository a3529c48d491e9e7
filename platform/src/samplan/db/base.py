"""The declarative base of every part, and the two building blocks of a tenant's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, ForeignKey, ForeignKeyConstraint, MetaData, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from samplan.db.rls import CURRENT_TENANT
from samplan.ids import new_id

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all mapped classes; each part keeps its tables in a schema of its own name."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - read once by SQLAlchemy at class creation
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[Any]: JSON().with_variant(JSONB(), "postgresql"),
    }


class TenantMixin:
    """Key of a tenant's row: `(tenant_id, id)`; PostgreSQL refuses a `tenant_id` that is not the session's.

    The session fills in `tenant_id` when a row is added (see `samplan.db.session`).
    """

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("core.tenant.id"), primary_key=True, server_default=text(CURRENT_TENANT), sort_order=-2
    )
    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=new_id, server_default=text("uuidv7()"), sort_order=-1
    )


class ManyRowsMixin(TenantMixin):
    """As `TenantMixin`, for rows that come by the million: PostgreSQL does not look up the tenant of each.

    The policy holds all the same: no session writes for another tenant than its own, which it has looked up.
    """

    tenant_id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=text(CURRENT_TENANT), sort_order=-2
    )


def tenant_fk(column: str, target: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Return the composite foreign key from `(tenant_id, column)` to `target`'s `(tenant_id, id)`.

    A foreign key on the id alone would cross tenants, because PostgreSQL's own checks of referential
    integrity are not subject to row-level security.

    Args:
        column: the referring column of this table.
        target: `schema.table` of the referred tenant table.
        ondelete: None (restrict) or `CASCADE`.
    """
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete
    )
