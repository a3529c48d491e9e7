"""The page of an invoice line: its four sides beside each other, and what is to be said of its deviations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from samplan.plugin_api import (
    Conflict,
    Invalid,
    OrgUnit,
    TenantSession,
    VersionForm,
    WorkedHiredShifts,
    _,
    _l,
    as_uuid,
    current_core,
    current_principal,
    current_session,
    current_tenant,
    find,
    members_by_account,
    options,
    requires,
)
from samplan_agency import labels
from samplan_agency.domain.control import Controlled, Reason
from samplan_agency.models import CostLine, Delivery, Supplier
from samplan_agency.permissions import Allow
from samplan_agency.queries.calloff.shown import named_call_offs
from samplan_agency.queries.control import lines as queries
from samplan_agency.services.control import Said, handle
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.control.filters import asked
from samplan_agency.web.forms import filled


class HandleForm(VersionForm):
    """What is to be said of a deviation."""

    state = SelectField(_l("State"), choices=options(labels.DEVIATION_STATES.items()))
    note = TextAreaField(
        _l("Note"),
        [Optional(), Length(max=500)],
        description=_l("Stands in the file for the supplier."),
        filters=[filled],
    )


@blueprint.get("/invoices/lines/<uuid:line_id>")
@requires(Allow.READ_INVOICE)
def invoice_line(line_id: UUID) -> str:
    """Show an invoice line beside its order, its confirmation and the worked shift."""
    return _page(line_id)


@blueprint.post("/invoices/deviations/<uuid:deviation_id>")
@requires(Allow.CONTROL_INVOICE)
def handle_deviation(deviation_id: UUID) -> Response | tuple[str, int]:
    """Give a deviation another state."""
    session = current_session()
    line_id = queries.get_deviation(session, deviation_id).line_id
    form = HandleForm(prefix=f"{deviation_id}-")
    if not form.validate_on_submit():
        return _page(line_id, sent=(deviation_id, form)), 422
    try:
        handle(
            session,
            deviation_id,
            Said(form.state.data, form.note.data or "", current_principal().account_id),
            version=form.number,
            now=current_core().clock.now(),
        )
    except Invalid as error:
        form.show(error)
        return _page(line_id, sent=(deviation_id, form)), 422
    except Conflict as error:
        return _page(line_id, fault=str(error)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("agency.invoice_line", line_id=line_id, **_queue()), 303)


def _page(line_id: UUID, *, fault: str = "", sent: tuple[UUID, HandleForm] | None = None) -> str:
    session = current_session()
    line = queries.get_invoice_line(session, line_id)
    roster = find(WorkedHiredShifts)
    controlled = queries.control_line(session, line, current_tenant().timezone, roster)
    rows = queries.deviations_of(session, line.line_key)
    forms = {row.id: _form(row.id, row.version, row.state, row.note) for row in rows}
    if sent is not None:
        forms[sent[0]] = sent[1]
    return render_template(
        "agency/invoice_line.html",
        line=line,
        controlled=controlled,
        deviations=[(row, forms[row.id]) for row in rows],
        handlers=members_by_account(session, {row.handled_by for row in rows if row.handled_by}),
        supplier=session.scalar(select(Supplier.name).where(Supplier.id == line.supplier_id)),
        delivery=session.scalar(select(Delivery).where(Delivery.id == line.delivery_id)),
        unit=session.scalar(select(OrgUnit.name).where(OrgUnit.id == line.unit_id)) or line.unit,
        call_offs=named_call_offs(session, _references(line, controlled)),
        queue=_queue(),
        following=_following(session, line_id),
        fault=fault,
    )


def _references(line: CostLine, controlled: Controlled | None) -> set[str]:
    orders = controlled.orders if controlled else ()
    return {line.order_reference or "", *(order.reference for order in orders)}


def _queue() -> dict[str, Any]:
    """Return what the address says of the queue that the page was reached from, if it was."""
    seen = as_uuid(request.args.get("of", ""))
    return {} if seen is None else {**asked().arguments, "of": str(seen)}


def _following(session: TenantSession, line_id: UUID) -> dict[str, str] | None:
    """Return where the queue goes on: the next deviation that is another line's."""
    seen = as_uuid(request.args.get("of", ""))
    while seen is not None:
        lines, _more = queries.queue(session, asked().filters, after=seen, limit=len(Reason))
        for each in lines:
            if each.row.line_id != line_id:
                return {**asked().arguments, "of": str(each.row.id), "line_id": str(each.row.line_id)}
        seen = lines[-1].row.id if lines else None
    return None


def _form(deviation_id: UUID, version: int, state: str, note: str) -> HandleForm:
    """Return the form of one of the page's deviations, whose fields are called apart by its id."""
    return HandleForm(formdata=None, prefix=f"{deviation_id}-", version=str(version), state=state, note=note)
