"""Suppliers, agreements and zones as a workbook: out, and in after a look at what it changes; prices out."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ImportFaults,
    Invalid,
    PageForm,
    _,
    _l,
    current_core,
    current_session,
    download,
    language,
    mark_workbook,
    ngettext,
    requires,
    write_workbook,
)
from samplan_agency.files.agreements import SHEETS
from samplan_agency.permissions import Allow
from samplan_agency.services.agreements.workbook import (
    SHEET_KEYS,
    FilePlan,
    plan_file,
    price_rows,
    stored_rows,
    take_in,
)
from samplan_agency.services.deliveries.read_prices import PRICE_READER
from samplan_agency.web.blueprint import blueprint

LARGEST_FILE = 1_500_000
"""Bytes of a file that a form can carry."""
Answer = Response | tuple[str, int]


class WorkbookForm(PageForm):
    """A workbook to read in."""

    file = FileField(_l("Workbook (.xlsx)"), validators=[FileRequired(_l("Choose a file."))])


@blueprint.get("/agreements.xlsx")
@requires(Allow.READ)
def agreements_workbook() -> Response:
    """Answer what there is as a workbook, which can be changed and read in again; a template while empty."""
    rows = {key: stored_rows(current_session(), key) for key in SHEET_KEYS}
    content = write_workbook(
        SHEETS, rows, title=_("Agreements"), language=language(), created=current_core().clock.now()
    )
    return download(content, _("Agreements and suppliers"), "xlsx")


@blueprint.get("/agreements/prices.xlsx")
@requires(Allow.READ)
def prices_workbook() -> Response:
    """Answer the prices as a workbook, which can be changed and delivered."""
    spec = PRICE_READER.spec(current_session())
    content = write_workbook(
        (spec,),
        {spec.key: price_rows(current_session())},
        title=_("Prices"),
        language=language(),
        created=current_core().clock.now(),
    )
    return download(content, _("Agreed prices"), "xlsx")


@blueprint.get("/agreements/file")
@requires(Allow.WRITE_REFERENCE)
def choose_agreements_file() -> str:
    """Show the form for a file."""
    return render_template("agency/agreements_file.html", form=WorkbookForm(formdata=None))


@blueprint.post("/agreements/file")
@requires(Allow.WRITE_REFERENCE)
def show_agreements_file() -> str | tuple[str, int]:
    """Show what the file changes, or every fault in it; nothing is stored of either."""
    form = WorkbookForm()
    if not form.validate_on_submit():
        return render_template("agency/agreements_file.html", form=form), 422
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        limit = LARGEST_FILE // 1000
        form.file.errors = [_("The file is larger than %(limit)s kB.", limit=limit)]
        return render_template("agency/agreements_file.html", form=form), 422
    name = (form.file.data.filename or "")[:200]
    try:
        return _preview(plan_file(current_session(), content), content, name)
    except ImportFaults as faults:
        return _faults(faults, content, name)


@blueprint.post("/agreements/file/confirm")
@requires(Allow.WRITE_REFERENCE)
def confirm_agreements_file() -> Answer:
    """Take in what the file says: all that was shown or, when it is something else by now, nothing."""
    content, name, session = _content(), request.form.get("filename", ""), current_session()
    try:
        plan = plan_file(session, content)
    except ImportFaults as faults:
        return _faults(faults, content, name)
    if plan.mark != request.form.get("seen", ""):
        return _preview(plan, content, name, outdated=True), 409
    take_in(session, plan, current_core().clock.now())
    count = len(plan.lines)
    flash(ngettext("%(num)d row has been taken in.", "%(num)d rows have been taken in.", count), "success")
    return redirect(url_for("agency.agreements"), 303)


@blueprint.post("/agreements/file/marked.xlsx")
@requires(Allow.WRITE_REFERENCE)
def marked_agreements_file() -> Response:
    """Answer the file with its faults marked."""
    content = _content()
    try:
        plan_file(current_session(), content)
    except ImportFaults as faults:
        marked = mark_workbook(content, faults, language=language(), created=current_core().clock.now())
        name = request.form.get("filename", "").rpartition(".")[0]
        return download(marked, _("%(name)s with faults marked", name=name), "xlsx")
    return redirect(url_for("agency.choose_agreements_file"), 303)


def _preview(plan: FilePlan, content: bytes, name: str, *, outdated: bool = False) -> str:
    carried = _carried(content, name) | {"seen": plan.mark}
    counts = [
        (spec.name.to(language()), plan.count(spec.key, new=True), plan.count(spec.key, new=False))
        for spec in SHEETS
    ]
    return render_template(
        "agency/agreements_preview.html", plan=plan, counts=counts, carried=carried, outdated=outdated
    )


def _faults(faults: ImportFaults, content: bytes, name: str) -> tuple[str, int]:
    return render_template(
        "agency/agreements_faults.html", faults=faults, carried=_carried(content, name)
    ), 422


def _carried(content: bytes, name: str) -> dict[str, str]:
    """Return the hidden fields that carry a file to the next request."""
    return {"content": base64.b64encode(content).decode("ascii"), "filename": name}


def _content() -> bytes:
    try:
        return base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
