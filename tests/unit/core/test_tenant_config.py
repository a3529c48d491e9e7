"""The files that describe tenants: the ones we ship, and every way in which one can be wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields, validate

from samplan.modules.module_settings import ModuleSettings
from samplan.tenancy.config import ConfigFault, ConfigFaults, TenantConfig, load_configs
from samplan.tenancy.organisation_number import is_organisation_number

ROOT = Path(__file__).parents[3]


class Settings(ModuleSettings):
    limit_s = fields.Integer(load_default=600, validate=validate.Range(min=1), strict=True)


KNOWN = {"core": None, "rostering": Settings, "agency": None, "blood": None, "fragile_areas": None}

REGION: dict[str, Any] = {
    "slug": "region-exempel",
    "name": "Region Exempel",
    "kind": "region",
    "county_code": "99",
    "organisation_number": {"value": "232100-0180", "source": "exempel", "confirmed": False},
    "modules": {"rostering": {"enabled": True, "settings": {"limit_s": 60}}},
    "population": [{"year": 2024, "inhabitants": 10, "source": "exempel", "confirmed": False}],
    "sites": [
        {
            "code": "a",
            "name": "A sjukhus",
            "latitude": 60.0,
            "longitude": 15.0,
            "source": "exempel",
            "confirmed": False,
        }
    ],
    "organisation": {
        "code": "region",
        "name": "Region Exempel",
        "source": "exempel",
        "units": [
            {
                "kind": "hospital",
                "code": "a",
                "name": "A sjukhus",
                "site": "a",
                "units": [{"kind": "ward", "code": "a1", "name": "Avdelning 1"}],
            }
        ],
    },
}


def written(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, "utf-8")
    return folder


def faults_of(folder: Path) -> tuple[ConfigFault, ...]:
    with pytest.raises(ConfigFaults) as raised:
        load_configs(folder, KNOWN)
    assert str(raised.value) == "\n".join(str(fault) for fault in raised.value.faults)
    return raised.value.faults


def load_one(folder: Path, document: dict[str, Any]) -> TenantConfig:
    (config,) = load_configs(written(folder, region_exempel=document), KNOWN)
    return config


def test_the_shipped_tenants_are_sound() -> None:
    configs = load_configs(ROOT / "tenants", KNOWN)
    assert [config.slug for config in configs] == [
        "ledningsgruppen",
        "region-dalarna",
        "region-gavleborg",
        "region-orebro-lan",
        "region-sormland",
        "region-uppsala",
        "region-varmland",
        "region-vastmanland",
    ]
    group, *regions = configs
    assert group.kind == "group"
    assert group.group is not None
    assert {config.groups for config in regions} == {(group.group.slug,)}
    assert sum(len(config.sites) for config in regions) == 24
    assert all(config.sites and config.units and config.population for config in regions)
    enabled = [frozenset(n for n, m in config.modules.items() if m.enabled) for config in regions]
    assert sum("rostering" in modules for modules in enabled) >= 5
    assert len(set(enabled)) > 1
    assert set().union(*enabled) == set(KNOWN) - {"core"}


def test_what_is_general_knowledge_is_marked_so() -> None:
    for config in load_configs(ROOT / "tenants", KNOWN):
        assert all(row.source and not row.confirmed for row in config.population)
        assert all(site.notes["source"] and not site.notes["confirmed"] for site in config.sites)
        if config.organisation_number:
            assert config.notes["organisation_number"]["source"]


def test_a_document_becomes_a_value_with_parents_before_children(tmp_path: Path) -> None:
    config = load_one(tmp_path, REGION)
    assert [(unit.code, unit.parent, unit.site) for unit in config.units] == [
        ("region", None, None),
        ("a", "region", "a"),
        ("a1", "a", None),
    ]
    assert config.modules["rostering"].settings == {"limit_s": 60}
    assert config.locale == "sv_SE"
    assert config.timezone == "Europe/Stockholm"


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(yaml.safe_dump(REGION))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (lambda d: d.update(slug="Region X"), "slug", "a letter first"),
        (lambda d: d.update(slug="region-annan"), "slug", "region-exempel"),
        (lambda d: d.update(kind="kommun"), "kind", "region or group"),
        (lambda d: d.update(county_code=20), "county_code", "in quotation marks"),
        (lambda d: d.pop("county_code"), "", "'county_code' is a required property"),
        (lambda d: d.update(colour="blue"), "", "'colour' was unexpected"),
        (
            lambda d: d["organisation_number"].update(value="232100-0181"),
            "organisation_number.value",
            "check",
        ),
        (lambda d: d["organisation_number"].update(value=2321000180), "organisation_number.value", "NNNNNN"),
        (lambda d: d.update(timezone="Europe/Uppsala"), "timezone", "IANA"),
        (lambda d: d["modules"].update(schema={"enabled": True}), "modules.schema", "rostering"),
        (lambda d: d["modules"].update(core={"enabled": True}), "modules.core", "rostering"),
        (
            lambda d: d["modules"]["rostering"].update(enabled="ja"),
            "modules.rostering.enabled",
            "true or false",
        ),
        (
            lambda d: d["modules"]["rostering"].update(settings={"limit_s": 0}),
            "modules.rostering.settings.limit_s",
            "greater than or equal to 1",
        ),
        (
            lambda d: d["modules"]["rostering"].update(settings={"limit": 5}),
            "modules.rostering.settings.limit",
            "Unknown field",
        ),
        (
            lambda d: d["modules"].update(agency={"enabled": True, "settings": {"x": 1}}),
            "modules.agency.settings",
            "no settings",
        ),
        (lambda d: d.update(groups=["norden"]), "groups[0]", "a group's slug"),
        (lambda d: d.update(group={"slug": "g1", "name": "G"}), "group", "no group for kind region"),
        (lambda d: d["sites"][0].update(latitude="60"), "sites[0].latitude", "degrees north"),
        (lambda d: d["sites"][0].pop("longitude"), "sites[0]", "'longitude' is a dependency"),
        (lambda d: d["sites"].append(d["sites"][0]), "sites", "each code once"),
        (lambda d: d["population"].append(d["population"][0]), "population", "each year once"),
        (lambda d: d["population"][0].update(inhabitants=-1), "population[0].inhabitants", "0 or more"),
        (lambda d: d["organisation"].update(code="a"), "organisation", "each code once"),
        (
            lambda d: d["organisation"]["units"][0].update(site="b"),
            "organisation.units[0].site",
            "one of the sites",
        ),
        (
            lambda d: d["organisation"]["units"][0].update(kind="region"),
            "organisation.units[0].kind",
            "division, hospital, clinic or ward",
        ),
    ],
)
def test_a_fault_is_named_by_its_place_and_what_was_expected(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], path: str, expected: str
) -> None:
    load_one(tmp_path, REGION)
    faults = faults_of(written(tmp_path, region_exempel=changed(change)))
    assert [fault.path for fault in faults] == [path]
    assert faults[0].file == "region-exempel.yaml"
    assert expected in faults[0].expected


def test_all_faults_of_all_files_are_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("namn: Örebro".encode("latin-1"))
    (tmp_path / "_ignored.yaml").write_text("no: [")
    written(
        tmp_path,
        empty="",
        listed="- 1\n",
        broken="slug: [",
        twice="slug: a1\nslug: a2\n",
        region_exempel=changed(lambda d: d.update(timezone="x", groups=["norden"], slug="z1")),
    )
    faults = faults_of(tmp_path)
    assert [(fault.file, fault.path) for fault in faults] == [
        ("broken.yaml", ""),
        ("empty.yaml", ""),
        ("latin.yaml", ""),
        ("listed.yaml", ""),
        ("region-exempel.yaml", "slug"),
        ("region-exempel.yaml", "timezone"),
        ("twice.yaml", ""),
        ("region-exempel.yaml", "groups[0]"),
    ]
    assert "stands twice" in str(faults[6])


def test_what_may_stand_in_one_file_only_is_told_apart(tmp_path: Path) -> None:
    second = changed(lambda d: d.update(county_code="20", slug="region-tva"))
    third = changed(lambda d: d.update(county_code="20"))
    faults = faults_of(written(tmp_path, region_exempel=third, region_tva=second))
    assert [(fault.file, fault.path) for fault in faults] == [
        ("region-tva.yaml", "county_code"),
        ("region-tva.yaml", "organisation_number.value"),
    ]


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert "one .yaml file per tenant" in str(fault)


@pytest.mark.parametrize("number", ["232100-0016", "212000-0803", "232100-0255", "202100-2114"])
def test_real_organisation_numbers_pass(number: str) -> None:
    assert is_organisation_number(number)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_exactly_one_check_digit_is_right(digits: str) -> None:
    right = [n for n in range(10) if is_organisation_number(f"{digits[:6]}-{digits[6:]}{n}")]
    assert len(right) == 1


@pytest.mark.parametrize("text", ["", "2321000016", "232100-001", "232100-0016\n", "۲۳۲۱۰۰-۰۰۱۶"])
def test_other_forms_are_refused(text: str) -> None:
    assert not is_organisation_number(text)
