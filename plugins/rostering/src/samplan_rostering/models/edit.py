"""What people change in rosters by hand: a log that undoing and redoing go by."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from samplan.plugin_api import Base, TenantMixin
from samplan_rostering.models.base import own, table

EDIT_KINDS = ("place", "replace", "remove", "move", "swap", "lock", "unlock", "several", "undo", "redo")


class RosterEdit(TenantMixin, Base):
    """A change of a roster; `number` is the roster's version that it made.

    `changes` are cells as {employee, date, before, after, lock_before, lock_after}. Employees and shifts are
    ids; a free cell is an empty text, as is the lock of a free cell, and no lock is None. An undo or redo is
    a change too, `of_number` tells of which; what is `undone` may be redone. What was changed after the
    period was published says why in `reason`.
    """

    __tablename__ = "roster_edit"
    __table_args__ = table(
        UniqueConstraint("tenant_id", "roster_id", "number"),
        CheckConstraint(f"kind IN {EDIT_KINDS}", name="kind"),
        CheckConstraint("(kind IN ('undo', 'redo')) = (of_number IS NOT NULL)", name="of_number"),
        CheckConstraint("NOT after_publication OR reason <> ''", name="reason"),
        own("roster_id", "roster", cascade=True),
    )

    roster_id: Mapped[UUID]
    number: Mapped[int]
    account_id: Mapped[UUID]
    made_at: Mapped[datetime]
    kind: Mapped[str]
    of_number: Mapped[int | None]
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(server_default=text("''"), default="")
    after_publication: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    undone: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
