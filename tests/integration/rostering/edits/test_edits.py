"""Changing a roster by hand: what is made, what is refused, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from rostering_edits import NOW, Change, cells
from rostering_pages import work
from samplan.ids import new_id
from samplan.plugin_api import Conflict, Invalid, NotFound, RetentionPolicy, SubjectRef
from samplan.testing.site import Person, Site
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.edits import edit_lines
from samplan_rostering.queries.rosters.stored import evaluation, period_roster
from samplan_rostering.services.erasure.person import erase_person
from samplan_rostering.services.rosters.edits import Edited, Editor, Stale, edit_roster, redo_edit, undo_edit

Turn = Callable[..., Edited]


def turn(site: Site, roster_id: UUID, who: Person, version: int, call: Turn, reason: str = "") -> Edited:
    with work(site) as session:
        return call(session, roster_id, Editor(who.account_id, NOW, version, reason))


def test_a_shift_is_placed_moved_swapped_replaced_and_removed(
    rostering_site: Site, roster_id: UUID, change: Change
) -> None:
    kinds = [
        change(1, ("M02", 5, "D")).edit.kind,
        change(2, ("M02", 5, ""), ("M04", 6, "D")).edit.kind,
        change(3, ("M04", 6, "N"), ("M01", 4, "D")).edit.kind,  # one of them is as it was
        change(4, ("M04", 6, "D"), ("M01", 4, "N")).edit.kind,
        change(5, ("M04", 6, "N"), ("M01", 4, "D")).edit.kind,
        change(6, ("M01", 4, "")).edit.kind,
    ]

    assert kinds == ["place", "move", "replace", "swap", "swap", "remove"]
    assert cells(rostering_site, roster_id) == {("M04", 6): "N", ("M03", 7): "D"}
    with work(rostering_site) as session:
        roster = periods.get_roster(session, roster_id)
        assert (roster.version, roster.origin) == (7, "edited")
        assert roster.objective == evaluation(session, roster, private=True).objective
        lines = edit_lines(session, roster_id, roster.period_id)
        assert [line.number for line in lines] == [7, 6, 5, 4, 3, 2]
        assert {line.who for line in lines} == {"Schemaläggare Ett"}
        assert [(c.name, c.on.day, c.before, c.after) for c in lines[-1].cells] == [
            ("Bo Exempel", 5, "", "D")
        ]


def test_what_breaks_a_rule_is_told_and_made_all_the_same(change: Change) -> None:
    told = change(1, ("M01", 11, "D")).effect  # on vacation

    assert [(broken.rule, broken.employee) for broken in told.broken if broken.day == 7] == [
        (Rule.ABSENCE, "M01")
    ]
    assert told.minutes == {"M01": 480}


def test_another_undoes_and_redoes(rostering_site: Site, roster_id: UUID, change: Change) -> None:
    before = cells(rostering_site, roster_id)
    change(1, ("M02", 5, "D"))
    change(2, ("M01", 4, ""), ("M02", 4, "D"))
    other = rostering_site.person("ett", "ward_manager", name="Chef Två")

    assert turn(rostering_site, roster_id, other, 3, undo_edit).edit.of_number == 3
    assert turn(rostering_site, roster_id, other, 4, undo_edit).edit.of_number == 2
    assert cells(rostering_site, roster_id) == before
    with pytest.raises(Invalid, match="nothing to undo"):
        turn(rostering_site, roster_id, other, 5, undo_edit)
    assert turn(rostering_site, roster_id, other, 5, redo_edit).edit.of_number == 2
    assert turn(rostering_site, roster_id, other, 6, redo_edit).edit.of_number == 3
    assert cells(rostering_site, roster_id)["M02", 4] == "D"
    with pytest.raises(Invalid):
        turn(rostering_site, roster_id, other, 7, redo_edit)
    with work(rostering_site) as session:
        roster = periods.get_roster(session, roster_id)
        assert edit_lines(session, roster_id, roster.period_id)[0].who == "Chef Två"


def test_a_new_change_ends_what_can_be_redone(
    rostering_site: Site, roster_id: UUID, change: Change, scheduler: Person
) -> None:
    change(1, ("M02", 5, "D"))
    turn(rostering_site, roster_id, scheduler, 2, undo_edit)
    change(3, ("M02", 6, "D"))

    with pytest.raises(Invalid):
        turn(rostering_site, roster_id, scheduler, 4, redo_edit)
    turn(rostering_site, roster_id, scheduler, 4, undo_edit)
    turn(rostering_site, roster_id, scheduler, 5, redo_edit)
    assert ("M02", 6) in cells(rostering_site, roster_id)


def test_who_has_seen_an_older_version_is_told_and_changes_nothing(
    rostering_site: Site, roster_id: UUID, change: Change, scheduler: Person
) -> None:
    change(1, ("M02", 5, "D"))

    with pytest.raises(Stale) as refused:
        change(1, ("M02", 5, "N"))
    with pytest.raises(Stale):
        turn(rostering_site, roster_id, scheduler, 1, undo_edit)
    assert refused.value.details == {"version": 2}
    assert cells(rostering_site, roster_id)["M02", 5] == "D"


def test_cells_are_locked_and_unlocked(
    rostering_site: Site, roster_id: UUID, change: Change, scheduler: Person, ward: WardData
) -> None:
    assert change(1, ("M01", 4, None, True), ("M02", 8, None, True)).edit.kind == "lock"
    with pytest.raises(Invalid, match="locked"):
        change(2, ("M01", 4, ""))
    assert change(2, ("M01", 4, None, False)).edit.kind == "unlock"
    change(3, ("M02", 8, "N", True))  # placed, and locked as it is then
    turn(rostering_site, roster_id, scheduler, 4, undo_edit)
    turn(rostering_site, roster_id, scheduler, 5, undo_edit)

    with work(rostering_site) as session:
        roster = periods.get_roster(session, roster_id)
        assert roster.period_id is not None
        now = ward_data(session, roster.period_id)
        more = {(pin.employee, pin.date.day, pin.shift) for pin in set(now.pins) - set(ward.pins)}
        assert more == {("M01", 4, "D"), ("M02", 8, None)}
        assert session.get_one(RosterPeriod, (session.tenant_id, roster.period_id)).version == 6
        assert not period_roster(session, roster, roster.period_id, private=True).changed


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (("M99", 5, "D"), "cells.0.employee"),
        (("M02", 5, "Q"), "cells.0.shift"),
        (("M02", 5, ""), "cells"),  # it is free already
    ],
)
def test_what_makes_no_sense_is_refused(change: Change, wanted: tuple[Any, ...], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(1, wanted)
    assert list(refused.value.fields) == [field]


def test_dates_outside_cells_named_twice_and_none_at_all_are_refused(
    rostering_site: Site, roster_id: UUID, change: Change, scheduler: Person, ward: WardData
) -> None:
    from samplan_rostering.services.rosters.cells import Wanted

    outside = Wanted("M02", ward.period.end + timedelta(days=1), "D")
    with pytest.raises(Invalid) as refused, work(rostering_site) as session:
        edit_roster(session, roster_id, Editor(scheduler.account_id, NOW, 1), [outside])
    assert list(refused.value.fields) == ["cells.0.date"]
    with pytest.raises(Invalid):
        change(1, ("M02", 5, "D"), ("M02", 5, "N"))
    with pytest.raises(Invalid):
        change(1)
    with pytest.raises(NotFound), work(rostering_site) as session:
        edit_roster(session, new_id(), Editor(scheduler.account_id, NOW, 1), [outside])


def test_a_decided_period_is_reopened_first(change: Change, set_state: Callable[[str], None]) -> None:
    set_state("decided")
    with pytest.raises(Conflict, match="Reopen"):
        change(1, ("M02", 5, "D"))
    set_state("consultation")
    change(1, ("M02", 5, "D"))


def test_a_published_roster_is_changed_for_a_reason_and_not_in_the_past(
    rostering_site: Site, roster_id: UUID, change: Change, set_state: Callable[[str], None], scheduler: Person
) -> None:
    set_state("published")
    with pytest.raises(Invalid) as refused:
        change(1, ("M02", 12, "D"), reason="  ")
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(Invalid, match="2027-01-09"):
        change(1, ("M02", 9, "D"), reason="sjukdom")
    made = change(1, ("M02", 10, "D"), reason="sjukdom")  # today
    assert (made.edit.reason, made.edit.after_publication) == ("sjukdom", True)
    with pytest.raises(Invalid, match="2027-01-10"):
        change(2, ("M02", 10, ""), reason="frisk", now=NOW + timedelta(hours=1))  # tomorrow in Stockholm
    with pytest.raises(Invalid):
        turn(rostering_site, roster_id, scheduler, 2, undo_edit)
    assert turn(rostering_site, roster_id, scheduler, 2, undo_edit, "misstag").edit.reason == "misstag"


def test_others_of_the_period_stay_comparable_when_cells_are_locked(
    rostering_site: Site, roster_id: UUID, change: Change, period_id: UUID
) -> None:
    with work(rostering_site) as session:
        first = session.get_one(Roster, (session.tenant_id, roster_id))
        columns = {c.name: getattr(first, c.name) for c in Roster.__table__.columns if c.name != "id"}
        session.add(Roster(**{**columns, "number": 2}))
    change(1, ("M01", 4, None, True))

    with work(rostering_site) as session:
        hashes = {roster.input_hash for roster in session.query(Roster).filter_by(period_id=period_id)}
    assert len(hashes) == 1


def test_an_extract_holds_the_changes_of_the_persons_cells_and_erasure_their_reasons(
    rostering_site: Site, roster_id: UUID, change: Change, set_state: Callable[[str], None]
) -> None:
    set_state("published")
    change(1, ("M02", 12, "D"), ("M01", 12, "N"), reason="Bo bytte med Åsa")
    with work(rostering_site) as session:
        (row,) = next(
            part.rows
            for part in export_person(session, SubjectRef(reference="M02"))
            if part.name == "roster_edit"
        )
        assert (row["reason"], [cell["date"] for cell in row["cells"]]) == (
            "Bo bytte med Åsa",
            ["2027-01-12"],
        )
        for expected in (1, 0):
            policy = RetentionPolicy(subject=SubjectRef(reference="M02"), dry_run=False)
            rows = erase_person(session, policy).rows
            assert rows.get("rostering.roster_edit", 0) == expected
        roster = periods.get_roster(session, roster_id)
        (line,) = edit_lines(session, roster_id, roster.period_id)
        assert line.reason == "–"
        assert line.cells[0].employee.startswith("anonym-")
