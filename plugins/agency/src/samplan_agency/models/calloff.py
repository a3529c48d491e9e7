"""Call-offs of hired staff: the shifts, the suppliers who were asked in their order, and their answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_agency.models.base import one_of, own, table

CALL_OFF_STATES = ("draft", "sent", "closed", "withdrawn")
REQUEST_STATES = ("sent", "answered", "withdrawn")
ANSWER_STATES = ("offered", "confirmed", "refused")
OUTSIDE_REASONS = ("", "no_price", "above")


class CallOff(TenantMixin, Base):
    """Shifts that are called off together, chosen by `policy`.

    Each supplier has `answer_hours` to answer. Who made it is in the audit trail.
    """

    __tablename__ = "call_off"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "number"),
        one_of("state", CALL_OFF_STATES),
        CheckConstraint("answer_hours > 0", name="answer_hours"),
    )

    number: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="draft", default="draft")
    policy: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"), default=dict)
    answer_hours: Mapped[int] = mapped_column(server_default=text("24"), default=24)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CallOffLine(TenantMixin, Base):
    """A shift of a call-off, for so many people; prices are SEK an hour without VAT.

    `gap_id` is the line of the roster that it came from, `known_at` when that was handed over. `skill` is
    what the roster asks for, `level` the professional category of the agreement. `expected_price` is the
    average over its hours, `prices` has that of each class of hours (amounts as texts).
    """

    __tablename__ = "call_off_line"
    __table_args__ = table(
        Index("ix_call_off_line_call_off_id", "tenant_id", "call_off_id", "starts_at"),
        Index("ix_call_off_line_gap_id", "tenant_id", "gap_id", postgresql_where=text("gap_id IS NOT NULL")),
        Index("ix_call_off_line_starts_at", "tenant_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="instants"),
        CheckConstraint("break_minutes >= 0", name="break_minutes"),
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("zone BETWEEN 1 AND 3", name="zone"),
        own("call_off_id", "call_off", cascade=True),
        tenant_fk("unit_id", "core.org_unit"),
        many_rows=True,
    )

    call_off_id: Mapped[UUID]
    gap_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int]
    shift: Mapped[str]
    skill: Mapped[str | None]
    level: Mapped[str]
    zone: Mapped[int | None]
    people: Mapped[int]
    max_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    expected_price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    prices: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"), default=dict)
    known_at: Mapped[datetime]


class CallOffRequest(TenantMixin, Base):
    """A supplier who was asked: in which place of the order, when and until when; `event_id`: the mail's."""

    __tablename__ = "call_off_request"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "call_off_id", "supplier_id"),
        one_of("state", REQUEST_STATES),
        own("call_off_id", "call_off", cascade=True),
        own("supplier_id", "supplier"),
    )

    call_off_id: Mapped[UUID]
    supplier_id: Mapped[UUID]
    rank: Mapped[int]
    sent_at: Mapped[datetime]
    deadline: Mapped[datetime]
    event_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(server_default="sent", default="sent")


class CallOffAnswer(TenantMixin, Base):
    """What a supplier answered to a line: one of its people at a price, or that it has nobody.

    `consultant` is the supplier's reference for the person, no name; empty where it has nobody. `outside`
    says in a word why the offer is not within the agreement.
    """

    __tablename__ = "call_off_answer"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "line_id", "supplier_id", "consultant"),
        one_of("state", ANSWER_STATES),
        one_of("outside", OUTSIDE_REASONS),
        CheckConstraint("(state = 'refused') = (consultant = '')", name="consultant"),
        CheckConstraint("(state = 'refused') = (price IS NULL)", name="price_or_nobody"),
        CheckConstraint("price > 0", name="price"),
        own("line_id", "call_off_line", cascade=True),
        own("supplier_id", "supplier"),
        many_rows=True,
    )

    line_id: Mapped[UUID]
    supplier_id: Mapped[UUID]
    consultant: Mapped[str] = mapped_column(server_default="", default="")
    price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    outside: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str]
    answered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
