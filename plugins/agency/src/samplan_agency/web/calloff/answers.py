"""Registering what suppliers answer to a call-off, on the page and from a workbook, and confirming it."""

from __future__ import annotations

from uuid import UUID

from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    ImportFaults,
    Invalid,
    VersionForm,
    _,
    current_session,
    ngettext,
    requires,
)
from samplan_agency.permissions import Allow
from samplan_agency.queries.calloff.shown import CallOffView, call_off_view
from samplan_agency.services.calloff.answers import Answer, add_answer, register_answers
from samplan_agency.services.calloff.confirming import confirm_answer
from samplan_agency.services.calloff.workbooks import read_answers
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.calloff.choice import moment
from samplan_agency.web.calloff.forms import EVERY_LINE, AnswerForm, AnswersForm
from samplan_agency.web.calloff.views import call_off_page, done, offer_choices, read_book


@blueprint.post("/call-offs/<uuid:call_off_id>/answers")
@requires(Allow.WRITE_CALL_OFF)
def call_off_answer(call_off_id: UUID) -> Response | tuple[str, int]:
    """Register what a supplier answers to a shift."""
    form, now = AnswerForm(), moment()
    view = call_off_view(current_session(), call_off_id, now.zone)
    offer_choices(form, view)
    if not form.validate_on_submit():
        return call_off_page(call_off_id, answer=form), 422
    supplier_id = UUID(form.supplier_id.data)
    consultant = (form.consultant.data or "").strip()
    try:
        if form.line_id.data == EVERY_LINE:
            answers = _declined(view, supplier_id, consultant)
            register_answers(current_session(), call_off_id, supplier_id, answers, now, version=form.number)
        else:
            answer = Answer(UUID(form.line_id.data), consultant, form.price.data)
            add_answer(current_session(), call_off_id, supplier_id, answer, now, version=form.number)
    except (Conflict, Invalid) as fault:
        form.show(fault)
        return call_off_page(call_off_id, answer=form), fault.status
    return done(call_off_id, _("The answer has been registered."))


@blueprint.post("/call-offs/<uuid:call_off_id>/answers/file")
@requires(Allow.WRITE_CALL_OFF)
def call_off_answers(call_off_id: UUID) -> Response | tuple[str, int]:
    """Register the answers of a supplier's workbook, all of them or none."""
    form, now = AnswersForm(), moment()
    view = call_off_view(current_session(), call_off_id, now.zone)
    offer_choices(form, view)
    if not form.validate_on_submit():
        return call_off_page(call_off_id, answers=form), 422
    supplier_id = UUID(form.supplier_id.data)
    try:
        answers = read_answers(read_book(form), view.lines)
        offered = register_answers(
            current_session(), call_off_id, supplier_id, answers, now, version=form.number
        )
    except ImportFaults as faults:
        return call_off_page(call_off_id, answers=form, faults=faults), 422
    except (Conflict, Invalid) as fault:
        form.show(fault)
        return call_off_page(call_off_id, answers=form), fault.status
    told = ngettext("%(num)d person is offered.", "%(num)d people are offered.", offered)
    return done(call_off_id, told)


@blueprint.post("/call-offs/<uuid:call_off_id>/answers/<uuid:answer_id>/confirm")
@requires(Allow.WRITE_CALL_OFF)
def call_off_confirm(call_off_id: UUID, answer_id: UUID) -> Response | tuple[str, int]:
    """Confirm an offer."""
    try:
        confirm_answer(current_session(), call_off_id, answer_id, moment(), version=VersionForm().number)
    except (Conflict, Invalid) as fault:
        return call_off_page(call_off_id, fault=str(fault)), fault.status
    return done(call_off_id, _("The shift is confirmed. The supplier gets an e-mail about it."))


def _declined(view: CallOffView, supplier_id: UUID, consultant: str) -> list[Answer]:
    """Return that a supplier has nobody more for what it has not answered; what it offers there stays."""
    if consultant:
        message = _("Choose the shift that the person is offered for.")
        raise Invalid(message, {"line_id": [message]})
    answers = []
    for line in view.lines:
        own = [answer.row for answer in line.answers if answer.row.supplier_id == supplier_id]
        offers = [row for row in own if row.state != "refused"]
        if len(offers) == len(own) and len(offers) < line.row.people:
            answers += [Answer(line.row.id, row.consultant, row.price) for row in offers]
            answers.append(Answer(line.row.id))
    return answers
