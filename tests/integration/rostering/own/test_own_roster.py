"""One's own roster: what shows, from when on, and to whom."""

from __future__ import annotations

from uuid import UUID

from own_pages import OWN
from rostering_pages import work
from samplan.testing.site import Person, Site
from samplan_rostering.models import RosterPeriod

API = "/api/v1/t/ett/rostering/own/shifts?first=2027-01-01&last=2027-01-31"


def test_own_shifts_are_listed_by_week_with_hours_and_absences(me: Person, published: UUID) -> None:
    page = me.client.get(f"{OWN}/?from=2027-01-06").text
    assert "Vecka 1" in page
    assert "18:00 tim" in page, "eight hours by day, ten by night"
    assert "21:00–07:00" in page
    assert "Semester" in page
    assert "förslag, på samråd" not in page
    assert "tis 5/1" not in page, "that is the colleague's"

    month = me.client.get(f"{OWN}/month?month=2027-01").text
    assert "januari 2027" in month
    assert month.count("07:00–15:30") == 1
    assert me.client.get(f"{OWN}/month?month=nonsense").status_code == 200


def test_a_roster_shows_from_consultation_on(
    rostering_site: Site, me: Person, period_id: UUID, roster_id: UUID
) -> None:
    for state, seen in (("draft", 0), ("consultation", 2), ("decided", 2), ("published", 2)):
        with work(rostering_site) as session:
            session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = state
        shifts = me.client.get(API).get_json()
        assert len(shifts) == seen, state
        assert all(shift["settled"] == (state != "consultation") for shift in shifts)
        assert ("förslag, på samråd" in me.client.get(f"{OWN}/").text) == (state == "consultation")


def test_the_api_gives_ones_own_shifts_and_nobody_elses(
    rostering_site: Site, me: Person, colleague: Person, published: UUID
) -> None:
    shifts = me.client.get(API).get_json()
    assert [(s["date"], s["code"], s["paid_minutes"]) for s in shifts] == [
        ("2027-01-04", "D", 480),
        ("2027-01-08", "N", 600),
    ]
    assert shifts[1]["ends"].startswith("2027-01-09T07:00:00+01:00")
    assert [shift["date"] for shift in colleague.client.get(API).get_json()] == ["2027-01-05"]
    assert rostering_site.person("ett", "viewer").client.get(API).status_code == 403
    assert rostering_site.person("ett", "employee").client.get(API).status_code == 404
    for wrong in ("first=2027-02-01&last=2027-01-01", "first=2020-01-01&last=2027-01-01", "first=x&last=y"):
        assert me.client.get(f"{API.partition('?')[0]}?{wrong}").status_code == 422


def test_who_is_not_linked_is_told_what_to_do(rostering_site: Site, published: UUID) -> None:
    person = rostering_site.person("ett", "employee")
    page = person.client.get(f"{OWN}/")
    assert page.status_code == 200
    assert "inte kopplat" in page.text
    assert "@example.test" in page.text
