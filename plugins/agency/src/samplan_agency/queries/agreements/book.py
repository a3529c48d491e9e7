"""Suppliers, agreements, their prices and zones; and the price book that costs are held against."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from samplan.plugin_api import TenantSession, _
from samplan_agency.domain.pricing import AgreedPrice, PriceBook, folded
from samplan_agency.models import Agreement, MunicipalityZone, Price, Supplier
from samplan_agency.queries.rows import get_row

_OWN_PRICE = (
    "id", "supplier_id", "level", "zone", "time_class", "per_hour", "valid_from", "valid_to", "source",
    "confirmed",
)  # fmt: skip
_OF_AGREEMENT = ("reference", "name", "valid_from", "valid_to", "confirmed")


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement with how much it holds; `unconfirmed` counts prices whose source is second-hand."""

    row: Agreement
    prices: int
    unconfirmed: int
    zones: int


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price, and the supplier that it is for; no name: all of the agreement's."""

    row: Price
    supplier: str | None


def agreement_lines(session: TenantSession) -> list[AgreementLine]:
    """Return the agreements, the newest first."""
    prices = {
        key: (count, unconfirmed)
        for key, count, unconfirmed in session.execute(
            select(
                Price.agreement_id, func.count(), func.count().filter(Price.confirmed.is_(False))
            ).group_by(Price.agreement_id)
        )
    }
    zones: dict[UUID, int] = dict(
        session.execute(
            select(MunicipalityZone.agreement_id, func.count()).group_by(MunicipalityZone.agreement_id)
        ).all()
    )
    rows = session.scalars(select(Agreement).order_by(Agreement.valid_from.desc(), Agreement.reference))
    return [AgreementLine(row, *prices.get(row.id, (0, 0)), zones.get(row.id, 0)) for row in rows]


def get_agreement(session: TenantSession, agreement_id: UUID, *, lock: bool = False) -> Agreement:
    """Return an agreement, as it is stored now; raises `NotFound`."""
    return get_row(session, Agreement, agreement_id, _("There is no such agreement."), lock=lock)


def get_supplier(session: TenantSession, supplier_id: UUID, *, lock: bool = False) -> Supplier:
    """Return a supplier, as it is stored now; raises `NotFound`."""
    return get_row(session, Supplier, supplier_id, _("There is no such supplier."), lock=lock)


def suppliers(session: TenantSession) -> Sequence[Supplier]:
    """Return the suppliers: those in use first, in the order of call-offs, then by name."""
    return session.scalars(
        select(Supplier).order_by(
            Supplier.active.desc(), Supplier.rank.nulls_last(), Supplier.name, Supplier.code
        )
    ).all()


def price_lines(session: TenantSession, agreement_id: UUID) -> list[PriceLine]:
    """Return the prices of an agreement, in the order of their level, time of day, zone and date."""
    rows = session.execute(
        select(Price, Supplier.name)
        .outerjoin(Supplier, Supplier.id == Price.supplier_id)
        .where(Price.agreement_id == agreement_id)
        .order_by(
            Price.level, Price.time_class, Supplier.name.nulls_first(), Price.zone, Price.valid_from, Price.id
        )
    )
    return [PriceLine(price, supplier) for price, supplier in rows]


def zone_lines(session: TenantSession, agreement_id: UUID) -> Sequence[MunicipalityZone]:
    """Return the zones of an agreement by municipality."""
    return session.scalars(
        select(MunicipalityZone)
        .where(MunicipalityZone.agreement_id == agreement_id)
        .order_by(MunicipalityZone.municipality, MunicipalityZone.municipality_code)
    ).all()


def price_book(
    session: TenantSession,
    first: date,
    last: date,
    names: Collection[str] | None = None,
    suppliers_only: Collection[UUID] | None = None,
) -> PriceBook:
    """Return the prices that hold on any of these dates, both inclusive, with the zones of municipalities.

    With `names` only those of these professional categories, as they are compared; with `suppliers_only`
    only what holds for one of these.
    """
    wanted = [
        *(table.valid_from <= last for table in (Price, Agreement)),
        *(or_(table.valid_to.is_(None), table.valid_to >= first) for table in (Price, Agreement)),
    ]
    if names is not None:
        same = {folded(name) for name in names}
        wanted.append(Price.level.in_([level for level in levels(session) if folded(level) in same]))
    if suppliers_only is not None:
        wanted.append(or_(Price.supplier_id.is_(None), Price.supplier_id.in_(suppliers_only)))
    columns = [getattr(Price, name) for name in _OWN_PRICE]
    of_agreement = [getattr(Agreement, name) for name in _OF_AGREEMENT]
    rows = session.execute(
        select(*columns, *of_agreement).join(Agreement, Agreement.id == Price.agreement_id).where(*wanted)
    )
    prices = [_agreed(row[: len(columns)], row[len(columns) :]) for row in rows]
    zones = session.execute(
        select(Agreement.reference, MunicipalityZone.municipality_code, MunicipalityZone.zone).join(
            Agreement, Agreement.id == MunicipalityZone.agreement_id
        )
    )
    return PriceBook(prices, {(reference, code): zone for reference, code, zone in zones})


def levels(session: TenantSession) -> Sequence[str]:
    """Return the professional categories that prices name."""
    return session.scalars(select(Price.level).distinct().order_by(Price.level)).all()


def municipalities(session: TenantSession) -> dict[str, str]:
    """Return the municipalities that have a zone: their names by code."""
    rows = session.execute(
        select(MunicipalityZone.municipality_code, MunicipalityZone.municipality).order_by(
            MunicipalityZone.municipality
        )
    )
    return dict(rows.all())


def _agreed(own: Sequence[Any], of_agreement: Sequence[Any]) -> AgreedPrice:
    """Return a price of the columns `_OWN_PRICE` and `_OF_AGREEMENT`: thousands are read at once."""
    key, supplier_id, level, zone, time_class, per_hour, begins, ends, source, confirmed = own
    reference, name, agreement_begins, agreement_ends, agreement_confirmed = of_agreement
    return AgreedPrice(
        id=key,
        agreement=reference,
        agreement_name=name,
        supplier_id=supplier_id,
        level=level,
        zone=zone,
        time_class=time_class,
        per_hour=per_hour,
        valid_from=max(begins, agreement_begins),
        valid_to=min((day for day in (ends, agreement_ends) if day is not None), default=None),
        source=source,
        confirmed=confirmed and agreement_confirmed,
    )
