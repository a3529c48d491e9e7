"""Coverage templates of a ward: added, changed and removed, and what they ask for written into a period."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.coverage import DAYS, Key, Numbers, Template
from samplan_rostering.domain.ward import DatedRequirement, WeeklyRequirement
from samplan_rostering.models import CoverageNeed, CoverageTemplate, Requirement, RosterPeriod
from samplan_rostering.queries.setup.coverage import CoveragePlan, StoredTemplate, key_ids

MOST = 999
"""The largest number of people that can be asked for."""


def add_template(
    session: TenantSession, ward_id: UUID, name: str, season: tuple[date | None, date | None], like: Template
) -> CoverageTemplate:
    """Add a template to a ward that asks for what another does.

    Raises:
        Invalid: the name is taken, or the season has one date only, is in the wrong order or meets another.
    """
    _check(session, ward_id, None, name, season)
    row = CoverageTemplate(ward_id=ward_id, name=name, first_date=season[0], last_date=season[1])
    session.add(row)
    session.flush()
    keys = key_ids(session, ward_id, (key for needs in like.days.values() for key in needs))
    session.add_all(
        _need(row.id, day, keys[key], numbers)
        for day, needs in like.days.items()
        for key, numbers in needs.items()
    )
    after = {"name": name, "first_date": season[0], "last_date": season[1]}
    record(session, "coverage_template.added", "rostering.coverage_template", row.id, after=after)
    session.flush()
    return row


def change_template(
    session: TenantSession, row: CoverageTemplate, name: str, season: tuple[date | None, date | None]
) -> None:
    """Give a template another name or season; raises `Invalid` as `add_template` does."""
    _check(session, row.ward_id, row.id, name, season)
    before = {"name": row.name, "first_date": row.first_date, "last_date": row.last_date}
    row.name, row.first_date, row.last_date = name, *season
    after = {"name": name, "first_date": season[0], "last_date": season[1]}
    record(
        session,
        "coverage_template.changed",
        "rostering.coverage_template",
        row.id,
        before=before,
        after=after,
    )
    _count(row)


def set_needs(
    session: TenantSession, template: StoredTemplate, key: Key, days: Collection[int], numbers: Numbers | None
) -> None:
    """Let a template ask for so many on some days; None asks for nothing of its own there.

    Raises:
        Invalid: no day, or numbers that are not in order from 0 to 999.
    """
    _check_needs(days, numbers)
    row = template.row
    shift_id, skill_id = key_ids(session, row.ward_id, [key])[key]
    session.execute(
        delete(CoverageNeed).where(
            CoverageNeed.template_id == row.id,
            CoverageNeed.day.in_(days),
            CoverageNeed.shift_type_id == shift_id,
            CoverageNeed.skill_id.is_not_distinct_from(skill_id),
        )
    )
    if numbers is not None:
        session.add_all(_need(row.id, day, (shift_id, skill_id), numbers) for day in sorted(days))
    asked = {day: template.value.days.get(day, {}).get(key) for day in sorted(days)}
    record(
        session,
        "coverage_template.changed",
        "rostering.coverage_template",
        row.id,
        before={"shift": key[0], "skill": key[1], "coverage": {str(day): old for day, old in asked.items()}},
        after={"shift": key[0], "skill": key[1], "coverage": dict.fromkeys(map(str, asked), numbers)},
    )
    _count(row)
    session.flush()


def _check_needs(days: Collection[int], numbers: Numbers | None) -> None:
    if not days or not set(days) <= set(DAYS):
        message = _("Choose at least one day.")
        raise Invalid(message, {"days": [message]})
    if numbers is not None:
        said = [0, *(number for number in numbers if number is not None), MOST]
        if said != sorted(said):
            message = _("Numbers in order: minimum, target, maximum, from 0 to %(most)s.", most=MOST)
            raise Invalid(message, {"minimum": [message]})


def delete_template(session: TenantSession, row: CoverageTemplate) -> None:
    """Delete a template; periods keep what it asked for."""
    before = {"name": row.name, "first_date": row.first_date, "last_date": row.last_date}
    record(session, "coverage_template.deleted", "rostering.coverage_template", row.id, before=before)
    session.delete(row)


def move_needs(session: TenantSession, old: UUID, new: UUID) -> None:
    """Let the ward's templates ask for a new shift type in the place of an old one."""
    session.execute(
        update(CoverageNeed).where(CoverageNeed.shift_type_id == old).values(shift_type_id=new),
        execution_options={"synchronize_session": False},
    )


def refuse_if_asked_for(session: TenantSession, condition: ColumnElement[bool]) -> None:
    """Refuse to take something out of use that a template asks for; raises `Conflict`."""
    name = session.scalar(
        select(CoverageTemplate.name)
        .join(CoverageNeed, CoverageNeed.template_id == CoverageTemplate.id)
        .where(condition)
        .limit(1)
    )
    if name is not None:
        raise Conflict(_("The coverage template %(name)s asks for it. Take it away there first.", name=name))


def apply_plan(session: TenantSession, period: RosterPeriod, plan: CoveragePlan) -> None:
    """Write what a plan asks for as a period's requirements.

    Raises:
        Conflict: the period's roster has been decided or published.
    """
    if period.state in ("decided", "published"):
        raise Conflict(_("The roster has been decided. Needs of single dates are changed by re-planning."))
    session.execute(delete(Requirement).where(Requirement.period_id == period.id))
    kept = {day.on for day in plan.kept}
    rows: tuple[WeeklyRequirement | DatedRequirement, ...] = (*plan.coverage.weekly, *plan.coverage.dated)
    ids = key_ids(session, period.ward_id, {(row.shift, row.skill) for row in rows})
    session.add_all(_requirements(period.id, rows, ids, kept))
    period.version, period.updated_at = period.version + 1, func.now()
    templates = sorted({day.template for day in plan.days if not day.kept})
    after = {"templates": templates, "days": len(plan.changed)}
    record(session, "period.coverage_applied", "rostering.period", period.id, after=after)
    session.flush()


def _requirements(
    period_id: UUID,
    rows: Iterable[WeeklyRequirement | DatedRequirement],
    ids: Mapping[Key, tuple[UUID, UUID | None]],
    kept: Collection[date],
) -> Iterable[Requirement]:
    for position, row in enumerate(rows):
        on = row.date if isinstance(row, DatedRequirement) else None
        shift_id, skill_id = ids[row.shift, row.skill]
        yield Requirement(
            period_id=period_id,
            weekday=row.weekday if isinstance(row, WeeklyRequirement) else None,
            on_date=on,
            shift_type_id=shift_id,
            skill_id=skill_id,
            minimum=row.minimum,
            target=row.target,
            maximum=row.maximum,
            from_template=on not in kept,
            position=position,
        )


def _need(template_id: UUID, day: int, ids: tuple[UUID, UUID | None], numbers: Numbers) -> CoverageNeed:
    minimum, target, maximum = numbers
    return CoverageNeed(
        template_id=template_id,
        day=day,
        shift_type_id=ids[0],
        skill_id=ids[1],
        minimum=minimum,
        target=target,
        maximum=maximum,
    )


def _count(row: CoverageTemplate) -> None:
    row.version, row.updated_at = row.version + 1, func.now()


def _check(
    session: TenantSession,
    ward_id: UUID,
    own: UUID | None,
    name: str,
    season: tuple[date | None, date | None],
) -> None:
    others = [
        row
        for row in session.scalars(select(CoverageTemplate).where(CoverageTemplate.ward_id == ward_id))
        if row.id != own
    ]
    faults: dict[str, list[str]] = {}
    if name.casefold() in {row.name.casefold() for row in others}:
        faults["name"] = [_("The ward has a template with this name already.")]
    first, last = season
    if (first is None) != (last is None):
        faults["last"] = [_("A season has a first and a last date. Leave both empty for the whole year.")]
    elif first is not None and last is not None:
        if last < first:
            faults["last"] = [_("Not before %(date)s.", date=first.isoformat())]
        elif any(_meets(row, first, last) for row in others):
            faults["first"] = [_("The season meets another one of the ward.")]
    if faults:
        raise Invalid(_("The template cannot be like this."), faults)


def _meets(row: CoverageTemplate, first: date, last: date) -> bool:
    if row.first_date is None or row.last_date is None:
        return False
    return row.first_date <= last and first <= row.last_date
