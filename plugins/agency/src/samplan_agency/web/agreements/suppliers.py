"""The page of a supplier."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, _, current_core, current_session, requires
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements.book import get_supplier
from samplan_agency.services.agreements import edit as service
from samplan_agency.web.agreements.forms import SupplierForm
from samplan_agency.web.blueprint import blueprint

Answer = Response | tuple[str, int]


@blueprint.get("/suppliers/new")
@requires(Allow.WRITE_REFERENCE)
def new_supplier() -> str:
    """Show the form of a new supplier."""
    return render_template("agency/supplier.html", form=SupplierForm(formdata=None), supplier=None, fault="")


@blueprint.post("/suppliers/new")
@requires(Allow.WRITE_REFERENCE)
def add_supplier() -> Answer:
    """Add a supplier."""
    form = SupplierForm()
    if form.validate_on_submit():
        try:
            service.add_supplier(current_session(), form.values())
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The supplier has been added."), "success")
            return redirect(url_for("agency.agreements"), 303)
    return render_template("agency/supplier.html", form=form, supplier=None, fault=""), 422


@blueprint.get("/suppliers/<uuid:supplier_id>")
@requires(Allow.WRITE_REFERENCE)
def supplier(supplier_id: UUID) -> str:
    """Show a supplier, to be changed."""
    return _page(supplier_id)


@blueprint.post("/suppliers/<uuid:supplier_id>")
@requires(Allow.WRITE_REFERENCE)
def change_supplier(supplier_id: UUID) -> Answer:
    """Change a supplier."""
    form = SupplierForm()
    get_supplier(current_session(), supplier_id)
    if not form.validate_on_submit():
        return _page(supplier_id, form), 422
    now = current_core().clock.now()
    try:
        service.change_supplier(current_session(), supplier_id, form.values(), version=form.number, now=now)
    except Invalid as error:
        form.show(error)
        return _page(supplier_id, form), 422
    except Conflict as error:
        return _page(supplier_id, fault=str(error)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("agency.agreements"), 303)


def _page(supplier_id: UUID, form: SupplierForm | None = None, fault: str = "") -> str:
    row = get_supplier(current_session(), supplier_id)
    if form is None:
        values = {name: getattr(row, name) for name in service.SUPPLIER_FIELDS}
        form = SupplierForm(formdata=None, version=str(row.version), **values)
    return render_template("agency/supplier.html", form=form, supplier=row, fault=fault)
