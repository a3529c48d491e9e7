"""Files of published shifts for other systems: the region's templates with a preview, and the files."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from samplan.plugin_api import (
    Conflict,
    Invalid,
    VersionForm,
    _,
    current_core,
    current_session,
    current_tenant,
    download,
    requires,
)
from samplan_rostering.domain.export import Unspellable, write_rows
from samplan_rostering.models import ExportTemplate, Publication
from samplan_rostering.paxml import write_paxml
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.publishing.export_rows import (
    columns_of,
    export_rows,
    get_template,
    newest_of_all,
    spelling_of,
    templates,
)
from samplan_rostering.queries.publishing.publications import get_publication
from samplan_rostering.queries.rosters.plan import published_plan
from samplan_rostering.services.publishing.exports import delete_template, save_template
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.publishing.export_forms import ExportForm

Page = str | tuple[str, int]

_SHOWN = 8  # rows of a preview


@blueprint.get("/exports")
@requires(Allow.EXPORT_ROSTER)
def exports() -> str:
    """List the region's templates."""
    return render_template("rostering/exports.html", templates=templates(current_session()))


@blueprint.get("/exports/new")
@requires(Allow.EXPORT_ROSTER)
def new_export() -> str:
    """Show the form for a template."""
    return _page(None, ExportForm.empty())


@blueprint.post("/exports/new")
@requires(Allow.EXPORT_ROSTER)
def add_export() -> BaseResponse | Page:
    """Add a template."""
    return _save(None)


@blueprint.get("/exports/<uuid:template_id>")
@requires(Allow.EXPORT_ROSTER)
def export(template_id: UUID) -> str:
    """Show a template with the first rows of its newest file."""
    found = get_template(current_session(), template_id)
    return _page(found, ExportForm.of(found))


@blueprint.post("/exports/<uuid:template_id>")
@requires(Allow.EXPORT_ROSTER)
def change_export(template_id: UUID) -> BaseResponse | Page:
    """Change a template."""
    return _save(get_template(current_session(), template_id))


@blueprint.post("/exports/<uuid:template_id>/delete")
@requires(Allow.EXPORT_ROSTER)
def end_export(template_id: UUID) -> BaseResponse | Page:
    """Delete a template."""
    session, form = current_session(), VersionForm()
    template = get_template(session, template_id)
    if not form.validate_on_submit():
        return _page(template, ExportForm.of(template)), 422
    try:
        delete_template(session, template_id, version=form.number)
    except Conflict as error:
        return _page(template, ExportForm.of(template), conflict=str(error)), 409
    flash(_("The template is deleted."), "success")
    return redirect(url_for("rostering.exports"), 303)


@blueprint.get("/publications/<uuid:publication_id>/exports/<uuid:template_id>.csv")
@requires(Allow.EXPORT_ROSTER)
def export_file(publication_id: UUID, template_id: UUID) -> Response:
    """Answer a publication's shifts as a template's file."""
    found = get_publication(current_session(), publication_id)
    template = get_template(current_session(), template_id)
    try:
        content = _written(template, found)
    except Unspellable as error:
        message = _("The encoding of the template lacks the sign %(sign)s. Choose UTF-8.", sign=str(error))
        raise Conflict(message) from error
    encoding = template.encoding.removesuffix("-sig")
    return download(content, _file_name(found), "csv", media_type=f"text/csv; charset={encoding}")


@blueprint.get("/publications/<uuid:publication_id>/paxml.xml")
@requires(Allow.EXPORT_ROSTER)
def paxml_file(publication_id: UUID) -> Response:
    """Answer a publication's shifts as PAXml 2.0."""
    found = get_publication(current_session(), publication_id)
    plan = published_plan(current_session(), found).own_staff
    content = write_paxml(plan, company=current_tenant().name, now=current_core().clock.now())
    return download(content, _file_name(found), "xml")


def _file_name(publication: Publication) -> str:
    return f"samplan-{publication.first_date.isoformat()}-{publication.number}"


def _written(template: ExportTemplate, publication: Publication, limit: int | None = None) -> bytes:
    plan = published_plan(current_session(), publication).own_staff
    rows = list(export_rows(plan, publication.number))[:limit]
    return write_rows(rows, columns_of(template), spelling_of(template))


def _save(template: ExportTemplate | None) -> BaseResponse | Page:
    form = ExportForm()
    if not form.validate_on_submit():
        return _page(template, form), 422
    now, template_id = current_core().clock.now(), template.id if template else None
    try:
        kept = save_template(
            current_session(), template_id, form.wanted(), version=form.version.data or 0, now=now
        )
    except Invalid as error:
        form.show(error)
        return _page(template, form), 422
    except Conflict as error:
        fresh = ExportForm.of(template) if template else form
        return _page(template, fresh, conflict=str(error)), 409
    flash(_("The template is kept."), "success")
    return redirect(url_for("rostering.export", template_id=kept.id), 303)


def _page(template: ExportTemplate | None, form: ExportForm, conflict: str | None = None) -> str:
    preview, publication = None, newest_of_all(current_session())
    if template is not None and publication is not None:
        try:
            preview = _written(template, publication, _SHOWN).decode(template.encoding)
        except Unspellable as error:
            conflict = _(
                "The encoding of the template lacks the sign %(sign)s. Choose UTF-8.", sign=str(error)
            )
    return render_template(
        "rostering/export.html", template=template, form=form, preview=preview, conflict=conflict
    )
