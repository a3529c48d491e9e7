"""The pages of framework agreements: which there are, their prices and the zones of municipalities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    PageForm,
    Text,
    VersionForm,
    _,
    _l,
    current_core,
    current_session,
    option,
    requires,
)
from samplan_agency.models import Agreement, Price
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements import book as queries
from samplan_agency.services.agreements import edit as service
from samplan_agency.services.versions import expect_version
from samplan_agency.web.agreements.forms import AgreementForm, PriceChangeForm, PriceForm, ZoneForm
from samplan_agency.web.blueprint import blueprint

Answer = Response | tuple[str, int]
PRICE, ZONE = "price-", "zone-"
"""What the fields of the page's forms begin with, which would be called alike otherwise."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Prices of one level and time of day from one date on, by zone."""

    level: str
    category: str
    time_class: str
    supplier: str | None
    valid_from: date
    valid_to: date | None
    confirmed: bool
    source: str
    by_zone: dict[int, Price] = field(default_factory=dict)


@blueprint.get("/agreements")
@requires(Allow.READ)
def agreements() -> str:
    """Show the agreements and the suppliers."""
    session = current_session()
    return render_template(
        "agency/agreements.html",
        lines=queries.agreement_lines(session),
        suppliers=queries.suppliers(session),
    )


@blueprint.get("/agreements/new")
@requires(Allow.WRITE_REFERENCE)
def new_agreement() -> str:
    """Show the form of a new agreement."""
    return render_template("agency/agreement_new.html", form=AgreementForm(formdata=None))


@blueprint.post("/agreements/new")
@requires(Allow.WRITE_REFERENCE)
def add_agreement() -> Answer:
    """Add an agreement."""
    form = AgreementForm()
    if form.validate_on_submit():
        try:
            row = service.add_agreement(current_session(), form.values())
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The agreement has been added. Add its prices and zones."), "success")
            return redirect(url_for("agency.agreement", agreement_id=row.id), 303)
    return render_template("agency/agreement_new.html", form=form), 422


@blueprint.get("/agreements/<uuid:agreement_id>")
@requires(Allow.READ)
def agreement(agreement_id: UUID) -> str:
    """Show an agreement with its prices and zones."""
    return _page(agreement_id)


@blueprint.post("/agreements/<uuid:agreement_id>")
@requires(Allow.WRITE_REFERENCE)
def change_agreement(agreement_id: UUID) -> Answer:
    """Change an agreement's name, dates and source."""
    form = AgreementForm()

    def change(row: Agreement) -> None:
        now = current_core().clock.now()
        service.change_agreement(current_session(), row.id, form.values(), version=form.number, now=now)

    return _made(agreement_id, form, change, "form")


@blueprint.post("/agreements/<uuid:agreement_id>/prices")
@requires(Allow.WRITE_REFERENCE)
def add_price(agreement_id: UUID) -> Answer:
    """Set what an hour costs from a date on."""
    form = PriceForm(prefix=PRICE)
    _offer(form)

    def change(row: Agreement) -> None:
        expect_version(row.version, form.number)
        service.set_price(current_session(), row, form.values(), current_core().clock.now())

    return _made(agreement_id, form, change, "price_form")


@blueprint.post("/agreements/<uuid:agreement_id>/zones")
@requires(Allow.WRITE_REFERENCE)
def set_zone(agreement_id: UUID) -> Answer:
    """Set the price zone of a municipality."""
    form = ZoneForm(prefix=ZONE)

    def change(row: Agreement) -> None:
        expect_version(row.version, form.number)
        service.set_zone(current_session(), row, form.values(), current_core().clock.now())

    return _made(agreement_id, form, change, "zone_form")


@blueprint.post("/agreements/<uuid:agreement_id>/zones/<uuid:zone_id>/remove")
@requires(Allow.WRITE_REFERENCE)
def remove_zone(agreement_id: UUID, zone_id: UUID) -> Answer:
    """Take the zone of a municipality away."""
    form = VersionForm()

    def change(row: Agreement) -> None:
        expect_version(row.version, form.number)
        service.remove_zone(current_session(), row, zone_id, current_core().clock.now())

    return _made(agreement_id, form, change, "zone_form", _l("Removed."))


@blueprint.get("/agreements/<uuid:agreement_id>/prices/<uuid:price_id>")
@requires(Allow.WRITE_REFERENCE)
def price(agreement_id: UUID, price_id: UUID) -> str:
    """Show a price, to be changed or removed."""
    return _price_page(agreement_id, price_id)


@blueprint.post("/agreements/<uuid:agreement_id>/prices/<uuid:price_id>")
@requires(Allow.WRITE_REFERENCE)
def change_price(agreement_id: UUID, price_id: UUID) -> Answer:
    """Change what an hour costs."""
    form, session = PriceChangeForm(), current_session()
    found = _price(agreement_id, price_id)
    if not form.validate_on_submit():
        return _price_page(agreement_id, price_id, form), 422
    names = ("level", "category", "zone", "time_class", "supplier_id")
    values = {name: getattr(found, name) for name in names} | form.dated() | {"per_hour": form.per_hour.data}
    row = queries.get_agreement(session, agreement_id, lock=True)
    now = current_core().clock.now()
    try:
        expect_version(row.version, form.number)
        if values["valid_from"] != found.valid_from:
            service.remove_price(session, row, price_id, now)
        service.set_price(session, row, values, now)
    except Invalid as error:
        form.show(error)
        return _price_page(agreement_id, price_id, form), 422
    except Conflict as error:
        return _price_page(agreement_id, price_id, fault=str(error)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("agency.agreement", agreement_id=agreement_id), 303)


@blueprint.post("/agreements/<uuid:agreement_id>/prices/<uuid:price_id>/remove")
@requires(Allow.WRITE_REFERENCE)
def remove_price(agreement_id: UUID, price_id: UUID) -> Answer:
    """Take a price away."""
    form, session = VersionForm(), current_session()
    row = queries.get_agreement(session, agreement_id, lock=True)
    try:
        expect_version(row.version, form.number)
        service.remove_price(session, row, price_id, current_core().clock.now())
    except Conflict as error:
        return _price_page(agreement_id, price_id, fault=str(error)), 409
    flash(_("Removed."), "success")
    return redirect(url_for("agency.agreement", agreement_id=agreement_id), 303)


def price_rows(lines: list[queries.PriceLine]) -> list[PriceRow]:
    """Return prices with the zones beside each other."""
    rows: dict[tuple[Any, ...], PriceRow] = {}
    for line in lines:
        row = line.row
        names = ("level", "category", "time_class", "valid_from", "valid_to", "confirmed", "source")
        values = {name: getattr(row, name) for name in names}
        place = (*values.values(), row.supplier_id)
        rows.setdefault(place, PriceRow(supplier=line.supplier, **values)).by_zone[row.zone] = row
    return list(rows.values())


def _made(
    agreement_id: UUID, form: VersionForm, change: Callable[[Agreement], None], name: str, done: Text = ""
) -> Answer:
    """Make a change that a valid form asks for, or show the page with what is wrong."""
    row = queries.get_agreement(current_session(), agreement_id, lock=True)
    if not form.validate_on_submit():
        return _page(agreement_id, **{name: form}), 422
    try:
        change(row)
    except Invalid as error:
        form.show(error)
        return _page(agreement_id, **{name: form}), 422
    except Conflict as error:
        return _page(agreement_id, fault=str(error)), 409
    flash(str(done) or _("Saved."), "success")
    return redirect(url_for("agency.agreement", agreement_id=agreement_id), 303)


def _page(agreement_id: UUID, *, fault: str = "", **sent: PageForm) -> str:
    session = current_session()
    row = queries.get_agreement(session, agreement_id)
    version = str(row.version)
    own = {name: getattr(row, name) for name in service.AGREEMENT_FIELDS}
    price_form = sent.get("price_form") or PriceForm(
        formdata=None, prefix=PRICE, version=version, source=row.source
    )
    _offer(price_form)
    return render_template(
        "agency/agreement.html",
        agreement=row,
        prices=price_rows(queries.price_lines(session, agreement_id)),
        zones=queries.zone_lines(session, agreement_id),
        form=sent.get("form") or AgreementForm(formdata=None, version=version, **own),
        price_form=price_form,
        zone_form=sent.get("zone_form") or ZoneForm(formdata=None, prefix=ZONE, version=version),
        fault=fault,
    )


def _offer(form: PageForm) -> None:
    everybody = option(None, _("All suppliers of the agreement"))
    named = [option(row.id, row.name) for row in queries.suppliers(current_session())]
    form["supplier_id"].choices = [everybody, *named]


def _price(agreement_id: UUID, price_id: UUID) -> Price:
    lines = queries.price_lines(current_session(), agreement_id)
    found = next((line.row for line in lines if line.row.id == price_id), None)
    if found is None:
        raise NotFound(_("There is no such price."))
    return found


def _price_page(
    agreement_id: UUID, price_id: UUID, form: PriceChangeForm | None = None, fault: str = ""
) -> str:
    session = current_session()
    row, found = queries.get_agreement(session, agreement_id), _price(agreement_id, price_id)
    if form is None:
        names = ("per_hour", "valid_from", "valid_to", "source", "confirmed")
        values = {name: getattr(found, name) for name in names}
        form = PriceChangeForm(formdata=None, version=str(row.version), **values)
    supplier = queries.get_supplier(session, found.supplier_id) if found.supplier_id else None
    return render_template(
        "agency/price.html", agreement=row, price=found, supplier=supplier, form=form, fault=fault
    )
