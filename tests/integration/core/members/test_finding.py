"""Members as plugins find them."""

from __future__ import annotations

import pytest

from samplan.identity.models import Membership
from samplan.plugin_api import find_members, members_by_account
from samplan.testing.site import Site


@pytest.mark.parametrize(
    ("text", "role", "names"),
    [
        ("person", None, ["Bo Ek", "Åsa Ek"]),
        ("PERSON0@example.test", None, ["Åsa Ek"]),
        ("ek", "employee", ["Åsa Ek"]),
        ("ek", "nobody", []),
        ("%", None, []),
        (" ", None, []),
    ],
)
def test_members_are_found_by_a_part_of_address_or_name_and_by_role(
    site: Site, text: str, role: str | None, names: list[str]
) -> None:
    site.person("ett", "employee", "viewer", name="Åsa Ek")
    site.person("ett", "viewer", name="Bo Ek")
    gone = site.person("ett", "employee", name="Cia Ek")
    stranger = site.person("annat", "employee", name="Dan Ek")
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        ended = session.get(Membership, (session.tenant_id, gone.membership_id))
        assert ended is not None
        ended.active = False
        session.flush()

        assert [member.name for member in find_members(session, text, role=role)] == names
        known = members_by_account(session, [gone.account_id, stranger.account_id])
        assert [(member.name, member.active) for member in known.values()] == [("Cia Ek", False)]
        assert known[gone.account_id].roles == {"employee"}
