"""Deliveries: the list, a new file, its mapping, its dry run, and what it changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ColumnMapping,
    Fault,
    Forbidden,
    ImportFaults,
    Invalid,
    JobRun,
    RunView,
    _,
    answered_mapping,
    can,
    current_core,
    current_principal,
    current_session,
    download,
    language,
    mapping_questions,
    remove_mapping,
    request_job,
    requires,
    run_view,
    saved_mappings,
    write_workbook,
)
from samplan_agency.labels import DELIVERY_STATES
from samplan_agency.models import Delivery
from samplan_agency.permissions import Allow
from samplan_agency.queries.deliveries import (
    PAGE,
    changes_of,
    list_deliveries,
    newer_file,
    replaced_since,
    same_file,
)
from samplan_agency.services.deliveries.readers import READERS, reader_of
from samplan_agency.services.deliveries.reading import Reader
from samplan_agency.services.deliveries.steps import (
    OPEN,
    cancel_delivery,
    deliver,
    expect_open,
    get_delivery,
    is_kept,
    opened,
    proposed_mapping,
    set_mapping,
    take_delivery,
)
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.deliveries.forms import DeliveryForm

Answer = Response | str | tuple[str, int]
JOB = "agency.read_delivery"
COSTS = ("ledger", "invoices")
_SUMS_SHOWN = 300
_ROWS = (Allow.READ_INVOICE, Allow.WRITE_DELIVERY)
"""Who sees single rows of files: who sees invoice lines, and who reads files in."""


@blueprint.get("/deliveries")
@requires(Allow.READ)
def deliveries() -> str:
    """List what has been delivered, the newest first."""
    before = request.args.get("before", type=int)
    found = list(list_deliveries(current_session(), before))
    return render_template(
        "agency/deliveries.html",
        deliveries=found[:PAGE],
        more=found[PAGE - 1].number if len(found) > PAGE else None,
        kinds={kind: reader.label for kind, reader in READERS.items()},
        states=DELIVERY_STATES,
    )


@blueprint.get("/deliveries/new")
@requires(Allow.WRITE_DELIVERY)
def new_delivery() -> str:
    """Show the form for a file, and the mappings that are saved."""
    form = DeliveryForm()
    form.kind.data = request.args.get("kind", form.kind.data)
    form.source.data = request.args.get("source", "")[:60]
    return _choose(form)


@blueprint.get("/deliveries/<kind>/template.xlsx")
@requires(Allow.READ)
def delivery_template(kind: str) -> Response:
    """Answer an empty workbook with the headings of a kind of files."""
    spec = reader_of(kind).spec(current_session())
    name = spec.name.to(language())
    content = write_workbook((spec,), {}, title=name, language=language(), created=current_core().clock.now())
    return download(content, _("Samplan template for %(name)s", name=name.lower()), "xlsx")


@blueprint.post("/deliveries/new")
@requires(Allow.WRITE_DELIVERY)
def add_delivery() -> Answer:
    """Keep a file; check it at once where a saved mapping fits it, else ask which column is what."""
    session, form = current_session(), DeliveryForm()
    if not form.validate_on_submit():
        return _choose(form), 422
    _allowed(form.kind.data)
    try:
        delivery = deliver(session, form.said(), form.file.data.stream)
    except ImportFaults as faults:
        name = form.file.data.filename or ""
        return render_template("agency/delivery_unreadable.html", faults=faults, filename=name), 422
    except Invalid as error:
        for name, messages in error.fields.items():
            form[name].errors = messages
        return _choose(form), 422
    saved, known = proposed_mapping(session, delivery, opened(session, delivery))
    if not known:
        return redirect(url_for("agency.delivery_mapping", delivery_id=delivery.id), 303)
    set_mapping(session, delivery, saved.mapping, saved.name)
    return _start(delivery, "check")


@blueprint.get("/deliveries/<uuid:delivery_id>")
@requires(Allow.READ)
def delivery(delivery_id: UUID) -> str:
    """Show a delivery: what it holds, what is wrong with it, what it changed."""
    session = current_session()
    found = get_delivery(session, delivery_id)
    costs, read = found.kind in COSTS, found.state == "read"
    faults = ImportFaults([Fault.unpacked(each) for each in found.faults], found.fault_count)
    run = _run(found)
    rows = any(can(current_principal(), permission) for permission in _ROWS)
    return render_template(
        "agency/delivery.html",
        delivery=found,
        rows=rows,
        reader=reader_of(found.kind),
        state=DELIVERY_STATES[found.state],
        run=run,
        open=found.state in OPEN and (run is None or run.status not in {"queued", "running"}),
        gone=found.state in OPEN and not is_kept(session, found),
        mapped=bool(found.mapping.get("columns")),
        faults=faults,
        same=same_file(session, found),
        newer=newer_file(session, found) if found.state == "checked" else None,
        sums=found.summary.get("sums", [])[:_SUMS_SHOWN],
        changes=changes_of(session, found) if costs and read and rows else [],
        since=replaced_since(session, found) if costs else [],
    )


@blueprint.get("/deliveries/<uuid:delivery_id>/mapping")
@requires(Allow.WRITE_DELIVERY)
def delivery_mapping(delivery_id: UUID) -> str:
    """Ask which column is which field, and what the file's codes mean."""
    return _ask(_changed(delivery_id))


@blueprint.post("/deliveries/<uuid:delivery_id>/mapping")
@requires(Allow.WRITE_DELIVERY)
def map_delivery(delivery_id: UUID) -> Answer:
    """Take the mapping that was sent, and have the file checked by it."""
    session = current_session()
    found = _changed(delivery_id)
    file = opened(session, found)
    mapping = answered_mapping(reader_of(found.kind).spec(session), file.source, request.form)
    before = found.mapping.get("columns") or {}
    try:
        set_mapping(session, found, mapping, " ".join(request.form.get("name", "").split()))
    except Invalid as error:
        return _ask(found, str(error)), 422
    if lacking := _lacking(found, mapping):
        return _ask(found, _("Say which column is: %(names)s.", names=", ".join(lacking))), 422
    if _asks_more(found, before):
        return redirect(url_for("agency.delivery_mapping", delivery_id=found.id), 303)
    return _start(found, "check")


@blueprint.post("/deliveries/<uuid:delivery_id>/read")
@requires(Allow.WRITE_DELIVERY)
def accept_delivery(delivery_id: UUID) -> Answer:
    """Have a checked delivery read in."""
    found = _changed(delivery_id)
    if found.state != "checked":
        flash(_("Only a delivery that is checked and without faults can be read in."), "error")
        return redirect(url_for("agency.delivery", delivery_id=found.id), 303)
    return _start(found, "read")


@blueprint.post("/deliveries/<uuid:delivery_id>/check")
@requires(Allow.WRITE_DELIVERY)
def recheck_delivery(delivery_id: UUID) -> Answer:
    """Have a delivery checked again, such as when accounts have been added."""
    found = _changed(delivery_id)
    expect_open(found)
    opened(current_session(), found)
    return _start(found, "check")


@blueprint.post("/deliveries/<uuid:delivery_id>/cancel")
@requires(Allow.WRITE_DELIVERY)
def leave_delivery(delivery_id: UUID) -> Response:
    """Leave a delivery aside."""
    found = _changed(delivery_id)
    cancel_delivery(current_session(), found)
    flash(_("Delivery %(number)s has been left aside.", number=found.number), "success")
    return redirect(url_for("agency.deliveries"), 303)


@blueprint.post("/deliveries/forget")
@requires(Allow.WRITE_DELIVERY)
def forget_mapping() -> Response:
    """Remove a saved mapping."""
    name, purpose = request.form.get("name", ""), _allowed(request.form.get("kind", "")).purpose
    remove_mapping(current_session(), purpose, name)
    flash(_("The mapping %(name)s has been removed.", name=name), "success")
    return redirect(url_for("agency.new_delivery"), 303)


def _changed(delivery_id: UUID) -> Delivery:
    """Return a delivery that is to be changed, locked."""
    found = take_delivery(current_session(), delivery_id)
    _allowed(found.kind)
    return found


def _allowed(kind: str) -> Reader:
    """Return who reads a kind of files, for somebody who may read such in; raises `Forbidden`."""
    reader = reader_of(kind)
    if not can(current_principal(), reader.permission):
        raise Forbidden(_("You lack the permission that this needs."), permission=reader.permission)
    return reader


def _start(found: Delivery, step: str) -> Response:
    subject = f"agency.delivery:{found.id}"
    found.run_id = request_job(JOB, {"delivery_id": str(found.id), "step": step}, subject=subject).id
    return redirect(url_for("agency.delivery", delivery_id=found.id), 303)


def _run(found: Delivery) -> RunView | None:
    """Return the newest run about a delivery, unless it ended well."""
    if found.run_id is None:
        return None
    run = current_session().get(JobRun, (found.tenant_id, found.run_id))
    return None if run is None or run.status == "succeeded" else run_view(run)


def _lacking(found: Delivery, mapping: ColumnMapping) -> list[str]:
    """Return the names of the fields that must have a column or a value for all rows, and have none."""
    spec, said = reader_of(found.kind).spec(current_session()), {*mapping.columns, *mapping.constants}
    return [
        column.name.to(language()) for column in spec.columns if column.required and column.key not in said
    ]


def _asks_more(found: Delivery, before: dict[str, str]) -> bool:
    """Tell whether a column was chosen whose values nobody has been asked about, some without meaning."""
    file = opened(current_session(), found)
    saved, _known = proposed_mapping(current_session(), found, file)
    spec = reader_of(found.kind).spec(current_session())
    asked = mapping_questions(spec, file.source, saved.mapping, language())
    return any(
        before.get(each.key) != saved.mapping.columns.get(each.key)
        and request.form.get(f"raw-{each.key}-0") is None
        and any(not value.selected for value in each.values)
        for each in asked
    )


def _choose(form: DeliveryForm) -> str:
    saved: list[dict[str, Any]] = [
        {"kind": kind, "label": reader.label, "mapping": mapping}
        for kind, reader in READERS.items()
        if can(current_principal(), reader.permission)
        for mapping in saved_mappings(current_session(), reader.purpose)
    ]
    return render_template("agency/delivery_new.html", form=form, saved=saved, readers=READERS.values())


def _ask(found: Delivery, wrong: str = "") -> str:
    session = current_session()
    file = opened(session, found)
    saved, _known = proposed_mapping(session, found, file)
    spec = reader_of(found.kind).spec(session)
    return render_template(
        "agency/delivery_mapping.html",
        delivery=found,
        source=file.source,
        questions=mapping_questions(spec, file.source, saved.mapping, language()),
        name=saved.name,
        wrong=wrong,
    )
