"""A ward's coverage templates, and what a period asks for by date, now and by a template."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import NotFound, TenantSession, _
from samplan_rostering.domain.coverage import (
    Coverage,
    Key,
    Needs,
    Numbers,
    Template,
    as_rows,
    needed,
    needs_by_date,
    special_day,
    template_on,
)
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import (
    CoverageNeed,
    CoverageTemplate,
    Requirement,
    RosterPeriod,
    ShiftType,
    Skill,
)
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.wards import shift_types_of, skills_of


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A template as stored, and its value by codes."""

    row: CoverageTemplate
    value: Template

    @property
    def keys(self) -> list[Key]:
        """The shifts and skills that it asks for on some day, in the order of the ward."""
        return list(dict.fromkeys(key for needs in self.value.days.values() for key in needs))


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A date of a period: what it asks for now, what it would, and by which template; `kept` as it is."""

    on: date
    special: int | None
    template: str
    before: Needs
    after: Needs
    kept: bool

    @property
    def changes(self) -> list[tuple[Key, Numbers | None, Numbers | None]]:
        """What would be another need, before and after."""
        return [
            (key, self.before.get(key), self.after.get(key))
            for key in dict.fromkeys((*self.before, *self.after))
            if self.before.get(key) != self.after.get(key)
        ]


@dataclass(frozen=True, slots=True)
class CoveragePlan:
    """What a template would make of a period's days; `version` is the period's."""

    version: int
    days: tuple[PlannedDay, ...]
    coverage: Coverage

    @property
    def changed(self) -> list[PlannedDay]:
        """The dates that would need something else."""
        return [day for day in self.days if day.changes]

    @property
    def kept(self) -> list[PlannedDay]:
        """The dates that stay as they were set by themselves."""
        return [day for day in self.days if day.kept]

    @property
    def mark(self) -> str:
        """A mark of exactly this plan."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]


def templates_of(session: TenantSession, ward_id: UUID) -> list[StoredTemplate]:
    """Return a ward's templates: those for the whole year first, then seasons by date."""
    query = select(CoverageTemplate).where(CoverageTemplate.ward_id == ward_id)
    order = CoverageTemplate.first_date.asc().nulls_first(), CoverageTemplate.name
    return _stored(session, session.scalars(query.order_by(*order)).all())


def get_template(session: TenantSession, template_id: UUID) -> StoredTemplate:
    """Return a template; raises `NotFound`."""
    row = session.get(CoverageTemplate, (session.tenant_id, template_id), populate_existing=True)
    if row is None:
        raise NotFound(_("There is no such coverage template."))
    return _stored(session, [row])[0]


def coverage_plan(
    session: TenantSession, period: RosterPeriod, usual: Template, *, keep: bool
) -> CoveragePlan:
    """Return what a template and the ward's seasons would make of a period's days.

    With `keep`, dates whose needs were set by themselves stay as they are.
    """
    ward = ward_data(session, period.id)
    dates = dates_of(period)
    now = needs_by_date(Coverage(ward.weekly_requirements, ward.dated_requirements), dates)
    by_hand = set(
        session.scalars(
            select(Requirement.on_date).where(
                Requirement.period_id == period.id,
                Requirement.on_date.is_not(None),
                ~Requirement.from_template,
            )
        )
    )
    seasons = [item.value for item in templates_of(session, period.ward_id) if item.value.first]
    days = []
    for on in dates:
        template, kept = template_on(on, usual, seasons), keep and on in by_hand
        after = now[on] if kept else needed(template.needs_on(on))
        days.append(PlannedDay(on, special_day(on), template.name, now[on], after, kept))
    order = [(shift.code, skill) for shift in ward.shift_types for skill in (None, *_codes(ward))]
    return CoveragePlan(period.version, tuple(days), as_rows({day.on: day.after for day in days}, order))


def newest_week(session: TenantSession, ward_id: UUID) -> Template | None:
    """Return what a ward's newest period with requirements asks for: its week, public holidays and eves."""
    period = session.scalar(
        select(RosterPeriod)
        .where(
            RosterPeriod.ward_id == ward_id,
            RosterPeriod.id.in_(select(Requirement.period_id).where(Requirement.weekday.is_not(None))),
        )
        .order_by(RosterPeriod.end_date.desc(), RosterPeriod.id)
        .limit(1)
    )
    if period is None:
        return None
    ward = ward_data(session, period.id)
    week = week_of(Coverage(ward.weekly_requirements, ()))
    days = {day: {key: row[day] for key, row in week.items() if day in row} for day in range(7)}
    for own in ward.dated_requirements:
        special = special_day(own.date)
        if special is not None:
            numbers = own.minimum, own.target, own.maximum
            days.setdefault(special, {})[own.shift, own.skill] = numbers
    return Template(f"{period.start_date} – {period.end_date}", days=days)


def dates_of(period: RosterPeriod) -> list[date]:
    """Return the dates of a period."""
    days = (period.end_date - period.start_date).days + 1
    return [period.start_date + timedelta(days=day) for day in range(days)]


def week_of(coverage: Coverage) -> Mapping[Key, Mapping[int, Numbers]]:
    """Return what a period asks for in an ordinary week, by shift and skill."""
    week: dict[Key, dict[int, Numbers]] = {}
    for row in coverage.weekly:
        numbers = row.minimum, row.target, row.maximum
        week.setdefault((row.shift, row.skill), {})[row.weekday] = numbers
    return week


def _codes(ward: WardData) -> list[str]:
    return [skill.code for skill in ward.skills]


def _stored(session: TenantSession, rows: Sequence[CoverageTemplate]) -> list[StoredTemplate]:
    found: dict[UUID, dict[int, dict[Key, Numbers]]] = {row.id: {} for row in rows}
    needs = session.execute(
        select(CoverageNeed, ShiftType.code, Skill.code)
        .join(ShiftType, ShiftType.id == CoverageNeed.shift_type_id)
        .outerjoin(Skill, Skill.id == CoverageNeed.skill_id)
        .where(CoverageNeed.template_id.in_(found))
        .order_by(ShiftType.position, ShiftType.id, Skill.position.asc().nulls_first(), CoverageNeed.day)
    )
    for need, shift, skill in needs:
        numbers = need.minimum, need.target, need.maximum
        found[need.template_id].setdefault(need.day, {})[shift, skill] = numbers
    return [
        StoredTemplate(row, Template(row.name, row.first_date, row.last_date, found[row.id])) for row in rows
    ]


def key_ids(
    session: TenantSession, ward_id: UUID, keys: Iterable[Key]
) -> Mapping[Key, tuple[UUID, UUID | None]]:
    """Return the ids behind shifts and skills of a ward, in use or not."""
    shifts = {row.code: row.id for row in shift_types_of(session, ward_id, retired=True)}
    skills = {row.code: row.id for row in skills_of(session, ward_id, retired=True)}
    return {
        (shift, skill): (shifts[shift], None if skill is None else skills[skill]) for shift, skill in keys
    }
