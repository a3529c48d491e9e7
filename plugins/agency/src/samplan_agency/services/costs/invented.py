"""Write invented lines to a tenant, as a delivery would have left them. For demos, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import sha256
from itertools import islice
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from samplan.plugin_api import OrgUnit, Sector, TenantSession
from samplan_agency.domain.invented import InventedLine
from samplan_agency.domain.keys import line_key
from samplan_agency.models import CostLine, Delivery, Supplier
from samplan_agency.services.costs.months import renew_months

SOURCE = "exempeldata"
_AT_ONCE = 5000
_FIELDS = tuple(each.name for each in fields(InventedLine))
_FILES: Mapping[str, str] = MappingProxyType(
    {
        "ledger": "huvudbok",
        "invoices": "reskontra",
        "budget": "budget",
        "staff": "egen-personal",
        "hours": "timmar",
    }
)


def write_invented(session: TenantSession, source: str, lines: Iterable[InventedLine]) -> UUID:
    """Write lines of the ledger or of invoices as one delivery; units and suppliers are there already.

    Returns the delivery's id.
    """
    delivery = invented_delivery(session, source)
    known = _Known(session)
    row, amount = 0, delivery.amount
    months = set()
    waiting = iter(lines)
    while part := list(islice(waiting, _AT_ONCE)):
        values = list(known.rows(part, delivery, row))
        session.execute(insert(CostLine), values)
        row += len(part)
        amount += sum((line.amount for line in part), amount * 0)
        months |= {line.work_month for line in part}
    delivery.rows = delivery.added = row
    delivery.amount = amount
    delivery.first_month, delivery.last_month = min(months, default=None), max(months, default=None)
    session.flush()
    renew_months(session, source, months)
    return delivery.id


def invented_delivery(session: TenantSession, kind: str) -> Delivery:
    """Return a delivery of a kind that is told as an example; its rows come with it."""
    number = (session.scalar(select(func.max(Delivery.number))) or 0) + 1
    name = _FILES[kind]
    delivery = Delivery(
        number=number,
        kind=kind,
        source=SOURCE,
        filename=f"{SOURCE}-{name}.csv",
        sha256=sha256(f"{SOURCE}/{number}".encode()).hexdigest(),
        state="read",
        read_at=func.now(),
    )
    session.add(delivery)
    session.flush()
    session.refresh(delivery)
    return delivery


class _Known:
    """The ids that codes stand for."""

    def __init__(self, session: TenantSession) -> None:
        self._units = _ids(session, OrgUnit)
        self._sectors = _ids(session, Sector)
        self._suppliers = _ids(session, Supplier)

    def rows(
        self, lines: Iterable[InventedLine], delivery: Delivery, before: int
    ) -> Iterator[dict[str, Any]]:
        """Yield the values of the table's rows."""
        for number, line in enumerate(lines, start=before + 1):
            values = {name: getattr(line, name) for name in _FIELDS}
            sector, supplier = values.pop("sector"), values.pop("supplier")
            yield values | {
                "tenant_id": delivery.tenant_id,
                "delivery_id": delivery.id,
                "source": delivery.kind,
                "line_key": line_key(f"{delivery.kind}|{values.pop('key')}"),
                "row_number": number,
                "unit_id": self._units.get(line.unit),
                "sector_id": self._sectors.get(sector),
                "supplier_id": self._suppliers.get(supplier),
            }


def _ids(session: TenantSession, kind: Any) -> Mapping[str, UUID]:
    return {row.code: row.id for row in session.scalars(select(kind))}
