"""The pages where a region's administrator switches modules, and the commands of the operator."""

import json
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from marshmallow import fields, validate
from sqlalchemy import select

from samplan.audit.models import AuditEntry
from samplan.db.session import Database
from samplan.modules.cli import module as module_command
from samplan.modules.contributions import MigrationBranch, ModelSet, Permission
from samplan.modules.hookspecs import hookimpl
from samplan.modules.lifecycle import settings_of
from samplan.modules.manager import Modules
from samplan.modules.module_settings import ModuleSettings
from samplan.modules.settings_form import settings_form
from samplan.testing.site import Person, Site, build_site


class GardenSettings(ModuleSettings):
    beds = fields.Integer(
        load_default=4,
        strict=True,
        validate=validate.Range(min=1, max=9),
        metadata={"label": "Beds", "description": "How many beds there are"},
    )
    rate = fields.Float(load_default=1.5)
    price = fields.Decimal(load_default=Decimal("9.90"))
    opens = fields.Time(load_default=None, allow_none=True)
    since = fields.Date(load_default=date(2026, 1, 1))
    motto = fields.String(
        load_default="Grow", validate=[validate.Length(min=2, max=20), validate.Regexp("^[A-Z]")]
    )
    fenced = fields.Boolean(load_default=True)
    soil = fields.String(load_default="clay", validate=validate.OneOf(["clay", "sand"], ["Clay", "Sand"]))


class GardenPlugin:
    """A module with a setting of each kind."""

    name, core_api, title, description = "garden", "0.1", "Garden", "Grows things."

    @hookimpl
    def samplan_models(self) -> ModelSet:
        return ModelSet(())

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch("garden", Path("nowhere/migrations/versions"))

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        return [Permission("garden:bed:dig", "Dig")]

    @hookimpl
    def samplan_settings(self) -> type[ModuleSettings]:
        return GardenSettings


@pytest.fixture
def modules() -> Modules:
    """Use the core's tables alone; the garden has none."""
    return Modules.load([])


@pytest.fixture
def site(database: Database) -> Site:
    site = build_site(database, Modules.load([GardenPlugin()]))
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator")


def enabled(site: Site, slug: str) -> frozenset[str]:
    return site.core.tenants.fresh(slug).enabled_modules


def settings(site: Site) -> dict[str, Any]:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return settings_of(site.core.modules, session, "garden")


def test_an_administrator_switches_a_module_on_and_off_in_its_own_region(site: Site, boss: Person) -> None:
    page = boss.client.get("/t/ett/modules").text
    assert "Grows things." in page
    assert "/t/ett/modules/garden/enable" in page
    answer = boss.client.post("/t/ett/modules/garden/enable", follow_redirects=True)
    assert "/t/ett/modules/garden/settings" in answer.text
    assert (enabled(site, "ett"), enabled(site, "annat")) == ({"core", "garden"}, {"core"})
    for _ in range(2):  # the second time there is nothing left to do
        assert boss.client.post("/t/ett/modules/garden/disable").status_code == 302
    assert enabled(site, "ett") == {"core"}
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "module")).all()
        assert {(e.action, e.actor_id) for e in entries} == {
            ("module.enabled", boss.account_id),
            ("module.disabled", boss.account_id),
        }


def test_who_may_only_look_cannot_switch(site: Site, boss: Person) -> None:
    director = site.person("ett", "production_director")
    page = director.client.get("/t/ett/modules")
    assert page.status_code == 200
    assert "garden/enable" not in page.text
    for person, status in ((director, 403), (site.person("ett", "employee"), 403)):
        assert person.client.post("/t/ett/modules/garden/enable").status_code == status
    assert site.person("ett", "employee").client.get("/t/ett/modules").status_code == 403
    assert site.person("annat", "administrator").client.get("/t/ett/modules").status_code == 404
    assert enabled(site, "ett") == {"core"}
    assert boss.client.post("/t/ett/modules/garden/enable").status_code == 302


def test_what_there_is_not_cannot_be_switched(boss: Person) -> None:
    assert boss.client.post("/t/ett/modules/orchard/enable").status_code == 404
    assert boss.client.post("/t/ett/modules/core/disable").status_code == 422
    assert boss.client.get("/t/ett/modules/garden/settings").status_code == 404  # it is off
    assert boss.client.get("/t/ett/modules/core/settings").status_code == 404


SOUND = {
    "beds": "5",
    "rate": "2.25",
    "price": "12.50",
    "opens": "07:30",
    "since": "2027-02-01",
    "motto": "Dig",
    "soil": "sand",
}


def test_settings_are_saved_as_typed_values(site: Site, boss: Person) -> None:
    boss.client.post("/t/ett/modules/garden/enable")
    page = boss.client.get("/t/ett/modules/garden/settings").text
    assert "How many beds there are" in page
    assert 'value="4"' in page
    assert boss.client.post("/t/ett/modules/garden/settings", data=SOUND).status_code == 302
    assert settings(site) == {
        "beds": 5,
        "rate": 2.25,
        "price": Decimal("12.50"),
        "opens": time(7, 30),
        "since": date(2027, 2, 1),
        "motto": "Dig",
        "fenced": False,
        "soil": "sand",
    }
    page = boss.client.get("/t/ett/modules/garden/settings").text
    for value in ("5", "2.25", "12.50", "07:30", "2027-02-01", "Dig"):
        assert f'value="{value}"' in page
    empty = dict.fromkeys(SOUND, "")
    boss.client.post("/t/ett/modules/garden/settings", data={**empty, "fenced": "y", "soil": "clay"})
    assert settings(site) == GardenSettings.load_strict({"opens": None})


@pytest.mark.parametrize(
    "wrong",
    [
        {"beds": "0"},
        {"beds": "many"},
        {"beds": "1e3"},
        {"rate": "x"},
        {"opens": "25:00"},
        {"since": "2027-02-30"},
        {"motto": "M"},
        {"motto": "dig"},
        {"soil": "peat"},
    ],
)
def test_wrong_settings_are_shown_beside_their_field_and_not_saved(
    site: Site, boss: Person, wrong: dict[str, str]
) -> None:
    boss.client.post("/t/ett/modules/garden/enable")
    before = settings(site)
    answer = boss.client.post("/t/ett/modules/garden/settings", data={**SOUND, **wrong})
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in answer.text
    assert settings(site) == before


def test_a_setting_without_a_control_is_found_out(site: Site) -> None:
    class Nested(ModuleSettings):
        inner = fields.Dict(load_default=dict)

    with site.app.test_request_context(), pytest.raises(TypeError, match="inner: Dict has no control"):
        settings_form(Nested, {})


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("samplan.core.build_core", lambda _settings: site.core)
    monkeypatch.setattr("samplan.settings.Settings.from_env", lambda _environ: site.core.settings)

    def run(*args: str) -> Any:
        return CliRunner().invoke(module_command, args)

    return run


def test_the_operator_switches_modules_on_the_command_line(site: Site, run: Any) -> None:
    assert run("enable", "garden", "--tenant", "ett").output == "garden is now on for ett\n"
    assert run("enable", "garden", "--tenant", "ett").output == "garden is already on for ett\n"
    assert enabled(site, "ett") == {"core", "garden"}
    assert json.loads(run("list", "--json", "--tenant", "ett").output) == [
        {"module": "garden", "title": "Garden", "enabled": True}
    ]
    assert run("list", "--tenant", "annat").output == "off garden           Garden\n"
    assert run("list").output == "garden           Garden\n"
    assert run("disable", "garden", "--tenant", "ett").output == "garden is now off for ett\n"
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        actors = session.scalars(select(AuditEntry.actor_kind).where(AuditEntry.object_type == "module"))
        assert set(actors) == {"operator"}


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("enable", "garden", "--tenant", "nowhere"), "no tenant nowhere"),
        (("enable", "orchard", "--tenant", "ett"), "no module orchard"),
        (("disable", "core", "--tenant", "ett"), "always on"),
        (("list", "--tenant", "nowhere"), "no tenant nowhere"),
    ],
)
def test_the_command_line_says_what_is_wrong(run: Any, args: tuple[str, ...], text: str) -> None:
    result = run(*args)
    assert result.exit_code == 1
    assert text in result.output
