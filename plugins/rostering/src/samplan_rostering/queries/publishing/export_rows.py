"""Published shifts as rows for another system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.export import Column, Spelling, Value, hours
from samplan_rostering.models import ExportTemplate, Publication
from samplan_rostering.queries.rosters.plan import Plan


def export_rows(plan: Plan, publication: int) -> Iterator[dict[str, Value]]:
    """Give a row for each shift, in the order of people and dates; times are those of the ward's clock."""
    zone = ZoneInfo(plan.timezone)
    order = {person.id: place for place, person in enumerate(plan.people)}
    for shift in sorted(plan.shifts, key=lambda s: (order[s.frozen.employee_id], s.frozen.on)):
        person, frozen = plan.people[order[shift.frozen.employee_id]], shift.frozen
        starts, ends = frozen.starts_at.astimezone(zone), frozen.ends_at.astimezone(zone)
        yield {
            "employment_id": person.code,
            "name": person.name,
            "profession": person.profession,
            "date": frozen.on.isoformat(),
            "unit": frozen.unit,
            "shift": frozen.shift,
            "shift_name": shift.name,
            "start": starts,
            "end": ends,
            "start_date": starts.date().isoformat(),
            "start_time": f"{starts:%H:%M}",
            "end_date": ends.date().isoformat(),
            "end_time": f"{ends:%H:%M}",
            "hours": hours(frozen.paid_minutes),
            "minutes": frozen.paid_minutes,
            "break_minutes": frozen.break_minutes,
            "on_call_hours": hours(frozen.on_call_minutes),
            "on_call_minutes": frozen.on_call_minutes,
            "standby_hours": hours(frozen.standby_minutes),
            "standby_minutes": frozen.standby_minutes,
            "publication": publication,
        }


def templates(session: TenantSession) -> Sequence[ExportTemplate]:
    """Return the region's templates by name."""
    return session.scalars(select(ExportTemplate).order_by(ExportTemplate.name)).all()


def get_template(session: TenantSession, template_id: UUID) -> ExportTemplate:
    """Return a template; raises `NotFound`."""
    found = session.get(ExportTemplate, (session.tenant_id, template_id))
    if found is None:
        raise NotFound(_("There is no such export template."))
    return found


def columns_of(template: ExportTemplate) -> list[Column]:
    """Return a template's columns in their order."""
    return [Column(item["key"], item["heading"]) for item in template.columns]


def spelling_of(template: ExportTemplate) -> Spelling:
    """Return how a template's file is written."""
    return Spelling(template.separator, template.decimal, template.encoding, template.heading)


def newest_of_all(session: TenantSession) -> Publication | None:
    """Return the region's newest publication, which a preview is made from."""
    query = select(Publication).order_by(Publication.published_at.desc(), Publication.id.desc())
    return session.scalar(query.limit(1))
