"""The language of a request: the user's choice, else the tenant's, else Swedish; and Swedish formats."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, g, has_request_context, session
from flask_babel import Babel

from samplan.i18n import DEFAULT_LOCALE, LOCALES
from samplan.modules.contributions import MigrationBranch
from samplan.modules.manager import Modules

CORE_TRANSLATIONS = Path(__file__).parents[1] / "translations"


def choose_locale() -> str:
    """Return the locale of this request, one of `LOCALES`."""
    if has_request_context():
        chosen = session.get("locale") if not g.get("stateless") else None
        tenant = g.get("tenant")
        for candidate in (chosen, getattr(tenant, "locale", None)):
            if candidate in LOCALES:
                return str(candidate)
    return DEFAULT_LOCALE


def choose_timezone() -> str:
    """Return the time zone that times are shown in: the tenant's."""
    tenant = g.get("tenant") if has_request_context() else None
    return getattr(tenant, "timezone", None) or "Europe/Stockholm"


def translation_folder(branch: MigrationBranch) -> Path:
    """Return a module's folder of translations, beside its migrations."""
    return branch.path.parents[1] / "translations"


def install_locale(app: Flask, modules: Modules) -> None:
    """Read every module's texts from its own domain, named as the module."""
    folders, domains = [str(CORE_TRANSLATIONS)], ["core"]
    for module in modules:
        if module.name != "core":
            folders.append(str(translation_folder(module.migrations)))
            domains.append(module.name)
    Babel(
        app,
        default_locale=DEFAULT_LOCALE,
        default_timezone="Europe/Stockholm",
        default_translation_directories=";".join(folders),
        default_domain=";".join(domains),
        locale_selector=choose_locale,
        timezone_selector=choose_timezone,
    )
