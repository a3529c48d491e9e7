"""A ward's skills and shift types, and people with contracts and absences: they outlive a period."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin, tenant_fk
from samplan_rostering.models.base import own, table


class Ward(TenantMixin, Base):
    """What rostering adds to a unit of the organisation tree; the unit has the code and the name."""

    __tablename__ = "ward"
    __table_args__ = table(UniqueConstraint("tenant_id", "unit_id"), tenant_fk("unit_id", "core.org_unit"))

    unit_id: Mapped[UUID]
    timezone: Mapped[str]


class Skill(TenantMixin, Base):
    """A competence that the ward's requirements may ask for; `retired` ones are kept for older periods."""

    __tablename__ = "skill"
    __table_args__ = table(UniqueConstraint("tenant_id", "ward_id", "code"), own("ward_id", "ward"))

    ward_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(server_default=text("false"))


class ShiftType(TenantMixin, Base):
    """A shift of the ward; it ends the next date when `end_time` is not after `start_time`."""

    __tablename__ = "shift_type"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "ward_id", "code"),
        CheckConstraint("kind IN ('day', 'evening', 'night')", name="kind"),
        CheckConstraint(
            "break_minutes >= 0 AND paid_minutes >= 0 AND on_call_minutes >= 0 AND standby_minutes >= 0"
            " AND paid_minutes + on_call_minutes + standby_minutes > 0",
            name="minutes",
        ),
        own("ward_id", "ward"),
    )

    ward_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    start_time: Mapped[time]
    end_time: Mapped[time]
    break_minutes: Mapped[int]
    paid_minutes: Mapped[int]
    on_call_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    standby_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    colour: Mapped[str | None]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(server_default=text("false"))


class Employee(TenantMixin, Base):
    """A person to roster, by a pseudonymous employment code; `account_id` when the person signs in here.

    Who is hired from a `supplier` is known by a reference of theirs; own staff has no supplier.
    """

    __tablename__ = "employee"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "account_id", name="uq_employee_account_id"),
        CheckConstraint("supplier <> ''", name="supplier"),
        CheckConstraint("supplier IS NULL OR account_id IS NULL", name="hired"),
    )

    code: Mapped[str]
    name: Mapped[str]
    profession: Mapped[str]
    day_break: Mapped[time]
    account_id: Mapped[UUID | None]
    supplier: Mapped[str | None]


class EmployeeSkill(TenantMixin, Base):
    """A skill that an employee holds between two dates; without a date it is unlimited that way."""

    __tablename__ = "employee_skill"
    __table_args__ = table(
        Index("ix_employee_skill_employee", "tenant_id", "employee_id"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        own("employee_id", "employee", cascade=True),
        own("skill_id", "skill"),
    )

    employee_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    position: Mapped[int]


class Contract(TenantMixin, Base):
    """Working time of an employee between two dates; an open end is None."""

    __tablename__ = "contract"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "employee_id", "valid_from"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("percentage > 0 AND percentage <= 100", name="percentage"),
        own("employee_id", "employee", cascade=True),
    )

    employee_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    percentage: Mapped[Decimal]
    roster_type: Mapped[str]
    fulltime_week_minutes: Mapped[int]
    position: Mapped[int]


class Absence(TenantMixin, Base):
    """Dates, or a part of each, on which an employee may not work; the reason is never stored."""

    __tablename__ = "absence"
    __table_args__ = table(
        Index("ix_absence_employee", "tenant_id", "employee_id", "first_date"),
        CheckConstraint("last_date >= first_date", name="dates"),
        CheckConstraint("num_nonnulls(start_time, end_time) IN (0, 2)", name="times"),
        CheckConstraint("end_time > start_time OR end_time = '00:00'", name="part"),
        own("employee_id", "employee", cascade=True),
    )

    employee_id: Mapped[UUID]
    first_date: Mapped[date]
    last_date: Mapped[date]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    kind: Mapped[str]
    position: Mapped[int]


class ContractShare(TenantMixin, Base):
    """The part of a contract that is worked in one ward, in per cent of full time.

    `work` is the kind of work. A contract without shares is worked wherever its holder is rostered.
    """

    __tablename__ = "contract_share"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "contract_id", "ward_id", "work"),
        CheckConstraint("percentage > 0 AND percentage <= 100", name="percentage"),
        own("contract_id", "contract", cascade=True),
        own("ward_id", "ward"),
    )

    contract_id: Mapped[UUID]
    ward_id: Mapped[UUID]
    work: Mapped[str]
    percentage: Mapped[Decimal]
