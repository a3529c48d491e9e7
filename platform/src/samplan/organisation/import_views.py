"""Import of the organisation's workbook: upload, look, confirm; export and template."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.access.policy import requires
from samplan.documents.download import download
from samplan.errors import Invalid
from samplan.i18n import _, language
from samplan.imports.faults import ImportFaults
from samplan.imports.marked import mark_workbook
from samplan.organisation.declarations import READ, WRITE
from samplan.organisation.forms import UploadForm
from samplan.organisation.imports import (
    apply_import,
    export_organisation,
    organisation_template,
    read_organisation,
)
from samplan.organisation.service import lock_tree
from samplan.organisation.workbook import LARGEST_FILE, SHEETS
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_session

SHOWN = 500  # changes on the preview; there may be thousands


@core_pages.route("/t/<tenant>/organisation/import", methods=["GET", "POST"])
@requires(WRITE)
def organisation_import() -> str | tuple[str, int]:
    """Take a workbook and show what it would change, or everything that is wrong in it."""
    form = UploadForm()
    if not form.validate_on_submit():
        page = render_template("core/organisation_import.html", form=form)
        return page, 422 if form.is_submitted() else 200
    data = form.file.data.stream.read(LARGEST_FILE + 1)
    return _preview(data)


@core_pages.post("/t/<tenant>/organisation/import/confirm")
@requires(WRITE)
def organisation_import_confirm() -> Response | tuple[str, int]:
    """Read the workbook again and write it: all of it or, when something is wrong by now, nothing."""
    data, session = _content(), current_session()
    lock_tree(session)
    try:
        found = read_organisation(session, data)
    except ImportFaults as faults:
        return _faults_page(data, faults)
    apply_import(session, found)
    flash(_("The workbook has been imported: %(count)s rows changed.", count=len(found.changes)), "success")
    return redirect(url_for("core.organisation"))


@core_pages.post("/t/<tenant>/organisation/import/marked")
@requires(WRITE)
def organisation_import_marked() -> Response:
    """Give the workbook back with its faults marked."""
    data = _content()
    try:
        read_organisation(current_session(), data)
    except ImportFaults as faults:
        marked = mark_workbook(data, faults, language=language(), created=current_core().clock.now())
        return download(marked, _("faults"), "xlsx")
    return redirect(url_for("core.organisation_import"))


@core_pages.get("/t/<tenant>/organisation/export.xlsx")
@requires(READ)
def organisation_export() -> Response:
    """Give the whole organisation as a workbook."""
    now = current_core().clock.now()
    data = export_organisation(current_session(), language=language(), created=now)
    return download(data, _("organisation"), "xlsx")


@core_pages.get("/t/<tenant>/organisation/template.xlsx")
@requires(READ)
def organisation_template_download() -> Response:
    """Give the empty workbook."""
    data = organisation_template(language=language(), created=current_core().clock.now())
    return download(data, _("organisation-template"), "xlsx")


def _preview(data: bytes) -> str | tuple[str, int]:
    try:
        found = read_organisation(current_session(), data)
    except ImportFaults as faults:
        return _faults_page(data, faults)
    names = {spec.key: spec.name.to(language()) for spec in SHEETS}
    headings = {(s.key, column.key): column.name.to(language()) for s in SHEETS for column in s.columns}
    return render_template(
        "core/organisation_preview.html",
        found=found,
        changes=found.changes[:SHOWN],
        sheet_names=names,
        headings=headings,
        content=base64.b64encode(data).decode("ascii"),
    )


def _faults_page(data: bytes, faults: ImportFaults) -> tuple[str, int]:
    # The file itself is not kept anywhere: it travels in the form until it is confirmed or mended.
    content = base64.b64encode(data).decode("ascii") if len(data) <= LARGEST_FILE else None
    return render_template("core/organisation_faults.html", faults=faults, content=content), 422


def _content() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
