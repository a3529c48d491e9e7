"""What publication keeps about one person, as parts of a register extract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from samplan.plugin_api import ExportPart, TenantSession, _l
from samplan_rostering.models import (
    CalendarFeed,
    PeriodComment,
    PeriodStep,
    Publication,
    PublicationShift,
    RosterPeriod,
)


def published_shifts(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the name, the label and the query of somebody's published shifts."""
    return (
        "published_shift",
        _l("Shifts in publications"),
        select(
            RosterPeriod.name.label("period"),
            Publication.number.label("publication"),
            PublicationShift.on_date,
            PublicationShift.shift_code,
            PublicationShift.starts_at,
            PublicationShift.ends_at,
            PublicationShift.break_minutes,
            PublicationShift.paid_minutes,
            PublicationShift.on_call_minutes,
            PublicationShift.standby_minutes,
        )
        .select_from(PublicationShift)
        .join(Publication, Publication.id == PublicationShift.publication_id)
        .join(RosterPeriod, RosterPeriod.id == Publication.period_id)
        .where(PublicationShift.employee_id == employee_id)
        .order_by(PublicationShift.on_date, Publication.number),
    )


def calendar_feeds(employee_id: UUID) -> tuple[str, Any, Select[*tuple[Any, ...]]]:
    """Give the name, the label and the query of somebody's calendar addresses."""
    row = CalendarFeed
    return (
        "calendar_feed",
        _l("Calendar addresses"),
        select(row.made_at, row.revoked_at, row.read_at)
        .where(row.employee_id == employee_id)
        .order_by(row.made_at),
    )


def done_by(session: TenantSession, account_id: UUID) -> list[ExportPart]:
    """Return what an account did on periods' way to publication; nothing where it did nothing."""
    period = RosterPeriod.name.label("period")
    parts = (
        (
            "period_comment",
            _l("Comments on rosters in consultation"),
            select(period, PeriodComment.at, PeriodComment.speaks_for, PeriodComment.text)
            .join(RosterPeriod, RosterPeriod.id == PeriodComment.period_id)
            .where(PeriodComment.by == account_id)
            .order_by(PeriodComment.at),
        ),
        (
            "period_step",
            _l("Steps to publication that the person took"),
            select(period, PeriodStep.at, PeriodStep.step, PeriodStep.comment)
            .join(RosterPeriod, RosterPeriod.id == PeriodStep.period_id)
            .where(PeriodStep.by == account_id)
            .order_by(PeriodStep.at),
        ),
        (
            "publication",
            _l("Publications that the person made"),
            select(period, Publication.number, Publication.published_at, Publication.reason)
            .join(RosterPeriod, RosterPeriod.id == Publication.period_id)
            .where(Publication.published_by == account_id)
            .order_by(Publication.published_at),
        ),
    )
    found = (
        ExportPart(
            name,
            tuple(dict(row._mapping) for row in session.execute(query)),  # noqa: SLF001 - a row's names
            label,
        )
        for name, label, query in parts
    )
    return [part for part in found if part.rows]
