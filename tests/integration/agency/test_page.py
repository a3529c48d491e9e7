"""The page that says what the module will offer, for who may see it and where it is enabled."""

from __future__ import annotations

from samplan.testing.site import Site

PAGE = "/t/ett/agency/"


def test_the_page_says_what_is_coming(site: Site) -> None:
    site.add_tenant("ett", ("agency",))
    allowed, other = site.person("ett", "controller"), site.person("ett", "employee")

    shown = allowed.client.get(PAGE)

    assert shown.status_code == 200
    assert "<h1>Hyrpersonal</h1>" in shown.text
    assert "ramavtalet" in shown.text
    assert f'href="{PAGE}"' in shown.text  # in the navigation
    assert other.client.get(PAGE).status_code == 403


def test_the_page_is_not_there_where_the_module_is_off(site: Site) -> None:
    site.add_tenant("ett", ())
    assert site.person("ett", "administrator").client.get(PAGE).status_code == 404
