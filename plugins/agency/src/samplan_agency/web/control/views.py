"""Invoice control: the queue of deviations, and how much of what is billed is matched."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    TooMany,
    as_uuid,
    current_session,
    request_job,
    requires,
    run_view,
    today,
)
from samplan_agency import labels
from samplan_agency.declarations import CONTROL
from samplan_agency.domain.months import Months
from samplan_agency.domain.ratios import CONTROL_TOLERANCE
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements.book import suppliers
from samplan_agency.queries.control import lines as queries
from samplan_agency.queries.control.months import invoice_months
from samplan_agency.queries.costs.figures import vintages
from samplan_agency.queries.parameters import number_on
from samplan_agency.queries.runs import newest_run
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.control.filters import STATES, asked

SUBJECT = "agency-invoices"
UNDER_WAY = frozenset({"queued", "running"})


@blueprint.get("/invoices")
@requires(Allow.READ_INVOICE)
def invoice_control() -> str:
    """Show the deviations that wait for somebody, or those that are chosen."""
    return queue_page()


@blueprint.get("/invoices/matched")
@requires(Allow.READ_INVOICE)
def matched_invoices() -> str:
    """Show how much of what is billed is matched, by supplier and month."""
    session = current_session()
    controlled = queries.controlled(session)
    return render_template(
        "agency/invoices_matched.html",
        controlled=controlled,
        sources=vintages(session, controlled[0], ("invoices",)) if controlled else [],
        by_supplier=queries.matched_by_supplier(session),
        by_month=queries.matched_by_month(session),
    )


@blueprint.post("/invoices/control")
@requires(Allow.CONTROL_INVOICE)
def control_now() -> Response | tuple[str, int]:
    """Ask for the control of all invoices."""
    run = newest_run(current_session(), SUBJECT)
    if run is None or run.status not in UNDER_WAY:
        try:
            request_job(CONTROL, {}, subject=SUBJECT)
        except TooMany as error:
            return queue_page(str(error)), error.status
    return redirect(url_for("agency.invoice_control"), 303)


def queue_page(fault: str = "") -> str:
    """Return the queue as the address asks for it, with what stopped a change."""
    session, choice = current_session(), asked()
    lines, following = queries.queue(session, choice.filters, after=as_uuid(request.args.get("after", "")))
    count, amount = queries.queue_sum(session, choice.filters)
    months = invoice_months(session)
    there = Months(months[0], months[-1]) if months else None
    run = newest_run(session, SUBJECT)
    return render_template(
        "agency/invoices.html",
        lines=lines,
        following=following,
        count=count,
        amount=amount,
        choice=choice,
        states=STATES,
        said=labels.DEVIATION_STATES,
        reasons=labels.REASONS,
        suppliers=suppliers(session),
        months=months[::-1],
        sources=vintages(session, there, ("invoices",)) if there else [],
        tolerance=number_on(session, CONTROL_TOLERANCE, months[-1] if months else today()),
        run=run_view(run) if run is not None and run.status != "succeeded" else None,
        controlled=queries.controlled(session),
        fault=fault,
        given=_given(),
        evidence=queries.has_evidence(session),
    )


def _given() -> dict[str, Any]:
    """Return what was sent for several deviations, so that a refusal loses none of it."""
    ticked = {text.partition(".")[0] for text in request.form.getlist("chosen")}
    return {"ticked": ticked, "said": request.form.get("said", ""), "note": request.form.get("note", "")}
