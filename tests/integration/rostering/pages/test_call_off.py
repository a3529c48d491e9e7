"""What the roster lacks: listed, offered, handed over, read by other plugins, and by nobody else's."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.modules.contributions import Period
from samplan.plugin_api import RosteredHours, StaffingGaps
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import CallOffLine, Roster
from samplan_rostering.queries.hired.calloff import missing_people
from samplan_rostering.queries.rosters.coverage import Need

JANUARY = Period(date(2027, 1, 1), date(2027, 1, 31))


def page(period_id: UUID, rest: str = "") -> str:
    return f"{BASE}/periods/{period_id}/call-off{rest}"


def post(person: Person, url: str, **fields: object) -> int:
    return person.client.post(url, data=fields, buffered=True).status_code


def lines(site: Site) -> list[CallOffLine]:
    with work(site) as session:
        found = session.scalars(select(CallOffLine).order_by(CallOffLine.starts_at)).all()
        session.expunge_all()
        return list(found)


def offered(site: Site, slug: str = "ett", modules: frozenset[str] = frozenset({"rostering"})) -> list[tuple]:
    with work(site, slug) as session:
        gaps = site.core.modules.find(StaffingGaps, session, modules)
        return [] if gaps is None else [(g.unit, g.shift, g.skill, g.count) for g in gaps.open(JANUARY)]


def test_what_the_roster_lacks_is_listed_offered_and_handed_over(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, roster_id: UUID
) -> None:
    assert post(scheduler, page(period_id, "/renew"), basis="minimum") == 303
    # A day shift of minimum 1 on 28 dates but the Epiphany, of which three are staffed.
    first = lines(rostering_site)
    assert len(first) == 24
    assert offered(rostering_site) == [], "nothing is handed over yet"
    assert post(scheduler, page(period_id, "/renew"), basis="target") == 303
    assert len(lines(rostering_site)) == 29
    chosen = [f"{line.id}:{line.version}" for line in first[:2]]
    assert post(scheduler, page(period_id, "/state"), line=chosen, state="agency") == 303
    assert offered(rostering_site) == [("AVD12", "D", "SSK", 1)] * 2
    book = scheduler.client.get(page(period_id, ".xlsx"), buffered=True)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 30
    assert rows[1][1] == "Avdelning 12"
    text = scheduler.client.get(page(period_id, ".csv"), buffered=True)
    listed = [line.split(";") for line in text.data.decode("utf-8-sig").splitlines()]
    assert len(listed) == 30
    assert listed[0][:4] == ["Rad", "Enhet", "Datum", "Börjar"]
    assert listed[1][1:5] == ["Avdelning 12", first[0].on_date.isoformat(), "07:00", "15:30"]
    better = make_roster(rostering_site, ward, period_id, Assignment("M01", 1, "D"))
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, better)).chosen = True
    assert post(scheduler, page(period_id, "/renew"), basis="minimum") == 303
    now = {line.id: line for line in lines(rostering_site)}
    assert now[first[0].id].state == "filled", "Tuesday has somebody now, and the id stays"
    assert len(offered(rostering_site)) == 1


def test_what_was_not_seen_is_not_changed(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    post(scheduler, page(period_id, "/renew"), basis="minimum")
    one, two = lines(rostering_site)[:2]
    state = page(period_id, "/state")
    assert post(scheduler, state, line=f"{one.id}:1", state="own_staff") == 303
    assert post(scheduler, state, line=[f"{one.id}:1", f"{two.id}:1"], state="agency") == 409
    for wrong in (
        {"line": f"{two.id}:1", "state": "sold"},
        {"state": "agency"},
        {"line": "x", "state": "agency"},
    ):
        assert post(scheduler, state, **wrong) == 422, wrong
    assert post(scheduler, state, line=f"{period_id}:1", state="agency") == 404
    assert [line.state for line in lines(rostering_site)[:2]] == ["own_staff", "open"]
    viewer = rostering_site.person("ett", "viewer")
    assert viewer.client.get(page(period_id)).status_code == 403
    assert post(viewer, page(period_id, "/renew")) == 403
    stranger = rostering_site.person("annat", "scheduler")
    assert post(stranger, page(period_id, "/renew").replace("/ett/", "/annat/")) == 404


def test_other_plugins_read_it_where_the_module_is_on(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    post(scheduler, page(period_id, "/renew"), basis="minimum")
    chosen = [f"{line.id}:{line.version}" for line in lines(rostering_site)]
    post(scheduler, page(period_id, "/state"), line=chosen, state="agency")
    with work(rostering_site) as session:
        gaps = rostering_site.core.modules.find(StaffingGaps, session, frozenset({"rostering"}))
        assert gaps is not None
        assert len(gaps.open(JANUARY, ["AVD12"])) == 24
        assert gaps.open(JANUARY, ["AVD13"]) == []
        hours = rostering_site.core.modules.find(RosteredHours, session, frozenset({"rostering"}))
        assert hours is not None
        (found,) = hours.hired(JANUARY)
        assert (found.profession, found.hours, found.called_off) == ("Sjuksköterska", 24 * 8, True)
        week = gaps.open(Period(date(2027, 1, 25), date(2027, 1, 31)))
        assert [gap.starts_at.date() for gap in week] == [date(2027, 1, day) for day in range(25, 32)]
        assert rostering_site.core.modules.find(StaffingGaps, session, frozenset()) is None, "switched off"
    assert offered(rostering_site, "annat") == []


def test_without_a_roster_there_is_nothing_to_list(scheduler: Person, period_id: UUID) -> None:
    assert post(scheduler, page(period_id, "/renew"), basis="minimum") == 409


def test_nobody_is_missing_twice() -> None:
    def need(skill: str | None, minimum: int, staffed: int) -> Need:
        return Need(0, date(2027, 1, 4), "D", skill, minimum, minimum, None, staffed)

    assert missing_people([need("SSK", 2, 1), need(None, 4, 1)], to_target=False) == {
        (0, "D", "SSK"): 1,
        (0, "D", None): 2,
    }
    assert missing_people([need("SSK", 3, 1), need(None, 2, 1)], to_target=False) == {(0, "D", "SSK"): 2}
