"""A ward's skills: added, renamed, and taken out of use without touching older rosters."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Invalid, TenantSession, _, record
from samplan_rostering.models import CoverageNeed, Skill
from samplan_rostering.services.setup.coverage import refuse_if_asked_for
from samplan_rostering.services.setup.exceptions import note_change


def add_skill_of_ward(session: TenantSession, ward_id: UUID, code: str, name: str, today: date) -> Skill:
    """Add a skill that a ward's coverage may ask for; raises `Invalid` for a code that is taken."""
    taken = session.scalars(select(Skill.code).where(Skill.ward_id == ward_id))
    if code.casefold() in {other.casefold() for other in taken}:
        message = _("The ward has a skill with this code already.")
        raise Invalid(message, {"code": [message]})
    last = session.scalar(select(func.max(Skill.position)).where(Skill.ward_id == ward_id))
    row = Skill(ward_id=ward_id, code=code, name=name, position=0 if last is None else last + 1)
    session.add(row)
    session.flush()
    record(session, "skill.added", "rostering.skill", row.id, after={"code": code, "name": name})
    note_change(session, ward_id, today, date.max)
    return row


def rename_skill(session: TenantSession, row: Skill, name: str, today: date) -> None:
    """Give a skill another name; its code stays."""
    if row.name != name:
        before, row.name = {"name": row.name}, name
        record(session, "skill.changed", "rostering.skill", row.id, before=before, after={"name": name})
        note_change(session, row.ward_id, today, date.max)


def retire_skill(session: TenantSession, row: Skill, today: date) -> None:
    """Take a skill out of use: new periods do not ask for it, older ones keep it.

    Raises:
        Conflict: a coverage template asks for it.
    """
    if not row.retired:
        refuse_if_asked_for(session, CoverageNeed.skill_id == row.id)
        row.retired = True
        record(session, "skill.retired", "rostering.skill", row.id, before={"code": row.code})
        note_change(session, row.ward_id, today, date.max)


def restore_skill(session: TenantSession, row: Skill, today: date) -> None:
    """Take a skill into use again."""
    if row.retired:
        row.retired = False
        record(session, "skill.restored", "rostering.skill", row.id, after={"code": row.code})
        note_change(session, row.ward_id, today, date.max)
