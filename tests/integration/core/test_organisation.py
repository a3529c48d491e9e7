"""The organisation of a tenant: changes by hand, by workbook, and what is refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.db.sorting import swedish_sort
from samplan.errors import Conflict, Invalid, NotFound
from samplan.imports.faults import ImportFaults
from samplan.imports.spec import Value
from samplan.imports.template import write_workbook
from samplan.modules.manager import Modules
from samplan.organisation import service
from samplan.organisation.imports import (
    apply_import,
    export_organisation,
    organisation_template,
    read_organisation,
)
from samplan.organisation.models import OrgUnit, Population, Profession, Site
from samplan.organisation.service import SiteFields, UnitFields
from samplan.organisation.workbook import SHEETS

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


@pytest.fixture
def region(tenant_session: TenantSession) -> OrgUnit:
    return service.create_unit(
        tenant_session, kind="region", code="r", fields=UnitFields("Region Prov", None, None)
    )


def add(session: TenantSession, kind: str, code: str, parent: OrgUnit, name: str = "") -> OrgUnit:
    return service.create_unit(
        session, kind=kind, code=code, fields=UnitFields(name or code, parent.id, None)
    )


def actions(session: TenantSession) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_the_tree_is_in_swedish_order_below_each_parent(
    tenant_session: TenantSession, region: OrgUnit
) -> None:
    north = add(tenant_session, "hospital", "h1", region, "Ängens sjukhus")
    south = add(tenant_session, "hospital", "h2", region, "Åns sjukhus")
    ward = add(tenant_session, "ward", "w", north, "Avdelning")
    rows = [(row.unit.code, row.depth) for row in service.tree(tenant_session)]
    assert rows == [("r", 0), ("h2", 1), ("h1", 1), ("w", 2)]
    assert [unit.code for unit in service.path(tenant_session, ward)] == ["r", "h1", "w"]
    names = tenant_session.scalars(select(OrgUnit.name).order_by(swedish_sort(OrgUnit.name))).all()
    assert names == ["Avdelning", "Region Prov", south.name, north.name]


def test_a_unit_is_renamed_moved_and_taken_out_of_use(tenant_session: TenantSession, region: OrgUnit) -> None:
    first, second = (add(tenant_session, "hospital", code, region) for code in ("h1", "h2"))
    ward = add(tenant_session, "ward", "w", first)
    before = service.version_of(ward)
    assert service.change_unit(tenant_session, ward, UnitFields("Ny", second.id, None, active=False))
    assert service.version_of(ward) != before
    assert not service.change_unit(tenant_session, ward, service.fields_of(ward))
    entry = tenant_session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert entry.action == "org_unit.updated"
    assert entry.after == {"name": "Ny", "parent_id": str(second.id), "active": False}


def test_a_wrong_place_is_refused(tenant_session: TenantSession, region: OrgUnit) -> None:
    hospital = add(tenant_session, "hospital", "h", region)
    ward = add(tenant_session, "ward", "w", hospital)
    with pytest.raises(Invalid) as below_ward:
        add(tenant_session, "clinic", "c", ward)
    assert set(below_ward.value.fields) == {"parent_id"}
    with pytest.raises(Invalid):
        service.change_unit(tenant_session, hospital, UnitFields("h", ward.id, None))
    with pytest.raises(Invalid) as in_use_below:
        service.change_unit(tenant_session, hospital, UnitFields("h", region.id, None, active=False))
    assert set(in_use_below.value.fields) == {"active"}
    with pytest.raises(Invalid):
        service.change_unit(tenant_session, ward, UnitFields("w", hospital.id, uuid4()))
    with pytest.raises(Invalid):
        service.change_unit(tenant_session, ward, UnitFields("w", uuid4(), None))
    with pytest.raises(Conflict):
        add(tenant_session, "ward", "w", hospital)
    with pytest.raises(NotFound):
        service.get_unit(tenant_session, uuid4())


def test_a_site_is_confirmed_by_whoever_changes_it(tenant_session: TenantSession) -> None:
    site = service.create_site(tenant_session, code="s", fields=SiteFields("Sjukhuset"))
    site.notes = {"source": "allmän kunskap", "confirmed": False}
    assert service.change_site(tenant_session, site, SiteFields("Sjukhuset"))
    assert site.notes == {"source": "allmän kunskap", "confirmed": True}
    assert not service.change_site(tenant_session, site, SiteFields("Sjukhuset"))
    with pytest.raises(Conflict):
        service.create_site(tenant_session, code="s", fields=SiteFields("Annat"))


def test_the_inhabitants_of_a_year_are_replaced_and_audited_once(tenant_session: TenantSession) -> None:
    for inhabitants in (100, 200, 200):
        service.set_population(tenant_session, year=2024, inhabitants=inhabitants, source="SCB")
    rows = tenant_session.scalars(select(Population)).all()
    assert [(row.year, row.inhabitants, row.confirmed) for row in rows] == [(2024, 200, True)]
    assert actions(tenant_session) == ["population.created", "population.updated"]


Rows = Mapping[str, list[dict[str, Value | None]]]

WORKBOOK: Rows = {
    "sites": [{"code": "s", "name": "Sjukhuset", "kind": "hospital", "municipality_code": "2080"}],
    "units": [
        # deliberately not in order: a unit may stand above the one that it belongs to
        {"code": "w", "name": "Avdelning 1", "kind": "ward", "parent": "h", "site": "s", "active": True},
        {"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "r", "site": "s"},
        {"code": "r", "name": "Region Prov", "kind": "region"},
    ],
    "professions": [{"code": "ssk", "name": "Sjuksköterska", "category": "nurse"}],
    "sectors": [{"code": "som", "name": "Somatik"}],
}


def book(rows: Rows) -> bytes:
    return write_workbook(SHEETS, rows, title="Prov", created=NOW)


def faults(session: TenantSession, rows: Rows) -> list[tuple[str, str]]:
    with pytest.raises(ImportFaults) as raised:
        read_organisation(session, book(rows))
    return [(fault.code, fault.place) for fault in raised.value.faults]


def with_unit(**values: Any) -> Rows:
    return {**WORKBOOK, "units": [*WORKBOOK["units"], values]}


def test_a_workbook_comes_in_and_goes_out_the_same(tenant_session: TenantSession) -> None:
    found = read_organisation(tenant_session, book(WORKBOOK))
    assert (found.created, len(found.changes), found.unchanged) == (6, 6, 0)
    apply_import(tenant_session, found)
    tree = [(row.unit.code, row.depth, row.site and row.site.code) for row in service.tree(tenant_session)]
    assert tree == [("r", 0, None), ("h", 1, "s"), ("w", 2, "s")]
    assert actions(tenant_session)[-1] == "organisation.imported"
    for language in ("sv", "en"):
        exported = export_organisation(tenant_session, language=language, created=NOW)
        again = read_organisation(tenant_session, exported)
        assert (again.changes, again.unchanged) == ((), 6)


def test_only_what_differs_is_changed_and_nothing_is_removed(tenant_session: TenantSession) -> None:
    apply_import(tenant_session, read_organisation(tenant_session, book(WORKBOOK)))
    ward = {"code": "w", "name": "Avdelning 2", "kind": "ward", "parent": "h", "site": "s", "active": False}
    found = read_organisation(tenant_session, book({"units": [ward]}))
    (change,) = found.changes
    assert change.before == {"name": "Avdelning 1", "active": True}
    assert change.after == {"name": "Avdelning 2", "active": False}
    apply_import(tenant_session, found)
    assert tenant_session.scalar(select(func.count()).select_from(OrgUnit)) == 3
    assert tenant_session.scalars(select(OrgUnit.active).where(OrgUnit.code == "w")).one() is False


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (with_unit(code="x", name="X", kind="ward"), [("parent_needed", "Enheter!D5")]),
        (with_unit(code="x", name="X", kind="ward", parent="hh"), [("unknown_parent", "Enheter!D5")]),
        (with_unit(code="x", name="X", kind="clinic", parent="w"), [("level", "Enheter!D5")]),
        (with_unit(code="x", name="X", kind="region"), [("second_root", "Enheter!C5")]),
        (with_unit(code="w", name="X", kind="ward", parent="h"), [("duplicate", "Enheter!A5")]),
        (with_unit(code="x", name="X", kind="ward", parent="h", site="q"), [("unknown_site", "Enheter!E5")]),
        (
            with_unit(code="x", name="19121212-1212", kind="ward", parent="h"),
            [("identity_number", "Enheter!B5")],
        ),
        (
            {
                "sites": [
                    {"code": "a", "name": "A", "kind": "other", "municipality_code": "20", "latitude": 60}
                ]
            },
            [("municipality_code", "Platser!D2"), ("half_coordinate", "Platser!G2")],
        ),
        (
            with_unit(code="x", name="X", parent="w"),  # the tree is judged once it can be read
            [("missing_value", "Enheter!C5")],
        ),
        ({}, [("no_rows", "")]),
    ],
)
def test_every_fault_is_told_at_its_place_and_nothing_is_saved(
    tenant_session: TenantSession, rows: Rows, expected: list[tuple[str, str]]
) -> None:
    assert faults(tenant_session, rows) == expected
    assert tenant_session.scalar(select(func.count()).select_from(OrgUnit)) == 0
    assert actions(tenant_session) == []


def test_faults_against_what_is_there_already(tenant_session: TenantSession) -> None:
    apply_import(tenant_session, read_organisation(tenant_session, book(WORKBOOK)))
    assert faults(tenant_session, {"units": [{"code": "r2", "name": "Annan", "kind": "region"}]}) == [
        ("second_root", "Enheter!C2")
    ]
    out_of_use = {"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "r", "active": False}
    assert faults(tenant_session, {"units": [out_of_use]}) == [("parent_inactive", "Enheter!F2")]
    lowered = {"code": "h", "name": "Sjukhuset", "kind": "ward", "parent": "r"}
    assert faults(tenant_session, {"units": [lowered]}) == [("level", "Enheter!C2")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"namn;kod\n", b"x" * 800_000])
def test_another_file_is_refused(tenant_session: TenantSession, data: bytes) -> None:
    with pytest.raises(ImportFaults) as raised:
        read_organisation(tenant_session, data)
    assert raised.value.total == 1


def test_the_template_is_empty_and_says_so_when_imported(tenant_session: TenantSession) -> None:
    with pytest.raises(ImportFaults) as raised:
        read_organisation(tenant_session, organisation_template(language="sv", created=NOW))
    assert [fault.code for fault in raised.value.faults] == ["no_rows"]


def test_imported_sites_and_units_are_the_tenants_own(tenant_session: TenantSession) -> None:
    apply_import(tenant_session, read_organisation(tenant_session, book(WORKBOOK)))
    assert tenant_session.scalars(select(Site.notes)).one() == {"confirmed": True}
    assert set(tenant_session.scalars(select(OrgUnit.source))) == {None}
    assert tenant_session.scalars(select(Profession.category)).one() == "nurse"
