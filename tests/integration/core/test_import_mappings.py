"""Saved mappings of other systems' files: versions, finding them again, removing, and tenants apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.imports.faults import FaultLog
from samplan.imports.mapping import ColumnMapping
from samplan.imports.saved import (
    first_mapping,
    remove_mapping,
    save_mapping,
    saved_mapping,
    saved_mappings,
)
from samplan.imports.sources import SourceTable, read_source_table
from samplan.imports.spec import Choice, Column, Kind, Label, SheetSpec
from samplan.testing.site import Site

PURPOSE = "prov.fakturor"
SPEC = SheetSpec(
    key="x",
    name=Label("x"),
    columns=(
        Column(key="number", name=Label("Nummer"), required=True),
        Column(key="kind", name=Label("Slag"), kind=Kind.CHOICE, choices=(Choice("a", Label("Alfa")),)),
    ),
)
ONE = ColumnMapping({"number": "Fakt.nr"})
TWO = ColumnMapping({"number": "Fakt.nr", "kind": "Typ"}, {"kind": {"1": "a", "2": ""}}, {"kind": "a"})


def source(text: str) -> SourceTable:
    return read_source_table(text.encode(), SPEC, FaultLog())


def test_a_mapping_is_saved_in_versions_and_found_by_its_headings(tenant_session: TenantSession) -> None:
    assert save_mapping(tenant_session, PURPOSE, SPEC, " Raindance  ", ONE).version == 1
    assert save_mapping(tenant_session, PURPOSE, SPEC, "Raindance", ONE).version == 1
    assert save_mapping(tenant_session, PURPOSE, SPEC, "Raindance", TWO).version == 2
    save_mapping(tenant_session, PURPOSE, SPEC, "Annan", ColumnMapping({"number": "Nr"}))
    save_mapping(tenant_session, "annat.syfte", SPEC, "Raindance", ONE)
    newest = saved_mapping(tenant_session, PURPOSE, "Raindance")
    assert (newest.version, newest.mapping) == (2, TWO)
    assert [saved.name for saved in saved_mappings(tenant_session, PURPOSE)] == ["Annan", "Raindance"]

    again = first_mapping(tenant_session, PURPOSE, SPEC, source("Typ;fakt.nr;Nr;Mer\n1;2;3;4"))
    assert again == newest
    guess = first_mapping(tenant_session, PURPOSE, SPEC, source("Nummer;Slag\n1;Alfa"))
    assert (guess.version, guess.mapping.columns) == (0, {"number": "Nummer", "kind": "Slag"})


def test_a_mapping_is_removed_with_its_versions_and_recorded(tenant_session: TenantSession) -> None:
    save_mapping(tenant_session, PURPOSE, SPEC, "R", ONE)
    save_mapping(tenant_session, PURPOSE, SPEC, "R", TWO)
    remove_mapping(tenant_session, PURPOSE, "R")
    for missing in (remove_mapping, saved_mapping):
        with pytest.raises(NotFound):
            missing(tenant_session, PURPOSE, "R")
    actions = tenant_session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["import_mapping.saved", "import_mapping.saved", "import_mapping.removed"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "19850101-1234"])
def test_a_name_that_is_none_is_refused(tenant_session: TenantSession, name: str) -> None:
    with pytest.raises(Invalid):
        save_mapping(tenant_session, PURPOSE, SPEC, name, ONE)
    with pytest.raises(Invalid):
        save_mapping(tenant_session, PURPOSE, SPEC, "Rätt", ColumnMapping({"fel": "X"}))
    assert saved_mappings(tenant_session, PURPOSE) == []


def test_another_tenant_sees_none_of_it(site: Site) -> None:
    for slug in ("ett", "annat"):
        site.add_tenant(slug)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        save_mapping(session, PURPOSE, SPEC, "R", ONE)
    with site.core.database.unit_of_work(site.tenants["annat"].id) as session:
        assert saved_mappings(session, PURPOSE) == []
        assert save_mapping(session, PURPOSE, SPEC, "R", TWO).version == 1
