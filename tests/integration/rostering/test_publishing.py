"""From draft to published and back: who was there first, notice, and broken rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from publishing import CELLS, LATE, Desk, make_desk
from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Invalid, NotFound
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import PeriodStep, Publication, Roster
from samplan_rostering.queries.publishing.publications import was_late
from samplan_rostering.services.publishing import steps as publishing


def test_a_roster_goes_all_the_way_and_each_step_is_kept_and_audited(desk: Desk) -> None:
    desk.consult()
    desk.decide()
    publication = desk.publish()
    assert desk.state == "published"
    assert (publication.number, publication.lead_days, was_late(publication)) == (1, 34, False)
    taken = desk.session.scalars(select(PeriodStep).order_by(PeriodStep.id)).all()
    assert [(row.step, row.from_state, row.to_state) for row in taken] == [
        ("consult", "draft", "consultation"),
        ("decide", "consultation", "decided"),
        ("publish", "decided", "published"),
    ]
    query = select(AuditEntry).where(AuditEntry.object_id == str(desk.period_id))
    entries = {entry.action: entry for entry in desk.session.scalars(query)}
    assert {"period.consulted_on", "period.decided", "period.published"} <= entries.keys()
    assert entries["period.published"].after["lead_days"] == 34
    assert "Titta" not in str(entries["period.consulted_on"].after), "the words are not in the trail"


def test_choosing_another_roster_leaves_just_that_one_chosen(desk: Desk) -> None:
    desk.consult(0)
    publishing.withdraw_consultation(desk.session, desk.period_id, desk.act())
    assert desk.state == "draft"
    desk.consult(1)
    chosen = desk.session.scalars(select(Roster.id).where(Roster.chosen)).all()
    assert chosen == [desk.rosters[1]]


def test_steps_out_of_order_and_from_an_old_page_are_refused(desk: Desk) -> None:
    old = desk.act().seen
    for step in (desk.decide, desk.publish):
        with pytest.raises(Conflict):
            step()
    desk.consult()
    with pytest.raises(Conflict):
        publishing.withdraw_consultation(desk.session, desk.period_id, desk.act(seen=old))
    with pytest.raises(Conflict):
        desk.consult()
    assert desk.state == "consultation"
    desk.free("M01")
    with pytest.raises(Conflict):  # another version of the roster than was looked at
        publishing.decide(desk.session, desk.period_id, desk.act(seen=old))


def test_another_periods_roster_cannot_be_chosen(
    tenant_session: TenantSession, unit: OrgUnit, lenient: WardData
) -> None:
    first = make_desk(tenant_session, lenient, CELLS)
    later = replace(
        lenient.period, start=lenient.period.start + timedelta(28), end=lenient.period.end + timedelta(28)
    )
    second = make_desk(
        tenant_session,
        replace(lenient, period=later, wishes=(), history=(), dated_requirements=()),
        CELLS[:1],
    )
    with pytest.raises(Invalid):
        publishing.send_to_consultation(first.session, first.period_id, second.rosters[0], first.act())
    with pytest.raises(NotFound):
        publishing.send_to_consultation(first.session, first.period_id, new_id(), first.act())
    assert first.state == "draft"


def test_broken_rules_are_accepted_with_a_reason_only(
    tenant_session: TenantSession, unit: OrgUnit, lenient: WardData
) -> None:
    absent = Assignment("M01", 7, "D")  # on leave that day
    desk = make_desk(tenant_session, lenient, (absent,))
    desk.consult()
    with pytest.raises(Invalid) as refused:
        desk.decide()
    assert refused.value.fields.keys() == {"accepts"}
    with pytest.raises(Invalid) as refused:
        publishing.decide(desk.session, desk.period_id, desk.act(" "), accepts=True)
    assert refused.value.fields.keys() == {"comment"}
    desk.decide("Ledigheten är flyttad.")
    assert desk.session.scalars(select(PeriodStep.breaches)).all() == [1, 1]
    assert desk.state == "decided"


def test_a_late_publication_needs_a_reason_and_is_counted(desk: Desk) -> None:
    desk.consult()
    desk.decide()
    with pytest.raises(Invalid):
        desk.publish(today=LATE)
    publication = desk.publish("Många blev sjuka i influensa.", LATE)
    assert (publication.lead_days, was_late(publication)) == (7, True)
    assert publication.reason.startswith("Många")
    assert not publication.sha256.isspace()


def test_fourteen_days_are_in_time(desk: Desk) -> None:
    desk.consult()
    desk.decide()
    assert not was_late(desk.publish(today=date(2026, 12, 21)))


def test_what_was_changed_after_the_decision_is_decided_anew(desk: Desk) -> None:
    desk.consult()
    desk.decide()
    desk.free("M01")
    with pytest.raises(Conflict):
        desk.publish()
    publishing.reopen(desk.session, desk.period_id, desk.act("Ett byte"))
    desk.decide()
    assert desk.publish().number == 1


def test_opening_again_needs_a_reason_and_what_was_published_stays(desk: Desk) -> None:
    desk.consult()
    desk.decide()
    first = desk.publish()
    with pytest.raises(Invalid):
        publishing.reopen(desk.session, desk.period_id, desk.act())
    publishing.reopen(desk.session, desk.period_id, desk.act("Nytt underlag"))
    assert desk.state == "consultation"
    assert desk.session.scalars(select(Publication)).all() == [first]
