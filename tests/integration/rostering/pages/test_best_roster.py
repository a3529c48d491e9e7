"""The best of several rosters: which one it is, and that it is marked, led to first, and counted."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from rostering_pages import BASE, make_roster, work
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster
from samplan_rostering.queries.periods.lists import overview
from samplan_rostering.queries.rosters.lines import RosterLine, roster_lines
from samplan_rostering.queries.solving.best import rosters_in_force
from samplan_rostering.services.periods.wards import import_ward

# The ward asks for one D a day; on Fridays also for one N, and for nobody of these at least.
ONE, TWO, NIGHT = Assignment("M01", 0, "D"), Assignment("M02", 1, "D"), Assignment("M03", 4, "N")


def lines(site: Site, period_id: UUID) -> list[RosterLine]:
    with work(site) as session:
        return roster_lines(session, period_id)


def change(site: Site, roster_id: UUID, **columns: object) -> None:
    with work(site) as session:
        session.execute(update(Roster).where(Roster.id == roster_id).values(**columns))


def test_the_fewest_missing_come_first_and_then_the_fewest_points(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    best = make_roster(rostering_site, ward, period_id, ONE, TWO, NIGHT)
    make_roster(rostering_site, ward, period_id, ONE, TWO)
    fewer = make_roster(rostering_site, ward, period_id, ONE)
    change(rostering_site, fewer, objective=1)

    found = lines(rostering_site, period_id)

    assert [line.roster.number for line in found] == [1, 3, 2]
    assert [line.best for line in found] == [True, False, False]
    assert [line.missing for line in found] == [25, 26, 25]
    with work(rostering_site) as session:
        assert overview(session, period_id).roster.id == best  # type: ignore[union-attr] # there are three
        assert [roster.id for roster in rosters_in_force(session)] == [best]


def test_a_roster_of_an_older_input_is_not_the_best(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    make_roster(rostering_site, ward, period_id, ONE, TWO, NIGHT)
    changed = replace(ward, wishes=())
    with work(rostering_site) as session:
        import_ward(session, changed)
    newer = make_roster(rostering_site, changed, period_id, ONE)

    found = lines(rostering_site, period_id)

    assert [(line.roster.number, line.best, line.missing) for line in found] == [
        (2, True, 26),
        (1, False, None),
    ]
    with work(rostering_site) as session:
        assert [roster.id for roster in rosters_in_force(session, Roster.id.is_not(None))] == [newer]


def test_a_chosen_roster_is_in_force_also_where_another_is_better(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    make_roster(rostering_site, ward, period_id, ONE, TWO, NIGHT)
    chosen = make_roster(rostering_site, ward, period_id, ONE)
    change(rostering_site, chosen, chosen=True)

    with work(rostering_site) as session:
        assert [roster.id for roster in rosters_in_force(session)] == [chosen]
    assert [line.best for line in lines(rostering_site, period_id)] == [True, False]


def test_one_roster_of_a_period_is_chosen_at_most(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    for cell in (ONE, TWO):
        made = make_roster(rostering_site, ward, period_id, cell)
        if cell is ONE:
            change(rostering_site, made, chosen=True)
    with pytest.raises(IntegrityError, match="ix_roster_chosen"):
        change(rostering_site, made, chosen=True)


def test_the_page_marks_the_best_and_leads_to_it_first(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID
) -> None:
    best = make_roster(rostering_site, ward, period_id, ONE, TWO)
    alone = scheduler.client.get(f"{BASE}/periods/{period_id}").text
    make_roster(rostering_site, ward, period_id, ONE)

    page = scheduler.client.get(f"{BASE}/periods/{period_id}").text

    assert "är bäst" not in alone
    assert "Schema 1 är bäst" in page
    links = re.findall(rf'href="{BASE}/rosters/([^"]+)"', page)
    assert links[:2] == [str(best), str(best)], "the button, and the first row"
    assert page.count("Bäst</span>") == 1
    first = scheduler.client.get(f"{BASE}/").text
    assert f"{BASE}/rosters/{best}" in first


def test_a_roster_of_a_stopped_search_is_marked(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID
) -> None:
    roster_id = make_roster(rostering_site, ward, period_id, ONE)
    scheduler.client.post(
        f"{BASE}/periods/{period_id}/optimise", data={"seconds": 5, "workers": 1, "seed": 1}, buffered=True
    )
    waiting = scheduler.client.get(f"{BASE}/periods/{period_id}").text
    with work(rostering_site) as session:
        run = session.query(JobRun).one()
        run.status = "cancelled"
        session.flush()
        session.execute(update(Roster).where(Roster.id == roster_id).values(run_id=run.id))

    page = scheduler.client.get(f"{BASE}/periods/{period_id}").text

    assert "Stoppad i förtid" in page
    assert "Stoppad i förtid" not in waiting
    assert "Kör igen</button>" in page
    assert "Försök igen</button>" not in page


def test_while_the_first_search_goes_on_the_page_says_so(
    rostering_site: Site, scheduler: Person, period_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}"
    assert "Inget schema ännu" in scheduler.client.get(url).text
    scheduler.client.post(f"{url}/optimise", data={"seconds": 5, "workers": 1, "seed": 1}, buffered=True)

    page = scheduler.client.get(url).text

    assert "Inget schema ännu" not in page
    assert "Ett schema tas fram" in page
