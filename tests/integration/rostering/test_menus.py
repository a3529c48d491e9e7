"""What the menus lead to is what somebody may open: every entry, every role."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from rostering_pages import BASE, work
from samplan.testing.site import Site
from samplan_rostering.declarations import NAV
from samplan_rostering.domain.ward import WardData
from samplan_rostering.permissions import ROLES, Allow
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.web.sections import SECTIONS
from samplan_rostering.web.setup.sections import WARD_SECTIONS


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


def test_every_entry_names_the_permission_of_its_page(site: Site) -> None:
    entries = [(entry.endpoint, entry.permission) for entry in (*NAV, *SECTIONS, *WARD_SECTIONS)]
    views = site.app.view_functions
    assert entries == [(name, getattr(views[name], "__samplan_permission__", None)) for name, _ in entries]


def test_a_role_sees_the_entries_of_a_period_that_it_may_open(rostering_site: Site, period_id: UUID) -> None:
    adapter = rostering_site.app.url_map.bind("localhost")
    page = f"{BASE}/periods/{period_id}"
    for role in ROLES:
        client = rostering_site.person("ett", role.key).client
        menu = re.search(r'<nav class="sp-sections".*?</nav>', client.get(page).text, re.DOTALL)
        assert menu is not None, role.key
        shown = [adapter.match(href)[0] for href in re.findall(r'href="([^"]+)"', menu[0])]
        assert shown == [s.endpoint for s in SECTIONS if s.permission in role.permissions], role.key
        may_call_off = Allow.CALL_OFF in role.permissions
        assert client.get(f"{page}/call-off").status_code == (200 if may_call_off else 403), role.key
    employee = next(role for role in ROLES if role.key == "employee")
    assert Allow.CALL_OFF not in employee.permissions
