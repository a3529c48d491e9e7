"""A roster is judged once for all its pages, and anew after any change of what it is judged by."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from rostering_pages import work
from samplan.clock import SystemClock
from samplan.plugin_api import TenantSession
from samplan.testing.site import Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.explain.board import Board
from samplan_rostering.models import Assignment, EmployeeSkill, Requirement, Roster, RosterPeriod, Skill
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.rosters.judging import judged
from samplan_rostering.queries.solving.feasibility import quick_check
from samplan_rostering.services.hired.edit import Engagement, add_hired
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster


def a_rule(session: TenantSession, roster: Roster) -> None:
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    period.rules = {**period.rules, "weight_under_target": 77}


def a_skill(session: TenantSession, _roster: Roster) -> None:
    session.execute(delete(EmployeeSkill))


def a_requirement(session: TenantSession, _roster: Roster) -> None:
    session.execute(
        update(Requirement).where(Requirement.weekday == 0).values(minimum=5, target=6, maximum=None)
    )


def a_cell(session: TenantSession, roster: Roster) -> None:
    session.execute(
        delete(Assignment).where(Assignment.roster_id == roster.id, Assignment.on_date == date(2027, 1, 7))
    )


def a_hired_person(session: TenantSession, roster: Roster) -> None:
    assert roster.period_id is not None
    skills = tuple(session.scalars(select(Skill.id).where(Skill.code == "SSK")))
    add_hired(session, roster.period_id, "Vikarie AB", "V-7", Engagement("Sjuksköterska", skills))
    editor = Editor(uuid4(), SystemClock().now(), roster.version)
    edit_roster(session, roster.id, editor, [Wanted("V-7", date(2027, 1, 12), "D")])


def is_right(session: TenantSession, roster: Roster) -> Board:
    """Hold what is remembered against a judgement made afresh, and return it."""
    found = judged(session, roster)
    told, fresh = found.board.evaluation(), evaluate_ward(found.ward, found.cells, found.stands.guests)
    assert set(told.violations) == set(fresh.violations)
    assert (set(told.gaps), told.breakdown) == (set(fresh.gaps), fresh.breakdown)
    assert found.judge().before == told
    key = session.tenant_id, found.ward
    assert quick_check(*key) == quick_check.__wrapped__(*key)
    return found.board


def test_a_change_gives_a_new_judgement(rostering_site: Site, roster_id: UUID) -> None:
    changes = a_rule, a_requirement, a_hired_person, a_cell, a_skill
    with work(rostering_site) as session:
        roster = get_roster(session, roster_id)
        before = is_right(session, roster)
        for change in changes:
            assert is_right(session, roster) is before, "what is the same is judged once"
            change(session, roster)
            session.flush()
            session.expire_all()
            after = is_right(session, roster)
            assert after.evaluation() != before.evaluation(), change.__name__
            before = after
