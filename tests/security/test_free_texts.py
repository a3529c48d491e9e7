"""Free texts that people enter are looked through for personal identity numbers, or stand here."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_wtf import FlaskForm
from marshmallow import Schema, ValidationError, fields
from marshmallow.class_registry import get_class
from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms import Form as PartForm

from samplan.api.schemas import StrictSchema
from samplan.errors import Invalid
from samplan.modules.module_settings import ModuleSettings
from samplan.testing.site import Site
from samplan.web.forms import PageForm, free_texts

PACKAGES = ("samplan", "samplan_rostering", "samplan_agency", "samplan_blood", "samplan_fragile_areas")
NUMBER = "19121212-1212"
READ = re.compile(r"form\.get(?:list)?\(\s*\"(\w+)\"")
DEFINED = re.compile(r"^class \w+Form\(", re.MULTILINE)
# Fields that views read by themselves.
CHECKED = {
    "reason": "services.edits refuses it",
    "name": "services.scenarios and samplan.imports.saved refuse it",
    "note": "services.control refuses it",
    "filename": "what a workbook with marks is called when it goes back; it is not stored",
}
NO_TEXTS = {
    "ids, choices and dates, looked up or read as such": (
        "accept account_id active all approve basis choice chosen consent day employee gap given_on keep kind"
        " like line line_version locale mail on other place roster_id rule run_id said seen session shift"
        " skill state taken_on template version"
    ),
    "what a page has packed, read as such": "cells changes content mapping news",
    "addresses of ours": "next",
}


def sources() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each module."""
    for package in PACKAGES:
        folder = Path(importlib.import_module(package).__path__[0])
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
            if not name.startswith("samplan.testing"):
                yield name, path.read_text("utf-8")


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def test_every_form_looks_through_its_free_texts() -> None:
    for name, text in sources():
        if DEFINED.search(text):
            importlib.import_module(name)
    forms = [each for each in below(FlaskForm) if each.__module__.startswith("samplan")]
    assert len(forms) > 60
    assert [f"{each.__module__}.{each.__name__}" for each in forms if not issubclass(each, PageForm)] == []


def test_every_field_that_a_view_reads_by_itself_is_known() -> None:
    known = set(CHECKED).union(*(names.split() for names in NO_TEXTS.values()))
    assert {name for _module, text in sources() for name in READ.findall(text)} == known


def test_every_body_of_the_api_looks_through_its_texts(site: Site) -> None:
    site.add_tenant("region-a", ("rostering", "agency"))
    person = site.person("region-a", "administrator")
    document = person.client.get("/api/v1/t/region-a/openapi.json").get_json()
    bodies = [
        content["schema"]["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    ]
    assert len(set(bodies)) > 5
    # A file's cells are looked through; parameters of jobs hold ids, dates, choices (see test_job_payloads).
    other = {"Import", "SolveScenario"} | {name for name in bodies if name.endswith("Params")}
    names = set(bodies) - other
    schemas: dict[str, Any] = {name: get_class(f"{name}Schema") for name in names}
    assert [name for name, schema in schemas.items() if not issubclass(schema, StrictSchema)] == []


class Part(PartForm):  # type: ignore[misc] # WTForms ships no annotations
    heading = StringField()


class Whole(PageForm):
    name = StringField()
    note = TextAreaField()
    parts = FieldList(FormField(Part), min_entries=1)


@pytest.mark.parametrize("place", ["name", "note", "parts-0-heading"])
def test_a_form_refuses_a_personal_identity_number_at_its_field(site: Site, place: str) -> None:
    def entered(text: str) -> list[str]:
        with site.app.test_request_context(method="POST", data={place: text}):
            form = Whole(meta={"csrf": False})
            assert form.validate() == (text != NUMBER)
            return [field.name for field in free_texts(form) if field.errors]

    assert entered("1212-1212 av 2027-01-31") == []
    assert entered(NUMBER) == [place]


class Settings(ModuleSettings):
    board = fields.String(load_default="")


class Deep(StrictSchema):
    lines = fields.List(fields.Dict(), load_default=list)


def test_settings_and_bodies_refuse_a_personal_identity_number() -> None:
    assert Settings.load_strict({"board": "Regionstyrelsen"}) == {"board": "Regionstyrelsen"}
    with pytest.raises(Invalid) as refused:
        Settings.load_strict({"board": NUMBER})
    assert set(refused.value.fields) == {"board"}
    assert Deep().load({"lines": [{"text": "K1042"}]})
    with pytest.raises(ValidationError) as found:
        Deep().load({"lines": [{"text": f"se {NUMBER}"}]})
    assert set(found.value.messages_dict) == {"lines"}
    assert issubclass(Deep, Schema)
