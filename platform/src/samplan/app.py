"""The web application: a readable, ordered list of steps."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from samplan.api.build import install_api
from samplan.core import Core, build_core
from samplan.identity.sessions import install_sessions
from samplan.identity.throttle import install_throttle
from samplan.logs import configure_logs
from samplan.modules.manager import CORE
from samplan.settings import Settings
from samplan.web.core_pages import core_pages
from samplan.web.errors import install_errors
from samplan.web.formats import install_formats
from samplan.web.locale import install_locale
from samplan.web.nav import template_context
from samplan.web.pipeline import install_pipeline
from samplan.web.security_headers import install_security_headers
from samplan.web.static_files import install_static_versions

CORE_VIEWS = (
    "samplan.web.views",
    "samplan.api.views",
    "samplan.identity.views",
    "samplan.identity.account_views",
    "samplan.identity.member_views",
    "samplan.identity.key_views",
    "samplan.audit.views",
    "samplan.modules.views",
    "samplan.jobs.views",
    "samplan.organisation.views",
    "samplan.indicators.views",
    "samplan.privacy.views",
    "samplan.notices.mail_views",
    "samplan.notices.webhook_views",
    "samplan.web.operator_views",
)


def create_app(settings: Settings, core: Core | None = None) -> Flask:
    """Return the application for `settings`; `core` is given by tests that wire their own."""
    configure_logs(settings.log_level)
    core = core or build_core(settings)
    app = Flask("samplan", static_folder="web/static", template_folder="web/templates")
    _configure(app, settings)
    app.extensions["samplan"] = core
    install_sessions(app, core)
    install_locale(app, core.modules)
    install_static_versions(app)
    install_security_headers(app, secure=settings.secure_cookies)
    owners: dict[str, str] = {}
    install_throttle(app, settings)
    install_pipeline(app, core, owners)
    install_errors(app)
    install_formats(app)
    app.context_processor(template_context)
    _mount_pages(app, core, owners)
    install_api(app, core, owners)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME="samplan_session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _mount_pages(app: Flask, core: Core, owners: dict[str, str]) -> None:
    """Mount the core's pages and each deployed module's under `/t/<tenant>/<module>`."""
    for name in CORE_VIEWS:
        import_module(name)
    app.register_blueprint(core_pages)
    owners[core_pages.name] = CORE
    for module in core.modules:
        for blueprint in core.modules.blueprints(module.name):
            app.register_blueprint(blueprint, url_prefix=f"/t/<tenant>/{module.name}")
            owners[blueprint.name] = module.name
        for item in module.template_globals:
            app.jinja_env.globals[f"{module.name}_{item.name}"] = item.function
