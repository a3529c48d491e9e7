"""What was published is frozen, what people said of it stays private, and a person can be forgotten."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from publishing import NOW, Desk
from samplan.errors import Conflict, Invalid, NotFound
from samplan.ids import new_id
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan_rostering.models import (
    Employee,
    PeriodComment,
    Publication,
    PublicationShift,
    RosterPeriod,
    ShiftType,
)
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.queries.publishing.page import comments
from samplan_rostering.queries.publishing.publications import differences, get_period, is_intact
from samplan_rostering.queries.rosters.plan import published_plan, roster_plan
from samplan_rostering.services.erasure.person import PSEUDONYM, erase_person
from samplan_rostering.services.publishing.comments import add_comment


def test_publishing_again_freezes_what_was_changed_with_notice_to_the_first_change(desk: Desk) -> None:
    first = desk.go_all_the_way()
    with pytest.raises(Conflict, match="Nothing"):
        desk.publish()
    before = published_plan(desk.session, first)
    desk.free("M03")
    now = roster_plan(desk.session, desk.period_id, desk.rosters[0])
    (changed,) = differences({}, before, now)
    assert (changed.person.code, changed.on, changed.now) == ("M03", date(2027, 1, 7), None)
    assert changed.published is not None
    assert changed.published.code == "D"
    second = desk.publish()
    assert (second.number, second.changed_cells, second.first_date) == (2, 1, date(2027, 1, 7))
    assert published_plan(desk.session, first) == before, "the first is as it was"
    assert len(published_plan(desk.session, second).shifts) == 2


def test_a_publication_keeps_its_times_when_the_shift_gets_others(desk: Desk) -> None:
    publication = desk.go_all_the_way()
    before = published_plan(desk.session, publication)
    desk.session.execute(update(ShiftType).values(name="Annat", break_minutes=1))
    desk.session.expire_all()
    assert published_plan(desk.session, publication) == before
    assert is_intact(desk.session, publication)


@pytest.mark.parametrize("table", [Publication, PublicationShift])
@pytest.mark.parametrize("words", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}"])
def test_postgresql_itself_refuses_to_change_a_publication(
    desk: Desk, table: type[Publication | PublicationShift], words: str
) -> None:
    desk.go_all_the_way()
    statement = text(words.format(f"rostering.{table.__tablename__}"))
    with pytest.raises(ProgrammingError, match="permission denied"), desk.session.begin_nested():
        desk.session.execute(statement)
    assert len(desk.session.scalars(select(PublicationShift)).all()) == 3


def test_another_content_breaks_the_seal(desk: Desk) -> None:
    publication = desk.go_all_the_way()
    shift = desk.session.scalars(select(PublicationShift)).first()
    assert shift is not None
    names = [c.name for c in PublicationShift.__table__.columns if c.name not in {"id", "on_date"}]
    added = {name: getattr(shift, name) for name in names}
    desk.session.add(PublicationShift(**added, on_date=date(2027, 1, 30)))
    desk.session.flush()
    assert not is_intact(desk.session, publication)


def test_comments_are_taken_in_consultation_only_and_private_ones_stay_private(desk: Desk) -> None:
    me, you = new_id(), new_id()
    with pytest.raises(Conflict):
        add_comment(desk.session, desk.period_id, "För tidigt", "self", by=me, now=NOW)
    desk.consult()
    for wrong in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid):
            add_comment(desk.session, desk.period_id, wrong, "self", by=me, now=NOW)
    with pytest.raises(Invalid):
        add_comment(desk.session, desk.period_id, "Hej", "boss", by=me, now=NOW)
    for text_, side, by in (("Mitt", "self", me), ("Ditt", "self", you), ("Vårt", "union", you)):
        add_comment(desk.session, desk.period_id, text_, side, by=by, now=NOW)

    def read(reader: UUID, *, everybody: bool) -> list[str]:
        told = comments(desk.session, desk.period_id, reader, everybody=everybody)
        return sorted(one.row.text for one in told if isinstance(one.row, PeriodComment))

    assert read(me, everybody=False) == ["Mitt", "Vårt"]
    assert read(new_id(), everybody=True) == ["Ditt", "Mitt", "Vårt"]


def test_a_person_is_told_everything_and_can_be_forgotten_in_a_frozen_publication(desk: Desk) -> None:
    account = new_id()
    desk.session.execute(update(Employee).where(Employee.code == "M01").values(account_id=account))
    desk.session.expire_all()
    desk.consult()
    add_comment(desk.session, desk.period_id, "Jag vill byta", "self", by=account, now=NOW)
    desk.decide()
    publication = desk.publish()
    parts = {part.name: part.rows for part in export_person(desk.session, SubjectRef(reference="M01"))}
    assert [row["text"] for row in parts["period_comment"]] == ["Jag vill byta"]
    assert len(parts["published_shift"]) == 1
    steps = export_person(desk.session, SubjectRef(account_id=desk.by))
    assert {part.name: len(part.rows) for part in steps} == {"period_step": 3, "publication": 1}

    subject = SubjectRef(reference="M01")
    dry = erase_person(desk.session, RetentionPolicy(subject=subject))
    assert erase_person(desk.session, RetentionPolicy(subject=subject, dry_run=False)).rows == dry.rows
    desk.session.expire_all()
    assert dry.rows["rostering.period_comment"] == 1
    said = desk.session.scalars(select(PeriodComment)).one()
    assert (said.text, said.by) == ("", None)
    shown = published_plan(desk.session, publication)
    assert [p.shown for p in shown.people if PSEUDONYM.fullmatch(p.code)] != []
    assert "Åsa" not in str(shown)
    assert is_intact(desk.session, publication), "the seal names nobody"


def test_a_period_of_nobody_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        get_period(desk.session, new_id())
    assert desk.session.scalars(select(RosterPeriod)).one().state == "draft"
