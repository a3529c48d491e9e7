"""What can be wrong with the files that describe tenants: all of it is found in one go."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from samplan.errors import Invalid
from samplan.modules.manager import CORE
from samplan.tenancy.config import ConfigFault, ConfigFaults, KnownModules
from samplan.tenancy.organisation_number import is_organisation_number

EXAMPLE_COUNTY = "99"
_SCHEMA = json.loads(Path(__file__).with_name("schema.json").read_text("utf-8"))
_VALIDATOR = Draft202012Validator(_SCHEMA)
Document = dict[str, Any]


class _StrictLoader(yaml.SafeLoader):
    """YAML without the silent loss of a key that stands twice."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands twice", key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def check_directory(directory: Path, known: KnownModules) -> list[Document]:
    """Return the documents of a directory, or raise `ConfigFaults` with everything that is wrong."""
    paths = sorted(path for path in directory.glob("*.y*ml") if not path.name.startswith("_"))
    faults: list[ConfigFault] = []
    if not paths:
        faults.append(ConfigFault(str(directory), "", "", "a folder with one .yaml file per tenant"))
    documents: dict[str, Document] = {}
    for path in paths:
        try:
            document = _read(path)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            faults.append(ConfigFault(path.name, "", "", f"readable YAML in UTF-8 ({_one_line(error)})"))
            continue
        shape = [_shape_fault(path.name, error) for error in _errors(document)]
        faults += shape or list(_rule_faults(path, document, known))
        if not shape:
            documents[path.name] = document
    faults += _faults_between(documents)
    if faults:
        raise ConfigFaults(faults)
    return list(documents.values())


def _read(path: Path) -> Any:
    # _StrictLoader is a SafeLoader: it makes no objects but plain values.
    return yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)  # noqa: S506


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _errors(document: Any) -> list[ValidationError]:
    return sorted(_VALIDATOR.iter_errors(document), key=lambda error: [str(part) for part in error.path])


def _shape_fault(file: str, error: ValidationError) -> ConfigFault:
    """Turn an error of the JSON schema into a fault that says what was expected in plain words."""
    if error.validator in {"required", "additionalProperties", "dependentRequired"}:
        return ConfigFault(file, _path(error.absolute_path), "", f"the keys of the schema: {error.message}")
    inner = best_match(error.context) if error.context else error
    described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
    expected = described or (inner or error).message
    return ConfigFault(file, _path(error.absolute_path), _shown(error.instance), str(expected))


def _path(parts: Iterable[str | int]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


def _rule_faults(path: Path, document: Document, known: KnownModules) -> Iterator[ConfigFault]:
    """Yield what the schema cannot tell of one document whose shape is right."""

    def fault(where: str, value: object, expected: str) -> ConfigFault:
        return ConfigFault(path.name, where, _shown(value), expected)

    if path.stem != document["slug"]:
        yield fault("slug", document["slug"], f"the file's own name, {path.stem}")
    number = document.get("organisation_number")
    if number and not is_organisation_number(number["value"]):
        yield fault("organisation_number.value", number["value"], "a number whose check digit is right")
    if document.get("timezone", "UTC") not in available_timezones():
        yield fault("timezone", document["timezone"], "a time zone of the IANA database")
    for forbidden in _forbidden(document):
        yield fault(forbidden, document[forbidden], f"no {forbidden} for kind {document['kind']}")
    for name, module in document.get("modules", {}).items():
        for where, value, expected in _module_faults(name, module.get("settings", {}), known):
            yield fault(f"modules.{name}{where}", value, expected)
    for where, value, expected in _code_faults(document):
        yield fault(where, value, expected)


def _forbidden(document: Document) -> list[str]:
    names = ("groups", "population", "organisation") if document["kind"] == "group" else ("group",)
    return [name for name in names if name in document]


def _module_faults(
    name: str, settings: Mapping[str, Any], known: KnownModules
) -> Iterator[tuple[str, object, str]]:
    if name not in known or name == CORE:
        yield "", name, f"one of {', '.join(sorted(set(known) - {CORE}))}"
        return
    kind = known[name]
    if kind is None:
        if settings:
            yield ".settings", settings, "no settings: the module has none"
        return
    try:
        kind.load_strict(settings)
    except Invalid as error:
        for path, messages in error.fields.items():
            yield f".settings.{path}", settings.get(path), " ".join(messages)


def _code_faults(document: Document) -> Iterator[tuple[str, object, str]]:
    """Yield codes and years that stand twice, and sites that are not described."""
    sites = [site["code"] for site in document.get("sites", ())]
    yield from _twice("sites", "code", sites)
    yield from _twice("population", "year", [row["year"] for row in document.get("population", ())])
    root = document.get("organisation")
    units = list(_units("organisation", root)) if root else []
    yield from _twice("organisation", "code", [unit["code"] for _where, unit in units])
    for where, unit in units:
        if "site" in unit and unit["site"] not in sites:
            yield f"{where}.site", unit["site"], "the code of one of the sites above"


def _units(where: str, unit: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield where, unit
    for index, below in enumerate(unit.get("units", ())):
        yield from _units(f"{where}.units[{index}]", below)


def _twice(where: str, name: str, values: Iterable[object]) -> Iterator[tuple[str, object, str]]:
    for value, count in Counter(values).items():
        if count > 1:
            yield where, value, f"each {name} once, not {count} times"


def _faults_between(documents: Mapping[str, Document]) -> Iterator[ConfigFault]:
    """Yield what is wrong between the files: names that stand twice, groups that nobody keeps."""
    taken: dict[tuple[str, object], str] = {}
    for file, document in documents.items():
        for where, value in _unique_values(document):
            other = taken.setdefault((where, value), file)
            if other != file:
                yield ConfigFault(file, where, _shown(value), f"another {where} than in {other}")
    groups = {document["group"]["slug"] for document in documents.values() if "group" in document}
    for file, document in documents.items():
        for index, slug in enumerate(document.get("groups", ())):
            if slug not in groups:
                options = ", ".join(sorted(groups)) or "none is described"
                yield ConfigFault(file, f"groups[{index}]", _shown(slug), f"a group's slug ({options})")


def _unique_values(document: Document) -> Iterator[tuple[str, object]]:
    yield "slug", document["slug"]
    if document.get("county_code") not in {None, EXAMPLE_COUNTY}:
        yield "county_code", document["county_code"]
    if "organisation_number" in document:
        yield "organisation_number.value", document["organisation_number"]["value"]
    if "group" in document:
        yield "group.slug", document["group"]["slug"]
