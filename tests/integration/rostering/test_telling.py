"""Who is told that a roster was published or changed, and of what."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from publishing import NOW, Desk
from samplan.ids import new_id
from samplan.notices.models import Event, Mail
from samplan_rostering.models import Employee, Roster
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster


def link(desk: Desk, code: str) -> UUID:
    """Give an employee an account."""
    account = new_id()
    desk.session.execute(
        update(Employee)
        .where(Employee.tenant_id == desk.session.tenant_id, Employee.code == code)
        .values(account_id=account)
    )
    return account


def told(desk: Desk) -> list[tuple[Event, set[UUID]]]:
    """Return the events with whom they are mailed to."""
    found = desk.session.scalars(select(Event).order_by(Event.id)).all()
    mails = desk.session.scalars(select(Mail)).all()
    return [(event, {mail.account_id for mail in mails if mail.event_id == event.id}) for event in found]


def edit(desk: Desk, number: int, employee: str, day: int, shift: str | None) -> None:
    """Change a cell of a roster, as it is now."""
    roster = desk.session.get_one(Roster, (desk.session.tenant_id, desk.rosters[number]))
    editor = Editor(desk.by, NOW, roster.version, "Sjukdom")
    edit_roster(desk.session, roster.id, editor, [Wanted(employee, date(2027, 1, day), shift)])


def test_everybody_is_told_of_the_first_publication_and_nobody_is_named(desk: Desk) -> None:
    accounts = {link(desk, "M01"), link(desk, "M04")}
    desk.consult()
    desk.decide()
    assert told(desk) == []
    publication = desk.publish()
    ((event, people),) = told(desk)
    assert (event.type, event.at, people) == ("rostering.roster.published", NOW, accounts)
    assert event.payload["publication_id"] == str(publication.id)
    assert event.payload["ward"] == {"code": "AVD12", "name": "Avdelning 12"}
    assert event.payload["period"]["start"] == "2027-01-04"
    assert (event.payload["publication"], event.payload["changed"]) == (1, 0)
    assert "Exempel" not in str(event.payload)


def test_a_change_is_told_to_those_whose_shifts_it_is_and_so_is_publishing_it(desk: Desk) -> None:
    asa = link(desk, "M01")
    link(desk, "M02")
    publication = desk.go_all_the_way()
    edit(desk, 1, "M01", 20, "D")
    assert len(told(desk)) == 1, "a roster that is not in force is nobody's news"
    edit(desk, 0, "M01", 20, "D")
    event, people = told(desk)[1]
    assert (event.type, people) == ("rostering.roster.changed", {asa})
    assert event.payload["publication_id"] == str(publication.id)
    assert (event.payload["changed"], event.payload["version"]) == (1, publication.roster_version + 1)
    edit(desk, 0, "M01", 21, "D")
    assert [len(mailed) for _event, mailed in told(desk)[1:]] == [1, 0], "one mail for changes in a row"
    desk.publish("Sjukdom")
    event, people = told(desk)[3]
    assert (event.type, people) == ("rostering.roster.published", {asa})
    assert (event.payload["publication"], event.payload["changed"]) == (2, 2)


def test_a_draft_that_is_changed_is_nobodys_news(desk: Desk) -> None:
    link(desk, "M01")
    edit(desk, 0, "M01", 20, "D")
    desk.consult()
    edit(desk, 0, "M01", 21, "D")
    assert told(desk) == []
