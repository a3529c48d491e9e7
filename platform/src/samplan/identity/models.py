"""Accounts, login sessions, memberships of tenants, and personal API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.db.base import Base, TenantMixin, tenant_fk
from samplan.ids import new_id

LOGIN = {"protection": "login"}
ERASED_HOST = "erased.invalid"  # RFC 2606: an address there can never be anybody's


def erased_address(key: UUID) -> str:
    """Return what stands where an erased person's address stood."""
    return f"{key}@{ERASED_HOST}"


class Account(Base):
    """Who can sign in; seen only outside every tenant. Names stand in the memberships."""

    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_email", text("lower(email)"), unique=True),
        {"schema": "core", "info": LOGIN},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=text("uuidv7()"))
    email: Mapped[str]
    password_hash: Mapped[str | None]
    operator: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    # The password is a one-time one: it works until then, and must be changed when it is used.
    one_time_until: Mapped[datetime | None]
    locale: Mapped[str | None]
    mail: Mapped[bool] = mapped_column(server_default=text("true"))  # whether it is told of things by mail
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LoginSession(Base):
    """A server-side session of an account: the cookie holds a random token, this row its SHA-256.

    A session that has been revoked has no row.
    """

    __tablename__ = "login_session"
    __table_args__ = ({"schema": "core", "info": LOGIN},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=text("uuidv7()"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    user_agent: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(TenantMixin, Base):
    """An account's place in a tenant, under the name and address that the tenant knows."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id"),
        {"schema": "core", "info": {"protection": "tenant_and_own_account"}},
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), index=True)
    display_name: Mapped[str]
    email: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def erased(self) -> bool:
        """Whether the person's data were erased, of whom this row is all that is left."""
        return self.email == erased_address(self.id)


class ApiKey(TenantMixin, Base):
    """A personal API key of a member: shown once, stored as SHA-256, limited to `scopes`."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key_hash"),
        tenant_fk("membership_id", "core.membership", ondelete="CASCADE"),
        {"schema": "core"},
    )

    membership_id: Mapped[UUID]
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[bytes]
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
