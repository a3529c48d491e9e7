"""The workbook of measures: written out, and read in after a look at what it changes."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ImportFaults,
    Invalid,
    _,
    current_core,
    current_session,
    download,
    language,
    ngettext,
    requires,
)
from samplan_agency.files.measure_book import LARGEST_FILE
from samplan_agency.permissions import Allow
from samplan_agency.services.measures.workbook import BookLine, import_book, mark_of, read_book, write_book
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.measures.forms import BookForm

Answer = Response | tuple[str, int]


@blueprint.get("/measures/workbook.xlsx")
@requires(Allow.READ)
def measure_workbook() -> Response:
    """Give all measures as a workbook, which is the template too."""
    now = current_core().clock.now()
    return download(write_book(current_session(), language=language(), created=now), _("measures"), "xlsx")


@blueprint.get("/measures/import")
@requires(Allow.WRITE_MEASURE)
def choose_measure_book() -> str:
    """Show the form for a workbook."""
    return render_template("agency/measure_import.html", form=BookForm(), lines=None, faults=None)


@blueprint.post("/measures/import")
@requires(Allow.WRITE_MEASURE)
def show_measure_book() -> Answer:
    """Show what a workbook changes, or everything that is wrong in it."""
    form = BookForm()
    if not form.validate_on_submit():
        return render_template("agency/measure_import.html", form=form, lines=None, faults=None), 422
    data = form.file.data.stream.read(LARGEST_FILE + 1)
    try:
        lines = read_book(current_session(), data)
    except ImportFaults as faults:
        return _faults(faults)
    return _preview(lines, data), 200


@blueprint.post("/measures/import/confirm")
@requires(Allow.WRITE_MEASURE)
def confirm_measure_book() -> Answer:
    """Read the workbook in: all that was shown or, when something is wrong or another by now, nothing."""
    session = current_session()
    try:
        data = base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
    try:
        lines = read_book(session, data)
    except ImportFaults as faults:
        return _faults(faults)
    if request.form.get("seen", "") != mark_of(lines):
        return _preview(lines, data, outdated=True), 409
    import_book(session, lines, current_core().clock.now())
    count = sum(line.change != "same" for line in lines)
    flash(ngettext("%(num)d measure was read in.", "%(num)d measures were read in.", count), "success")
    return redirect(url_for("agency.measures"), 303)


def _preview(lines: list[BookLine], data: bytes, *, outdated: bool = False) -> str:
    return render_template(
        "agency/measure_import.html",
        form=BookForm(formdata=None),
        lines=lines,
        faults=None,
        outdated=outdated,
        carried={"content": base64.b64encode(data).decode("ascii"), "seen": mark_of(lines)},
    )


def _faults(faults: ImportFaults) -> tuple[str, int]:
    form = BookForm(formdata=None)
    return render_template("agency/measure_import.html", form=form, lines=None, faults=faults), 422
