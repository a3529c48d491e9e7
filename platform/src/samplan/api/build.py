"""The API of this deployment: OpenAPI 3.1 from the blueprints of the core and of every module."""

from __future__ import annotations

import json
from importlib import import_module
from threading import Lock
from typing import Any

from apispec import APISpec
from flask import Flask, abort, request
from flask_babel import force_locale
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from samplan import __version__
from samplan.api.core_api import core_api
from samplan.api.schemas import ProblemSchema
from samplan.api.webhooks import describe_webhooks
from samplan.core import Core
from samplan.modules.manager import CORE, Modules
from samplan.tenancy.context import TenantContext

CORE_APIS = ("samplan.jobs.api", "samplan.organisation.api", "samplan.indicators.api")
PREFIX = "/api/v1/t/{tenant}/"
_ORGANISATION = ("Organisation", "Units, sites, professions and sectors of care")
CORE_TAGS = {
    "indicators": ("Indicators", "Comparable figures and their values"),
    "jobs": ("Runs", "Work in the background: followed, stopped and tried again"),
    "professions": _ORGANISATION,
    "sectors": _ORGANISATION,
    "sites": _ORGANISATION,
    "units": _ORGANISATION,
}
"""Name and description of the group of the core's operations, by the first part of their path."""
PROBLEM = "application/problem+json"
DEEPEST = 50
"""How many levels of lists and objects a body may have."""


class SamplanApi(Api):  # type: ignore[misc] # flask-smorest ships no annotations
    """flask-smorest with our errors: `samplan.web.errors` answers them all as problem+json.

    The description is made when it is first asked for: few processes ever are, and all of them start sooner.
    The three private methods overridden here are of flask-smorest: its version is pinned.
    """

    ERROR_SCHEMA: type[Schema] = ProblemSchema
    spec: Any  # an `APISpec`, once it is made

    def __init__(self, app: Flask, modules: Modules) -> None:
        """Serve the API of `modules` in `app`."""
        self._modules = modules
        self._blueprints: list[Blueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Mount a blueprint; its operations are described later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint, **options)
        self._blueprints.append(blueprint)

    def described(self) -> APISpec:
        """Return the description of every mounted blueprint and of what webhooks are sent."""
        with self._describing:
            if self.spec is None:
                self._describe()
            made: APISpec = self.spec
            return made

    def _describe(self) -> None:
        super()._init_spec()
        try:
            for blueprint in self._blueprints:
                blueprint.register_views_in_doc(
                    self, self._app, self.spec, name=blueprint.name, parameters=None
                )
                self.spec.tag({"name": blueprint.name, "description": blueprint.description})
            describe_webhooks(self, self._modules.events().values())
        except BaseException:
            self.spec = None  # half a description is none: who asks next gets the same error
            raise

    def _init_spec(self, **_options: Any) -> None:
        """Leave the description to `described`."""

    def _register_error_handlers(self) -> None:
        """Leave errors to `samplan.web.errors`."""

    def _register_responses(self) -> None:
        """Describe every error as problem+json."""
        from http import HTTPStatus

        for status in HTTPStatus:
            response = {
                "description": status.phrase,
                "content": {PROBLEM: {"schema": self.ERROR_SCHEMA}},
            }
            self.spec.components.response(status.name, response, lazy=True)
        self.spec.components.response(
            "DEFAULT_ERROR",
            {"description": "Error", "content": {PROBLEM: {"schema": self.ERROR_SCHEMA}}},
            lazy=True,
        )


def install_api(app: Flask, core: Core, owners: dict[str, str]) -> None:
    """Mount the core's API and each deployed module's under `/api/v1/t/<tenant>/<module>`."""
    app.config.update(
        API_TITLE="Samplan",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": "Plan people and care together."},
            "components": {
                "securitySchemes": {
                    "apiKey": {"type": "http", "scheme": "bearer", "description": "a personal API key"}
                }
            },
            "security": [{"apiKey": []}],
        },
    )
    for name in CORE_APIS:
        import_module(name)
    app.before_request(refuse_odd_json)
    api = SamplanApi(app, core.modules)
    api.register_blueprint(core_api)
    owners[core_api.name] = CORE
    for module in core.modules:
        for blueprint in core.modules.api_blueprints(module.name):
            api.register_blueprint(blueprint, url_prefix=f"/api/v1/t/<tenant>/{module.name}")
            owners[blueprint.name] = module.name
    app.extensions["samplan_api"] = api


def refuse_odd_json() -> None:
    """Answer 400 for a body that is not read: nested too deep, or with a number of thousands of digits.

    What is no JSON at all is told by the parser of arguments.
    """
    if request.path.startswith("/api/") and request.is_json:
        try:
            body = json.loads(request.get_data())
        except (json.JSONDecodeError, UnicodeDecodeError):
            return
        except (ValueError, RecursionError):
            abort(400)
        if _is_nested(body, DEEPEST):
            abort(400)


def _is_nested(value: object, levels: int) -> bool:
    """Tell whether JSON is nested deeper than `levels`: what reads it later has less of the stack left."""
    parts = [value]
    for _level in range(levels):
        parts = [
            part
            for whole in parts
            if isinstance(whole, dict | list)
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
    return any(isinstance(part, dict | list) for part in parts)


def document_for(app: Flask, tenant: TenantContext, core: Core) -> dict[str, Any]:
    """Return the OpenAPI document without the paths of modules that the tenant has not enabled.

    It is English whatever the language of the request. Its operations are grouped by what they are about:
    those of the core by `CORE_TAGS`, those of a module by its title.
    """
    with force_locale("en_GB"):
        whole = app.extensions["samplan_api"].described().to_dict()
        document: dict[str, Any] = json.loads(json.dumps(whole, default=str))
        titles = {module.name: str(module.title) for module in core.modules}
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    paths: dict[str, Any] = {}
    document["webhooks"] = {
        name: item
        for name, item in document["webhooks"].items()
        if name.split(".")[0] in {CORE, *tenant.enabled_modules}
    }
    tags: dict[str, dict[str, None]] = {}  # descriptions by group: a module may have several parts
    for path, item in document["paths"].items():
        first = path.removeprefix(PREFIX).split("/")[0]
        if first in titles and first not in tenant.enabled_modules:
            continue
        paths[path] = item
        for operation in (part for part in item.values() if isinstance(part, dict)):
            group = CORE_TAGS.get(first) or (titles[first], described[operation["tags"][0]])
            operation["tags"] = [group[0]]
            tags.setdefault(group[0], {})[group[1]] = None
    named = [{"name": name, "description": "; ".join(texts)} for name, texts in sorted(tags.items())]
    return {**document, "paths": paths, "tags": named}
