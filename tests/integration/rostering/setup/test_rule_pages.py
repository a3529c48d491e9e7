"""The rule profile on its pages: changed with a version, refused where law or agreement is loosened."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from rostering_pages import BASE, carried, send, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import rule_set
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.profile import ward_profile
from samplan_rostering.workbook import write_ward


def form_of(page: str) -> dict[str, Any]:
    """Return what a browser would send of the page's rule profile."""
    fields: dict[str, Any] = {}
    form = page.split('class="ro-profile"', 1)[1].split("</form>", 1)[0]
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = [chosen[1] if chosen else ""]
    return fields


def save(person: Person, url: str, **changes: str) -> Any:
    page = person.client.get(url)
    assert page.status_code == 200
    return person.client.post(url, data=form_of(page.text) | changes)


def settings_of(site: Site, period_id: UUID) -> tuple[RuleSetting, ...]:
    with work(site) as session:
        return ward_data(session, period_id).settings


def test_what_is_saved_is_what_is_not_as_usual(
    rostering_site: Site, manager: Person, period_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    assert save(manager, url).status_code == 303
    assert settings_of(rostering_site, period_id) == ()
    changed = {"level.free_days": "hard", "figure.quick_return.minutes": "12:00", "weight.quick_return": "25"}
    assert save(manager, url, **changed).status_code == 303
    assert settings_of(rostering_site, period_id) == (
        RuleSetting("quick_return", Level.SOFT, 25, parameters=(("minutes", "720"),)),
        RuleSetting("free_days", Level.HARD),
    )
    assert "Inte som vanligt" in manager.client.get(url).text
    assert save(manager, url, **{"level.free_days": "soft"}).status_code == 303
    assert [line.rule for line in settings_of(rostering_site, period_id)] == ["quick_return"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("figure.daily_rest.minutes", "9:00"),
        ("figure.weekly_rest.minutes", "33:20"),
        ("figure.weekly_rest.minutes", "160"),
        ("figure.consecutive_days.limit", "0"),
        ("figure.average_total.minutes", "50:00"),
        ("figure.shift_length.minutes", "13:20"),
        ("figure.night_average.roster_types", ""),
        ("figure.quick_return.minutes", "elva"),
        ("figure.weekends_over.percent", "101"),
        ("weight.quick_return", "-1"),
        ("level.quick_return", "sometimes"),
        ("level.uneven_nights", "hard"),
    ],
)
def test_a_loosened_or_unreadable_rule_is_refused_at_its_field(
    rostering_site: Site, manager: Person, period_id: UUID, field: str, value: str
) -> None:
    refused = save(manager, f"{BASE}/periods/{period_id}/rules", **{field: value})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert settings_of(rostering_site, period_id) == ()


def test_law_and_agreement_say_why_they_cannot_be_switched_off(manager: Person, period_id: UUID) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    page = manager.client.get(url).text
    assert 'name="level.weekly_rest"' not in page
    assert "Lagen kräver detta i varje schema" in page
    assert "Kollektivavtalet kräver detta i varje schema" in page
    assert "Arbetstidslagen 14 §" in page
    assert "36:00–144:00 timmar</div>" in page  # the weekly rest
    assert save(manager, url, **{"level.weekly_rest": "off"}).status_code == 303  # is not asked for


NO_BAND = {
    f"figure.{rule}.{name}": "0" for rule in ("hours_min", "hours_max") for name in ("minutes", "percent")
}


@pytest.mark.parametrize(
    ("figures", "why", "told"),
    [
        (
            {"figure.shift_length.minutes": "5:00"},
            ", hindras av: Längsta pass (3 personer: ",
            "möjligt: 0:00",
        ),
        ({"figure.weekly_rest.minutes": "144"}, ", hindras av: Veckovila (4 personer: ", "möjligt: 32:00"),
        (NO_BAND, " (4 personer: ", "vidga avvikelsen från avtalad tid"),
    ],
)
def test_a_profile_that_nobody_can_keep_is_refused_when_it_is_saved(
    rostering_site: Site, manager: Person, period_id: UUID, figures: dict[str, str], why: str, told: str
) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    refused = save(manager, url, **figures)
    assert refused.status_code == 422
    said = f"Inget schema kan hålla detta: Minsta antal timmar enligt avtalet{why}Åsa Exempel: krävs: "
    assert re.search(f"{re.escape(said)}[^<;]*{told}", refused.text)
    assert f"{BASE}/periods/{period_id}/check" in refused.text
    assert settings_of(rostering_site, period_id) == ()


def test_who_was_slower_sees_the_newest_and_saves_nothing(
    rostering_site: Site, manager: Person, period_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    old = form_of(manager.client.get(url).text)
    assert save(manager, url, **{"weight.wishes": "7"}).status_code == 303
    late = manager.client.post(url, data=old | {"weight.wishes": "9"})
    assert late.status_code == 409
    assert form_of(late.text)["weight.wishes"] == ["7"]
    assert [line.weight for line in settings_of(rostering_site, period_id)] == [7]
    old.pop("version")
    assert manager.client.post(url, data=old).status_code == 409


def test_schedulers_see_the_rules_and_change_none(
    scheduler: Person, manager: Person, period_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    assert (
        "<input"
        not in scheduler.client.get(url).text.split('class="ro-profile"')[1].split("</form>")[0][400:]
    )
    assert "36:00 timmar" in scheduler.client.get(url).text
    assert scheduler.client.post(url, data={}).status_code == 403
    assert scheduler.client.get(f"{url}/line").status_code == 403
    assert manager.client.get(f"{url}/line").status_code == 200


def test_a_rule_for_one_person_is_added_and_removed(
    rostering_site: Site, manager: Person, period_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}/rules"
    assert "Nätter per vecka" in manager.client.get(f"{url}/line?rule=nights_per_week").text
    data = {
        "rule": "nights_per_week", "level.nights_per_week": "hard", "figure.nights_per_week.limit": "0",
        "employee": "M02", "valid_from": "2027-01-04", "version": "1",
    }  # fmt: skip
    assert manager.client.post(f"{url}/line", data=data | {"employee": ""}).status_code == 422
    assert manager.client.post(f"{url}/line", data=data | {"employee": "M99"}).status_code == 422
    assert manager.client.post(f"{url}/line", data=data | {"valid_from": "igår"}).status_code == 422
    assert manager.client.post(f"{url}/line", data=data).status_code == 303
    (line,) = settings_of(rostering_site, period_id)
    assert (line.rule, line.employee, line.parameters) == ("nights_per_week", "M02", (("limit", "0"),))
    looser = {"rule": "daily_rest", "figure.daily_rest.minutes": "9:00", "employee": "M01", "version": "2"}
    assert manager.client.post(f"{url}/line", data=looser).status_code == 422
    gone = {"place": "0", "version": "2"}
    assert manager.client.post(f"{url}/remove", data=gone | {"place": "5"}).status_code == 422
    assert manager.client.post(f"{url}/remove", data=gone | {"version": "1"}).status_code == 409
    assert manager.client.post(f"{url}/remove", data=gone).status_code == 303
    assert settings_of(rostering_site, period_id) == ()


def test_a_ward_has_a_standing_profile_of_its_own(
    rostering_site: Site, manager: Person, period_id: UUID, ward_id: UUID
) -> None:
    url = f"{BASE}/wards/{ward_id}/rules"
    old = form_of(manager.client.get(url).text)
    assert save(manager, url, **{"level.whole_weekend": "soft"}).status_code == 303
    assert manager.client.post(url, data=old).status_code == 409
    pattern = {
        "rule": "unwanted_pattern", "level.unwanted_pattern": "soft", "version": "1",
        "figure.unwanted_pattern.pattern": "N D",
    }  # fmt: skip
    assert manager.client.post(f"{url}/line", data=pattern).status_code == 303
    wrong = pattern | {"figure.unwanted_pattern.pattern": "N X", "version": "2"}
    assert manager.client.post(f"{url}/line", data=wrong).status_code == 422
    with work(rostering_site) as session:
        profile = ward_profile(session, ward_id, date(2027, 1, 1))
    assert [(line.rule, line.level) for line in profile.lines] == [
        ("whole_weekend", Level.SOFT), ("unwanted_pattern", Level.SOFT),
    ]  # fmt: skip
    assert settings_of(rostering_site, period_id) == ()
    assert "N D" in manager.client.get(url).text


EXCEPTION = {
    "rule": "short_rest_permission", "minutes": "9:00", "reason": "Skydd för liv och hälsa",
    "negotiated": "2026-12-01", "valid_from": "2027-01-04", "valid_to": "2027-01-10",
}  # fmt: skip


def test_an_exception_holds_while_it_is_valid_and_needs_its_own_permission(
    rostering_site: Site, manager: Person, scheduler: Person, period_id: UUID, ward_id: UUID
) -> None:
    url = f"{BASE}/wards/{ward_id}/exceptions"
    assert scheduler.client.get(url).status_code == 200
    assert scheduler.client.post(url, data=EXCEPTION).status_code == 403
    for wrong in (
        {"reason": " "}, {"minutes": "8:20"}, {"minutes": "nio"}, {"negotiated": "2027-02-01"},
        {"valid_to": "2027-01-01"},
        {"negotiated": ""}, {"rule": "x"},
    ):  # fmt: skip
        assert manager.client.post(url, data=EXCEPTION | wrong).status_code == 422
    assert settings_of(rostering_site, period_id) == ()
    assert manager.client.post(url, data=EXCEPTION).status_code == 303
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    (permission,) = rule_set(there).permissions.short_rests
    assert permission.covers("M01", date(2027, 1, 10))
    assert not permission.covers("M01", date(2027, 1, 11))
    page = manager.client.get(url).text
    key = re.search(r"/exceptions/([0-9a-f-]{36})/end", page)
    assert key is not None
    end = f"{BASE}/exceptions/{key[1]}/end"
    assert 'name="seen" value="2027-01-10"' in page
    seen = {"seen": "2027-01-10"}
    assert scheduler.client.post(end, data=seen | {"last": "2027-01-05"}).status_code == 403
    assert manager.client.post(end, data=seen | {"last": "2027-01-10"}).status_code == 422
    assert manager.client.post(end, data=seen | {"last": "2027-01-05"}).status_code == 303
    for outdated in (seen, {}):
        late = manager.client.post(end, data=outdated | {"last": "2027-01-04"})
        assert late.status_code == 409
        assert 'name="seen" value="2027-01-05"' in late.text
    assert settings_of(rostering_site, period_id)[0].valid_to == date(2027, 1, 5)
    gone = {"seen": "2027-01-05", "last": "2026-12-31"}
    assert manager.client.post(end, data=gone).status_code == 303
    assert manager.client.post(end, data=gone).status_code == 404
    assert settings_of(rostering_site, period_id) == ()


def test_a_file_brings_no_rules_and_exceptions_that_its_reader_may_not_set(
    rostering_site: Site, manager: Person, scheduler: Person, ward: WardData, period_id: UUID, ward_id: UUID
) -> None:
    assert manager.client.post(f"{BASE}/wards/{ward_id}/exceptions", data=EXCEPTION).status_code == 303
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    shown = send(scheduler, write_ward(there))  # registered already
    assert shown.status_code == 200
    assert scheduler.client.post(f"{BASE}/import/confirm", data=carried(shown.text)).status_code == 303
    with work(rostering_site) as session:
        assert ward_data(session, period_id) == there
    other = replace(there.settings[0], valid_to=date(2027, 1, 20))
    more = replace(there, settings=(*there.settings, other))
    assert send(scheduler, write_ward(more)).status_code == 403
    assert send(manager, write_ward(more)).status_code == 200
    rules = replace(there, settings=(*there.settings, RuleSetting("wishes", Level.OFF)))
    assert send(scheduler, write_ward(rules)).status_code == 403
    assert send(manager, write_ward(rules)).status_code == 200
