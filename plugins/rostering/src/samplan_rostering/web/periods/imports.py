"""Reading a file in: choose it, see what it says or what is wrong with it, then decide.

The file is not kept anywhere meanwhile: it travels in the form.
"""

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
    current_principal,
    current_session,
    download,
    language,
    mark_workbook,
    requires,
    today,
)
from samplan_rostering.domain.ward import WardData
from samplan_rostering.permissions import Allow
from samplan_rostering.services.entitled import refuse_unentitled
from samplan_rostering.services.periods.effects import Effects, effects_of, import_if
from samplan_rostering.services.periods.sources import Imported, import_source, read_source
from samplan_rostering.services.periods.wards import counts
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import UploadForm
from samplan_rostering.workbook import write_template

LARGEST_FILE = 700_000
"""Bytes of a file that a form can carry; a ward's workbook has some 30,000."""


@blueprint.get("/template.xlsx")
@requires(Allow.WRITE_WARD)
def template() -> Response:
    """Answer an empty workbook with instructions."""
    return download(write_template(today(), language()), _("Samplan template for a ward"), "xlsx")


@blueprint.get("/import")
@requires(Allow.WRITE_WARD)
def choose_file() -> str:
    """Show the form for a file."""
    return render_template("rostering/import.html", form=UploadForm())


@blueprint.post("/import")
@requires(Allow.WRITE_WARD)
def show_file() -> str | tuple[str, int]:
    """Show what the file says, or every fault in it; nothing is stored of either."""
    form = UploadForm()
    if form.validate_on_submit():
        content = form.file.data.stream.read(LARGEST_FILE + 1)
        if len(content) <= LARGEST_FILE:
            return _preview(content, form.file.data.filename or "")
        limit = LARGEST_FILE // 1000
        form.file.errors = [_("The file is larger than %(limit)s kB. Use the API for it.", limit=limit)]
    return render_template("rostering/import.html", form=form), 422


@blueprint.post("/import/confirm")
@requires(Allow.WRITE_WARD)
def confirm_file() -> Response | tuple[str, int]:
    """Read the file again and in: all of it or, when something is wrong or another by now, nothing.

    It is another when the file would change what is there in other ways than those that were shown.
    """
    session, content, name = current_session(), _content(), request.form.get("filename", "")
    seen = request.form.get("seen", "")
    try:
        source = read_source(session, content)
    except ImportFaults as faults:
        return _faults(content, name, faults)
    if isinstance(source, WardData):
        refuse_unentitled(session, source, current_principal())
        effects, period_id = import_if(session, source, lambda found: found.mark == seen)
        if period_id is None:
            return _ward_page(source, effects, _carried(content, name), outdated=True), 409
        imported = Imported(period_id, "period")
    else:
        imported = import_source(session, source, name)
    flash(_("The file has been read in."), "success")
    if imported.kind == "problem":
        return redirect(url_for("rostering.problem", problem_id=imported.id), 303)
    return redirect(url_for("rostering.period", period_id=imported.id), 303)


@blueprint.post("/import/marked.xlsx")
@requires(Allow.WRITE_WARD)
def marked_file() -> Response:
    """Answer the file with its faults marked."""
    content = _content()
    try:
        read_source(current_session(), content)
    except ImportFaults as faults:
        now = current_core().clock.now()
        marked = mark_workbook(content, faults, language=language(), created=now)
        name = request.form.get("filename", "").rpartition(".")[0]
        return download(marked, _("%(name)s with faults marked", name=name), "xlsx")
    return redirect(url_for("rostering.choose_file"), 303)


def _preview(content: bytes, filename: str) -> str | tuple[str, int]:
    try:
        source = read_source(current_session(), content)
    except ImportFaults as faults:
        return _faults(content, filename, faults)
    carried = _carried(content, filename)
    if isinstance(source, WardData):
        refuse_unentitled(current_session(), source, current_principal())
        return _ward_page(source, effects_of(current_session(), source), carried)
    return render_template("rostering/confirm_problem.html", carried=carried, instance=source.instance)


def _ward_page(ward: WardData, effects: Effects, carried: dict[str, str], *, outdated: bool = False) -> str:
    """Show what a ward's file says and what it changes; the answer carries the mark of what was shown."""
    return render_template(
        "rostering/confirm.html",
        carried=carried | {"seen": effects.mark},
        ward=ward,
        counts=counts(ward),
        effects=effects,
        outdated=outdated,
    )


def _faults(content: bytes, filename: str, faults: ImportFaults) -> tuple[str, int]:
    carried = _carried(content, filename)
    return render_template("rostering/faults.html", carried=carried, faults=faults), 422


def _carried(content: bytes, filename: str) -> dict[str, str]:
    """Return the hidden fields that carry a file to the next request."""
    return {"content": base64.b64encode(content).decode("ascii"), "filename": filename}


def _content() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
