"""Swaps: proposed to who may, accepted, approved; the roster is changed by the approval and not before."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from own_pages import OWN, employee_id
from rostering_pages import BASE, make_roster, work
from samplan.audit.models import AuditEntry
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Absence, Roster, RosterEdit, RosterPeriod, Swap
from samplan_rostering.queries.rosters.stored import assignments


def cells(site: Site, roster_id: UUID) -> list[tuple[str, int, str]]:
    with work(site) as session:
        roster = session.get_one(Roster, (session.tenant_id, roster_id))
        return [(cell.employee, cell.day, cell.shift) for cell in assignments(session, roster)]


def propose(person: Person, period_id: UUID, taker: UUID, given: str, taken: str = "") -> int:
    fields = {"period_id": period_id, "given_on": given, "taker_id": taker, "taken_on": taken}
    return person.client.post(f"{OWN}/swaps", data=fields).status_code


@pytest.fixture
def swap(rostering_site: Site, period_id: UUID, published: UUID, me: Person) -> UUID:
    """M01 gives Monday to M02 for Tuesday."""
    other = employee_id(rostering_site, "M02")
    assert propose(me, period_id, other, "2027-01-04", "2027-01-05") == 303
    with work(rostering_site) as session:
        return session.scalars(select(Swap.id)).one()


def test_a_swap_goes_from_one_to_the_other_to_the_manager_and_into_the_roster(
    rostering_site: Site,
    period_id: UUID,
    published: UUID,
    me: Person,
    colleague: Person,
    manager: Person,
    swap: UUID,
) -> None:
    asked, asking = (person.client.get(f"{BASE}/card").text for person in (colleague, me))
    assert "1 byte att svara på" in asked
    assert "att svara på" not in asking
    before = cells(rostering_site, published)
    decision = f"{BASE}/periods/{period_id}/requests/swaps/{swap}"
    assert manager.client.post(decision, data={"approve": "1"}).status_code == 409, "not agreed to yet"
    assert me.client.post(f"{OWN}/swaps/{swap}/answer", data={"accept": "1"}).status_code == 404
    assert colleague.client.post(f"{OWN}/swaps/{swap}/answer", data={"accept": "1"}).status_code == 303
    assert cells(rostering_site, published) == before

    assert "Godkänn och ändra schemat" in manager.client.get(f"{BASE}/periods/{period_id}/requests").text
    assert manager.client.post(decision, data={"approve": "1"}).status_code == 303
    assert cells(rostering_site, published) == [("M01", 1, "D"), ("M01", 4, "N"), ("M02", 0, "D")]
    assert manager.client.post(decision, data={"approve": "1"}).status_code == 409, "once"
    with work(rostering_site) as session:
        (edit,) = session.scalars(select(RosterEdit)).all()
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("swap.")))
        assert set(actions) == {"swap.proposed", "swap.accepted", "swap.approved"}
    assert (edit.account_id, edit.after_publication, len(edit.changes)) == (manager.account_id, True, 4)
    assert "tis 5/1" in me.client.get(f"{OWN}/?from=2027-01-04").text


def test_only_who_may_by_the_rules_is_offered_and_taken(
    rostering_site: Site, period_id: UUID, published: UUID, me: Person
) -> None:
    page = me.client.get(f"{OWN}/swaps/new?on=2027-01-04").text
    assert "Bo Exempel" in page
    assert "D tis 2027-01-05" in page
    assert "Cia Exempel" not in page, "without a shift in return one's hours would be too few"
    second, third = (employee_id(rostering_site, code) for code in ("M02", "M03"))
    with work(rostering_site) as session:
        monday = session.scalars(select(RosterPeriod.start_date)).one()
        away = {"first_date": monday, "last_date": monday, "kind": "parental", "position": 5}
        session.add(Absence(employee_id=second, **away))
    page = me.client.get(f"{OWN}/swaps/new?on=2027-01-04").text
    assert "Ingen kan ta passet" in page
    assert "Föräldra" not in page, "why is not told"
    refused = (second, "2027-01-04", "2027-01-05"), (third, "2027-01-04", ""), (third, "2027-01-12", "")
    for taker, given, taken in refused:
        assert propose(me, period_id, taker, given, taken) == 422
    assert propose(me, period_id, third, "x") == 422
    assert me.client.get(f"{OWN}/swaps/new?on=2027-01-12").status_code == 404
    with work(rostering_site) as session:
        assert session.scalars(select(Swap)).all() == []


def test_the_rule_that_stops_a_swap_is_told(
    rostering_site: Site, ward: WardData, period_id: UUID, me: Person
) -> None:
    made = make_roster(rostering_site, ward, period_id, Assignment("M01", 4, "N"), Assignment("M02", 5, "D"))
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, made)).chosen = True
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "published"
    fields = {
        "period_id": period_id,
        "given_on": "2027-01-08",
        "taker_id": employee_id(rostering_site, "M02"),
    }
    refused = me.client.post(f"{OWN}/swaps", data=fields)
    assert refused.status_code == 422
    assert re.search(
        "Bytet bryter mot en regel för Bo Exempel den 2027-01-0[89]: (Dygnsvila|Vila)", refused.text
    )


def test_a_swap_waits_alone_is_checked_again_and_ends_with_a_no(
    rostering_site: Site, period_id: UUID, me: Person, colleague: Person, manager: Person, swap: UUID
) -> None:
    third = employee_id(rostering_site, "M03")
    assert propose(me, period_id, third, "2027-01-04") == 409, "the shift is in a swap that waits"
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "consultation"
    answer = f"{OWN}/swaps/{swap}/answer"
    assert colleague.client.post(answer, data={"accept": "1"}).status_code == 409
    assert colleague.client.post(f"{OWN}/swaps/{swap}/withdraw").status_code == 404
    assert colleague.client.post(answer, data={"accept": "0"}).status_code == 303
    assert colleague.client.post(answer, data={"accept": "1"}).status_code == 409
    assert me.client.post(f"{OWN}/swaps/{swap}/withdraw").status_code == 409
    url = f"{BASE}/periods/{period_id}/requests/swaps/{swap}"
    assert me.client.post(url, data={"approve": "1"}).status_code == 403
