"""Suppliers, agreements, prices and zones: added and changed, each change in the audit trail.

An agreement's version counts the changes of its prices and zones too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import (
    Invalid,
    NotFound,
    TenantSession,
    _,
    holds_identity_number,
    record,
)
from samplan_agency.models import Agreement, MunicipalityZone, Price, Supplier
from samplan_agency.queries.agreements.book import get_agreement, get_supplier
from samplan_agency.services.versions import expect_version

Values = Mapping[str, Any]
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
SUPPLIER_FIELDS = ("code", "name", "organisation_number", "email", "rank", "active")
AGREEMENT_FIELDS = ("reference", "name", "valid_from", "valid_to", "source", "confirmed")
PRICE_KEY = ("agreement_id", "supplier_id", "level", "zone", "time_class", "valid_from")
PRICE_FIELDS = ("category", "per_hour", "valid_to", "source", "confirmed")


def add_supplier(session: TenantSession, values: Values) -> Supplier:
    """Add a supplier; raises `Invalid` for a code that is taken."""
    _check_supplier(session, values, None)
    row = Supplier(**{name: values[name] for name in SUPPLIER_FIELDS})
    session.add(row)
    session.flush()
    record(session, "supplier.added", "agency.supplier", row.id, after=told(row, SUPPLIER_FIELDS))
    return row


def change_supplier(
    session: TenantSession, supplier_id: UUID, values: Values, *, version: int, now: datetime
) -> Supplier:
    """Change a supplier; raises `NotFound`, `Conflict` where it is newer than `version`, and `Invalid`."""
    row = get_supplier(session, supplier_id, lock=True)
    expect_version(row.version, version)
    _check_supplier(session, values, row.id)
    if changed := _set(row, values, SUPPLIER_FIELDS, now):
        before, after = changed
        record(session, "supplier.changed", "agency.supplier", row.id, before=before, after=after)
    return row


def add_agreement(session: TenantSession, values: Values) -> Agreement:
    """Add an agreement; raises `Invalid` for a reference that is taken or dates in the wrong order."""
    _check_agreement(session, values, None)
    row = Agreement(**{name: values[name] for name in AGREEMENT_FIELDS})
    session.add(row)
    session.flush()
    record(session, "agreement.added", "agency.agreement", row.id, after=told(row, AGREEMENT_FIELDS))
    return row


def change_agreement(
    session: TenantSession, agreement_id: UUID, values: Values, *, version: int, now: datetime
) -> Agreement:
    """Change an agreement; raises `NotFound`, `Conflict` where it is newer than `version`, and `Invalid`."""
    row = get_agreement(session, agreement_id, lock=True)
    expect_version(row.version, version)
    _check_agreement(session, values, row.id)
    if changed := _set(row, values, AGREEMENT_FIELDS, now):
        before, after = changed
        record(session, "agreement.changed", "agency.agreement", row.id, before=before, after=after)
    return row


def set_price(
    session: TenantSession,
    agreement: Agreement,
    values: Values,
    now: datetime,
    *,
    delivery_id: UUID | None = None,
) -> Price:
    """Set what an hour costs from a date on, as a delivered file or a form says; that of the date is changed.

    Raises `Invalid` for dates in the wrong order, and `NotFound` for a supplier that there is not.
    """
    _check_dates(values)
    if values["supplier_id"] is not None:
        get_supplier(session, values["supplier_id"])
    row = find_price(session, agreement.id, values)
    if row is None:
        row = Price(
            agreement_id=agreement.id, **{name: values[name] for name in (*PRICE_KEY[1:], *PRICE_FIELDS)}
        )
        session.add(row)
        session.flush()
        fields = (*PRICE_KEY[1:], *PRICE_FIELDS)
        record(session, "price.added", "agency.price", row.id, after=told(row, fields))
    elif (before := told(row, PRICE_FIELDS)) != (after := plain(values, PRICE_FIELDS)):
        for name in PRICE_FIELDS:
            setattr(row, name, values[name])
        record(session, "price.changed", "agency.price", row.id, before=before, after=after)
    else:
        return row
    row.delivery_id = delivery_id
    _touch(agreement, now)
    return row


def find_price(session: TenantSession, agreement_id: UUID, values: Values) -> Price | None:
    """Return the price of an agreement with the same supplier, level, zone, time of day and first date."""
    same = (getattr(Price, name).is_not_distinct_from(values[name]) for name in PRICE_KEY[1:])
    return session.scalar(select(Price).where(Price.agreement_id == agreement_id, *same))


def remove_price(session: TenantSession, agreement: Agreement, price_id: UUID, now: datetime) -> None:
    """Take a price away; raises `NotFound`."""
    row = session.scalar(select(Price).where(Price.agreement_id == agreement.id, Price.id == price_id))
    if row is None:
        raise NotFound(_("There is no such price."))
    fields = (*PRICE_KEY[1:], *PRICE_FIELDS)
    record(session, "price.removed", "agency.price", row.id, before=told(row, fields))
    session.delete(row)
    _touch(agreement, now)


def set_zone(session: TenantSession, agreement: Agreement, values: Values, now: datetime) -> MunicipalityZone:
    """Set the price zone of a municipality by an agreement."""
    code, fields = values["municipality_code"], ("municipality", "zone")
    row = session.scalar(
        select(MunicipalityZone).where(
            MunicipalityZone.agreement_id == agreement.id, MunicipalityZone.municipality_code == code
        )
    )
    before = None if row is None else told(row, fields)
    after = plain(values, fields)
    if row is None:
        row = MunicipalityZone(agreement_id=agreement.id, municipality_code=code, **after)
        session.add(row)
    elif before != after:
        row.municipality, row.zone = values["municipality"], values["zone"]
    else:
        return row
    session.flush()
    record(session, "zone.set", "agency.municipality_zone", code, before=before, after=after)
    _touch(agreement, now)
    return row


def remove_zone(session: TenantSession, agreement: Agreement, zone_id: UUID, now: datetime) -> None:
    """Take the zone of a municipality away; raises `NotFound`."""
    row = session.scalar(
        select(MunicipalityZone).where(
            MunicipalityZone.agreement_id == agreement.id, MunicipalityZone.id == zone_id
        )
    )
    if row is None:
        raise NotFound(_("There is no such zone."))
    before = told(row, ("municipality", "zone"))
    record(session, "zone.removed", "agency.municipality_zone", row.municipality_code, before=before)
    session.delete(row)
    _touch(agreement, now)


def told(row: object, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return fields of a row as the audit trail keeps them."""
    return plain({name: getattr(row, name) for name in fields}, fields)


def plain(values: Values, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return fields as the audit trail keeps them."""
    return {name: _plain(values[name]) for name in fields}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if value is None or isinstance(value, bool | int) else str(value)


def _touch(agreement: Agreement, now: datetime) -> None:
    agreement.version += 1
    agreement.updated_at = now


def _set(
    row: Agreement | Supplier, values: Values, fields: tuple[str, ...], now: datetime
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Set fields of a row; return them as they were and as they are now, None where nothing changed."""
    before, after = told(row, fields), plain(values, fields)
    if before == after:
        return None
    for name in fields:
        setattr(row, name, values[name])
    row.version += 1
    row.updated_at = now
    return before, after


def _check_supplier(session: TenantSession, values: Values, own_id: UUID | None) -> None:
    refuse_identity_numbers(values, ("code", "name", "organisation_number"))
    taken = session.scalar(select(Supplier.id).where(Supplier.code == values["code"]))
    if taken not in {None, own_id}:
        message = _("There is a supplier with this code already.")
        raise Invalid(message, {"code": [message]})


def _check_agreement(session: TenantSession, values: Values, own_id: UUID | None) -> None:
    _check_dates(values)
    taken = session.scalar(select(Agreement.id).where(Agreement.reference == values["reference"]))
    if taken not in {None, own_id}:
        message = _("There is an agreement with this reference already.")
        raise Invalid(message, {"reference": [message]})


def _check_dates(values: Values) -> None:
    last: date | None = values["valid_to"]
    if last is not None and last < values["valid_from"]:
        message = _("The last date is before the first.")
        raise Invalid(message, {"valid_to": [message]})


def refuse_identity_numbers(values: Values, fields: tuple[str, ...]) -> None:
    """Raise `Invalid` for a field that holds what looks like a personal identity number.

    An organisation number may be a person's: a sole trader's is refused like any other.
    """
    for name in fields:
        if values[name] and holds_identity_number(values[name]):
            message = _("This looks like a personal identity number. It must not be stored here.")
            raise Invalid(message, {name: [message]})
