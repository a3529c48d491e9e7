"""The pages where a tenant's administrator switches modules on and off and sets them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.access.policy import requires
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.modules.declarations import MANAGE, READ
from samplan.modules.lifecycle import (
    disable_module,
    enable_module,
    module_states,
    set_settings,
    settings_of,
)
from samplan.modules.settings_form import settings_form, submitted
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session


@core_pages.get("/t/<tenant>/modules")
@requires(READ)
def modules() -> str:
    """Show what each module does and whether it is on."""
    states = module_states(current_core().modules, current_session())
    return render_template("core/modules.html", states=states)


@core_pages.post("/t/<tenant>/modules/<module>/enable")
@requires(MANAGE)
def module_enable(module: str) -> Response:
    """Switch a module on."""
    core = current_core()
    title = core.modules.get(module).title
    by = current_principal().account_id
    if enable_module(core, current_session(), current_tenant(), module, by=by):
        flash(_("%(module)s is switched on.", module=title), "success")
    return redirect(url_for("core.modules"))


@core_pages.post("/t/<tenant>/modules/<module>/disable")
@requires(MANAGE)
def module_disable(module: str) -> Response:
    """Switch a module off; its data stay."""
    core = current_core()
    title = core.modules.get(module).title
    if disable_module(core, current_session(), module, by=current_principal().account_id):
        flash(_("%(module)s is switched off. Its data are kept.", module=title), "success")
    return redirect(url_for("core.modules"))


@core_pages.route("/t/<tenant>/modules/<module>/settings", methods=["GET", "POST"])
@requires(MANAGE)
def module_settings(module: str) -> Response | str | tuple[str, int]:
    """Show and change the tenant's settings of a module that is switched on."""
    core, session = current_core(), current_session()
    known = core.modules.get(module)
    if known.settings is None or module not in current_tenant().enabled_modules:
        raise NotFound(_("There is no such page."))
    form = settings_form(known.settings, settings_of(core.modules, session, module))
    if not form.is_submitted():
        return render_template("core/module_settings.html", module=known, form=form)
    if form.validate():
        try:
            set_settings(core, session, module, submitted(form, known.settings))
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The settings of %(module)s are saved.", module=known.title), "success")
            return redirect(url_for("core.modules"))
    return render_template("core/module_settings.html", module=known, form=form), 422
