"""What costs are read by: accounts, suppliers, agreements with dated prices, zones, dated parameters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.models.base import one_of, own, table

ACCOUNT_KINDS = ("hired", "own", "other_cost", "revenue")
ACCRUED = "accrued"
"""What is booked for hired staff that is not invoiced yet, and turned round later: it is no invoiced cost."""
LINE_KINDS = (*ACCOUNT_KINDS, ACCRUED)
CATEGORIES = ("physician", "nurse", "other")
TIME_CLASSES = ("ordinary", "evening", "night", "weekend", "holiday", "on_call", "overtime", "travel")
ZONES = (1, 2, 3)


class Account(TenantMixin, Base):
    """An account of the region's ledger and what its amounts are: the account table (kontotabell).

    `cost_type` names the row of the forecast that it belongs to. Profession and sector hold where the
    ledger's line says nothing itself.
    """

    __tablename__ = "account"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "code"),
        one_of("kind", LINE_KINDS),
        one_of("category", CATEGORIES),
        tenant_fk("sector_id", "core.sector"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    cost_type: Mapped[str] = mapped_column(server_default="", default="")
    category: Mapped[str | None]
    sector_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Supplier(TenantMixin, Base):
    """A company that hires out staff; `code` is the ledger's, `rank` its place in the order of call-offs."""

    __tablename__ = "supplier"
    __table_args__ = table(UniqueConstraint("tenant_id", "code"), CheckConstraint("rank > 0", name="rank"))

    code: Mapped[str]
    name: Mapped[str]
    organisation_number: Mapped[str | None]
    email: Mapped[str | None]
    rank: Mapped[int | None]
    active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Agreement(TenantMixin, Base):
    """A framework agreement; both dates belong to it. `confirmed` tells that its source is first-hand."""

    __tablename__ = "agreement"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "reference"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
    )

    reference: Mapped[str]
    name: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Price(TenantMixin, Base):
    """What an hour costs by an agreement, in SEK without VAT, from a date on.

    Without a supplier it holds for all of the agreement. `level` is the professional category as the
    agreement names it. `delivery_id` is the file that it was read from; None: entered by hand.
    """

    __tablename__ = "price"
    __table_args__ = table(
        UniqueConstraint(
            "tenant_id",
            "agreement_id",
            "supplier_id",
            "level",
            "zone",
            "time_class",
            "valid_from",
            name="uq_price_agreement_id",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("category", CATEGORIES),
        one_of("time_class", TIME_CLASSES),
        CheckConstraint("zone BETWEEN 1 AND 3", name="zone"),
        CheckConstraint("per_hour > 0", name="per_hour"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        own("agreement_id", "agreement", cascade=True),
        own("supplier_id", "supplier"),
        own("delivery_id", "delivery"),
    )

    agreement_id: Mapped[UUID]
    supplier_id: Mapped[UUID | None]
    level: Mapped[str]
    category: Mapped[str]
    zone: Mapped[int]
    time_class: Mapped[str] = mapped_column(server_default="ordinary", default="ordinary")
    per_hour: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    confirmed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    delivery_id: Mapped[UUID | None]


class MunicipalityZone(TenantMixin, Base):
    """The price zone of a municipality by an agreement; the place of work decides."""

    __tablename__ = "municipality_zone"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "agreement_id", "municipality_code"),
        CheckConstraint("zone BETWEEN 1 AND 3", name="zone"),
        own("agreement_id", "agreement", cascade=True),
    )

    agreement_id: Mapped[UUID]
    municipality_code: Mapped[str]
    municipality: Mapped[str]
    zone: Mapped[int]


class Parameter(TenantMixin, Base):
    """A number that figures are computed by, from a date on, with its source."""

    __tablename__ = "parameter"
    __table_args__ = table(UniqueConstraint("tenant_id", "name", "valid_from"))

    name: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[Decimal]
    source: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
