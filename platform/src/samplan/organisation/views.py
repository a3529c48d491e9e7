"""The organisation's page, and the forms that change it by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

import samplan.organisation.import_views  # noqa: F401 - adds the import's routes
from samplan.access.policy import requires
from samplan.db.session import TenantSession
from samplan.db.sorting import swedish_sort
from samplan.errors import Conflict, Invalid
from samplan.i18n import _
from samplan.ids import parse_uuid
from samplan.organisation import service
from samplan.organisation.declarations import READ, WRITE
from samplan.organisation.forms import PopulationForm, SiteForm, new_unit_form, unit_form
from samplan.organisation.models import OrgUnit, Population, Profession, Sector, Site
from samplan.organisation.texts import CATEGORY_LABELS, KIND_LABELS, SITE_LABELS
from samplan.web.core_pages import core_pages
from samplan.web.forms import PageForm
from samplan.web.request import current_session

Answer = Response | str | tuple[str, int]


@core_pages.get("/t/<tenant>/organisation")
@requires(READ)
def organisation() -> str:
    """Show the tree, the sites, professions, sectors and inhabitants."""
    return _page(current_session(), PopulationForm(formdata=None))


@core_pages.route("/t/<tenant>/organisation/units/new", methods=["GET", "POST"])
@requires(WRITE)
def organisation_unit_new() -> Answer:
    """Add a unit."""
    session = current_session()
    form = new_unit_form(session, parse_uuid(request.args.get("parent", "")))
    if form.validate_on_submit():
        try:
            unit = service.create_unit(
                session, kind=form.kind.data, code=form.code.data, fields=form.fields(None)
            )
        except (Conflict, Invalid) as error:
            form.show(error)
        else:
            flash(_("%(name)s has been added.", name=unit.name), "success")
            return redirect(url_for("core.organisation"))
    return _form_page("core/organisation_unit.html", form, unit=None, path=[])


@core_pages.route("/t/<tenant>/organisation/units/<uuid:unit_id>", methods=["GET", "POST"])
@requires(WRITE)
def organisation_unit(unit_id: UUID) -> Answer:
    """Rename, move, take in or out of use."""
    session = current_session()
    unit = service.get_unit(session, unit_id, lock=request.method == "POST")
    form = unit_form(session, unit)
    if form.validate_on_submit() and _is_newest(form, unit):
        try:
            service.change_unit(session, unit, form.fields(unit.parent_id))
        except Invalid as error:
            form.show(error)
        else:
            flash(_("%(name)s has been saved.", name=unit.name), "success")
            return redirect(url_for("core.organisation"))
    form.version.data = service.version_of(unit)
    return _form_page("core/organisation_unit.html", form, unit=unit, path=service.path(session, unit))


@core_pages.route("/t/<tenant>/organisation/sites/new", methods=["GET", "POST"])
@requires(WRITE)
def organisation_site_new() -> Answer:
    """Add a site."""
    form = SiteForm()
    del form.version
    if form.validate_on_submit():
        try:
            site = service.create_site(current_session(), code=form.code.data, fields=form.fields())
        except Conflict as error:
            form.show(error)
        else:
            flash(_("%(name)s has been added.", name=site.name), "success")
            return redirect(url_for("core.organisation"))
    return _form_page("core/organisation_site.html", form, site=None)


@core_pages.route("/t/<tenant>/organisation/sites/<uuid:site_id>", methods=["GET", "POST"])
@requires(WRITE)
def organisation_site(site_id: UUID) -> Answer:
    """Change a site and confirm what is known of it."""
    session = current_session()
    site = service.get_site(session, site_id, lock=request.method == "POST")
    form = SiteForm(obj=site)
    del form.code
    if form.validate_on_submit() and _is_newest(form, site):
        service.change_site(session, site, form.fields())
        flash(_("%(name)s has been saved.", name=site.name), "success")
        return redirect(url_for("core.organisation"))
    form.version.data = service.version_of(site)
    return _form_page("core/organisation_site.html", form, site=site)


@core_pages.post("/t/<tenant>/organisation/population")
@requires(WRITE)
def organisation_population() -> Answer:
    """Set the inhabitants of a year."""
    session, form = current_session(), PopulationForm()
    if not form.validate():
        return _page(session, form), 422
    service.set_population(
        session, year=form.year.data, inhabitants=form.inhabitants.data, source=form.source.data
    )
    flash(_("The inhabitants of %(year)s have been saved.", year=form.year.data), "success")
    return redirect(url_for("core.organisation", _anchor="population"))


def _page(session: TenantSession, form: PopulationForm) -> str:
    return render_template(
        "core/organisation.html",
        rows=service.tree(session),
        sites=service.sites(session),
        professions=session.scalars(select(Profession).order_by(swedish_sort(Profession.name))).all(),
        sectors=session.scalars(select(Sector).order_by(swedish_sort(Sector.name))).all(),
        population=session.scalars(select(Population).order_by(Population.year.desc())).all(),
        form=form,
        kind_labels=KIND_LABELS,
        site_labels=SITE_LABELS,
        category_labels=CATEGORY_LABELS,
    )


def _form_page(template: str, form: PageForm, **context: Any) -> tuple[str, int]:
    page = render_template(template, form=form, kind_labels=KIND_LABELS, **context)
    return page, 422 if form.is_submitted() else 200


def _is_newest(form: PageForm, row: OrgUnit | Site) -> bool:
    """Tell whether nobody has changed the row since the form was shown; says so in the form otherwise."""
    if form["version"].data == service.version_of(row):
        return True
    form.show(Conflict(_("Somebody else has changed this in the meantime. Save again to replace it.")))
    return False
