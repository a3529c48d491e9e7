"""The list of call-offs with their figures, and the page of each: shifts, files, sending, ending."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    ImportFaults,
    Invalid,
    PageForm,
    VersionForm,
    _,
    current_core,
    current_session,
    current_tenant,
    download,
    language,
    option,
    options,
    requires,
    write_workbook,
)
from samplan_agency import calloff_words as words
from samplan_agency.calloff_files import file_name, request_pdf, request_workbook
from samplan_agency.files.calloff import LINES
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements.book import levels
from samplan_agency.queries.calloff.shown import (
    CallOffView,
    LineView,
    call_off_figures,
    call_off_list,
    call_off_view,
)
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.calloff.steps import add_lines, end_call_off, remove_line, send_call_off
from samplan_agency.services.calloff.workbooks import read_shifts
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.calloff.choice import moment
from samplan_agency.web.calloff.forms import (
    EVERY_LINE,
    AnswerForm,
    AnswersForm,
    BookForm,
    LineForm,
    SendForm,
)

FIGURES_FOR = timedelta(days=365)
LARGEST_FILE = 2_000_000
LAST = 2**31 - 1
Answer = Response | tuple[str, int]


@blueprint.get("/call-offs")
@requires(Allow.READ_CALL_OFF)
def call_offs() -> str:
    """List the call-offs, with the figures of the last year."""
    now = current_core().clock.now()
    since = datetime.combine(now.date() - FIGURES_FOR, time(), UTC)
    before = request.args.get("before", default=LAST, type=int)
    found, following = call_off_list(current_session(), before if 0 < before < LAST else LAST)
    return render_template(
        "agency/call_offs.html",
        call_offs=found,
        following=following,
        first=before >= LAST,
        figures=call_off_figures(current_session(), since, now),
        since=since.date(),
        until=now.date(),
        states=words.STATES,
    )


@blueprint.get("/call-offs/<uuid:call_off_id>")
@requires(Allow.READ_CALL_OFF)
def call_off(call_off_id: UUID) -> str:
    """Show a call-off."""
    return call_off_page(call_off_id)


@blueprint.post("/call-offs/<uuid:call_off_id>/lines")
@requires(Allow.WRITE_CALL_OFF)
def call_off_add(call_off_id: UUID) -> Answer:
    """Add a shift that was entered by hand."""
    form, now = LineForm(), moment()
    call_off_view(current_session(), call_off_id, now.zone)
    if not form.validate_on_submit():
        return call_off_page(call_off_id, line=form), 422
    try:
        add_lines(current_session(), call_off_id, [form.wanted(now.zone)], now, version=form.number)
    except (Conflict, Invalid) as fault:
        form.show(fault)
        return call_off_page(call_off_id, line=form), fault.status
    return done(call_off_id, _("The shift has been added."))


@blueprint.get("/call-offs/template.xlsx")
@requires(Allow.WRITE_CALL_OFF)
def call_off_template() -> Response:
    """Answer an empty workbook for shifts."""
    title = _("Shifts to call off")
    content = write_workbook(
        [LINES], {}, title=title, language=language(), created=current_core().clock.now()
    )
    return download(content, title, "xlsx")


@blueprint.post("/call-offs/<uuid:call_off_id>/lines/file")
@requires(Allow.WRITE_CALL_OFF)
def call_off_read(call_off_id: UUID) -> Answer:
    """Add the shifts of a workbook, all of them or none."""
    form, now = BookForm(), moment()
    call_off_view(current_session(), call_off_id, now.zone)
    if not form.validate_on_submit():
        return call_off_page(call_off_id, book=form), 422
    try:
        units = unit_tree(current_session()).in_use
        wanted = read_shifts(read_book(form), units, now.zone)
        add_lines(current_session(), call_off_id, wanted, now, version=form.number)
    except ImportFaults as faults:
        return call_off_page(call_off_id, book=form, faults=faults), 422
    except (Conflict, Invalid) as fault:
        form.show(fault)
        return call_off_page(call_off_id, book=form), fault.status
    return done(call_off_id, _("The shifts have been added."))


@blueprint.post("/call-offs/<uuid:call_off_id>/lines/<uuid:line_id>/remove")
@requires(Allow.WRITE_CALL_OFF)
def call_off_remove(call_off_id: UUID, line_id: UUID) -> Answer:
    """Take a shift out of a draft."""
    try:
        remove_line(current_session(), call_off_id, line_id, version=VersionForm().number)
    except Conflict as fault:
        return call_off_page(call_off_id, fault=str(fault)), fault.status
    return done(call_off_id, _("The shift has been taken out."))


@blueprint.post("/call-offs/<uuid:call_off_id>/send")
@requires(Allow.WRITE_CALL_OFF)
def call_off_send(call_off_id: UUID) -> Answer:
    """Ask the first supplier."""
    form = SendForm()
    call_off_view(current_session(), call_off_id, moment().zone)
    if not form.validate_on_submit():
        return call_off_page(call_off_id, send=form), 422
    try:
        send_call_off(current_session(), call_off_id, form.answer_hours.data, moment(), version=form.number)
    except (Conflict, Invalid) as fault:
        form.show(fault)
        return call_off_page(call_off_id, send=form), fault.status
    return done(call_off_id, _("The request is on its way to the first supplier."))


@blueprint.post("/call-offs/<uuid:call_off_id>/withdraw")
@requires(Allow.WRITE_CALL_OFF)
def call_off_withdraw(call_off_id: UUID) -> Answer:
    """Withdraw a call-off that nobody is confirmed for."""
    return _end(call_off_id, withdraw=True)


@blueprint.post("/call-offs/<uuid:call_off_id>/end")
@requires(Allow.WRITE_CALL_OFF)
def call_off_end(call_off_id: UUID) -> Answer:
    """End a call-off; what is confirmed stays."""
    return _end(call_off_id, withdraw=False)


def _end(call_off_id: UUID, *, withdraw: bool) -> Answer:
    try:
        end_call_off(
            current_session(), call_off_id, moment(), version=VersionForm().number, withdraw=withdraw
        )
    except Conflict as fault:
        return call_off_page(call_off_id, fault=str(fault)), fault.status
    told = _("The call-off has been withdrawn.") if withdraw else _("The call-off has ended.")
    return done(call_off_id, told)


@blueprint.get("/call-offs/<uuid:call_off_id>.xlsx")
@requires(Allow.READ_CALL_OFF)
def call_off_workbook(call_off_id: UUID) -> Response:
    """Answer what is still missing as the workbook that suppliers get."""
    now = moment()
    view = call_off_view(current_session(), call_off_id, now.zone)
    content = request_workbook(view, view.wanted(now.now), now.now)
    return download(content, file_name(view), "xlsx")


@blueprint.get("/call-offs/<uuid:call_off_id>.pdf")
@requires(Allow.READ_CALL_OFF)
def call_off_document(call_off_id: UUID) -> Response:
    """Answer what is still missing as the PDF that suppliers get."""
    now = moment()
    view = call_off_view(current_session(), call_off_id, now.zone)
    content = request_pdf(view, view.wanted(now.now), current_tenant().name, "")
    return download(content, file_name(view), "pdf")


def call_off_page(
    call_off_id: UUID, fault: str = "", faults: ImportFaults | None = None, **sent: PageForm
) -> str:
    """Return the page of a call-off; forms that were sent are shown as they were, with the newest version."""
    view = call_off_view(current_session(), call_off_id, moment().zone)
    kinds: dict[str, type[PageForm]] = {
        "line": LineForm, "book": BookForm, "send": SendForm, "answer": AnswerForm, "answers": AnswersForm,
    }  # fmt: skip
    forms = {name: sent.get(name) or kind(formdata=None) for name, kind in kinds.items()}
    for form in forms.values():
        form["version"].process(None, view.row.version)
    if "send" not in sent:
        forms["send"]["answer_hours"].process(None, view.row.answer_hours)
    units = unit_tree(current_session()).in_use
    forms["line"]["unit_id"].choices = options((unit.id, unit.name) for unit in units)
    offer_choices(forms["answer"], view)
    offer_choices(forms["answers"], view)
    return render_template(
        "agency/call_off.html",
        view=view,
        forms_of=forms,
        fault=fault,
        faults=faults,
        categories=levels(current_session()),
        words=words,
    )


def offer_choices(form: PageForm, view: CallOffView) -> None:
    """Let a form offer the suppliers that were asked and the call-off's shifts."""
    # Who has not answered yet is meant first.
    asked = sorted(view.requests, key=lambda request: request.row.state != "sent")
    form["supplier_id"].choices = [option(request.row.supplier_id, request.supplier) for request in asked]
    if "line_id" in form:
        form["line_id"].choices = [
            *(option(line.row.id, _line_name(line)) for line in view.lines),
            option(EVERY_LINE, _("All that the supplier has not answered")),
        ]


def _line_name(line: LineView) -> str:
    """Return what tells a shift apart from the call-off's others."""
    when = f"{line.begins:%Y-%m-%d %H:%M}–{line.ends:%H:%M}"
    what = " ".join(filter(None, (line.row.shift, line.row.skill or line.row.level)))
    return f"{line.number}. {line.unit}, {when}, {what}"


def read_book(form: BookForm) -> bytes:
    """Return the workbook that was sent; raises `Invalid` for one that is too large."""
    content: bytes = form.file.data.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        message = _("The file is larger than %(limit)s MB.", limit=LARGEST_FILE // 1_000_000)
        raise Invalid(message, {"file": [message]})
    return content


def done(call_off_id: UUID, message: str) -> Response:
    """Say what has been done, and lead to the call-off's page."""
    flash(message, "success")
    return redirect(url_for("agency.call_off", call_off_id=call_off_id), 303)
