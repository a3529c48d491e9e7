"""The main menu: what has a place of its own, what is current, and that it stays where there is no page."""

from __future__ import annotations

import re

import pytest

from samplan.testing.site import Person, Site


@pytest.fixture
def home(site: Site) -> Site:
    site.add_tenant("ett", modules=("rostering",))
    site.add_tenant("annat")
    return site


def menu(page: str) -> list[tuple[str, bool]]:
    """Return the links of the main menu with whether they are current; those below one are left out."""
    main = page.split('id="main-nav"')[1].split("</nav>", maxsplit=1)[0]
    main = re.sub(r"</a><ul>.*?</ul></li>", "</a></li>", main, flags=re.DOTALL)
    links = re.findall(r"<a ([^>]*)>(?:<svg.*?</svg>)?([^<]+)</a>", main, re.DOTALL)
    return [(label, "aria-current" in attributes) for attributes, label in links]


def test_indicators_have_their_own_place_for_who_may_see_them(home: Site) -> None:
    viewer = home.person("ett", "viewer").client
    labels = [label for label, _current in menu(viewer.get("/t/ett/").text)]
    assert labels[:3] == ["Start", "Schemaläggning", "Indikatorer"]
    employee = home.person("ett", "employee").client
    assert "Indikatorer" not in dict(menu(employee.get("/t/ett/").text))
    assert employee.get("/t/ett/indicators").status_code == 403


@pytest.mark.parametrize("path", ["indicators", "indicators/core.inhabitants"])
def test_an_indicators_page_is_below_indicators_and_not_below_administration(home: Site, path: str) -> None:
    page = home.person("ett", "administrator").client.get(f"/t/ett/{path}")
    assert page.status_code == 200
    current = {label for label, current in menu(page.text) if current}
    assert current == {"Indikatorer"}
    assert "sp-subnav" not in page.text


def test_the_page_of_a_member_is_below_the_members(home: Site) -> None:
    boss = home.person("ett", "administrator")
    page = boss.client.get(f"/t/ett/members/{boss.membership_id}").text
    assert {label for label, current in menu(page) if current} == {"Administration"}
    assert re.search(r'href="/t/ett/members" aria-current="page"', page.split("sp-subnav")[1])


@pytest.mark.parametrize(
    "path", ["nothing-here", "rostering/nothing", "rostering/periods/1f0e7a5c-0000-7000-8000-000000000000"]
)
def test_where_there_is_no_page_the_menu_stays_and_it_is_said_once(home: Site, path: str) -> None:
    person = home.person("ett", "scheduler")
    page = person.client.get(f"/t/ett/{path}")
    assert page.status_code == 404
    assert "Schemaläggning" in dict(menu(page.text))
    assert len(re.findall(r"Sidan finns inte", page.text.split("<main")[1])) <= 1
    assert 'href="/t/ett/"' in page.text


def test_a_module_that_is_off_leaves_the_menu_of_the_others(home: Site) -> None:
    page = home.person("annat", "scheduler").client.get("/t/annat/rostering/")
    assert page.status_code == 404
    assert next(iter(menu(page.text)))[0] == "Start"
    assert "Schemaläggning" not in dict(menu(page.text))


@pytest.mark.parametrize("path", ["/t/annat/nothing-here", "/t/nowhere/nothing-here", "/nothing-here"])
def test_nobody_else_gets_a_menu(home: Site, path: str) -> None:
    scheduler: Person = home.person("ett", "scheduler")
    for client in (scheduler.client, home.client()):
        page = client.get(path)
        assert page.status_code == 404
        assert "main-nav" not in page.text
        assert "Annat" not in page.text


@pytest.mark.parametrize(
    ("path", "label"), [("own/", "Min sida"), ("own/month", "Min sida"), ("", "Schemaläggning")]
)
def test_of_a_modules_links_the_nearest_above_the_page_is_current(home: Site, path: str, label: str) -> None:
    page = home.person("ett", "employee").client.get(f"/t/ett/rostering/{path}")
    assert page.status_code == 200
    assert {name for name, current in menu(page.text) if current} == {label}
