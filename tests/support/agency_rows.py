"""Rows of the ledger and of invoices for tests: a small region, and lines that a test gives in few words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit, Sector
from samplan_agency.domain.keys import line_key
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.models import CostLine, Delivery, Supplier
from samplan_agency.services.costs.months import renew_months


class AgencyRows:
    """Fills a tenant: units, suppliers and sectors by code, and lines of one delivery a source."""

    def __init__(self, session: TenantSession) -> None:
        self.session = session
        self._deliveries: dict[str, Delivery] = {}
        self._known: dict[tuple[Any, str], UUID] = {}
        self._count = 0
        self._months: dict[str, set[date]] = {}
        self._came: dict[str, datetime] = {}

    def unit(self, code: str, kind: str = "clinic", parent: str | None = None) -> UUID:
        """Return the unit of a code; added below the parent (or the region `R`) where it is not there."""
        known = self._find(OrgUnit, code)
        if known is None:
            above = None if kind == "region" else self.unit(parent or "R", "division" if parent else "region")
            row = OrgUnit(kind=kind, code=code, name=f"Enhet {code}", parent_id=above)
            known = self._add(row)
        return known

    def sector(self, code: str) -> UUID:
        """Return the sector of a code, added where it is not there."""
        return self._find(Sector, code) or self._add(Sector(code=code, name=code.title()))

    def supplier(self, code: str) -> UUID:
        """Return the supplier of a code, added where it is not there."""
        return self._find(Supplier, code) or self._add(Supplier(code=code, name=f"Exempel {code} AB"))

    def line(
        self,
        month: date,
        amount: float | str | Decimal,
        hours: float | None = None,
        *,
        kind: str = "hired",
        unit: str = "R",
        category: str | None = "nurse",
        sector: str | None = "somatik",
        supplier: str | None = None,
        source: str = "ledger",
        **more: Any,
    ) -> CostLine:
        """Add a line in force; `finish` makes pages see it."""
        self._count += 1
        delivery = self.delivery(source)
        usual = {
            "line_key": line_key(f"T{self._count}"),
            "row_number": self._count,
            "account": {"hired": "4600", "own": "4100"}.get(kind, "6000"),
            "booked_month": month,
            "unit_id": self.unit(unit, "region" if unit == "R" else "clinic"),
            "sector_id": self.sector(sector) if sector else None,
            "supplier_id": self.supplier(supplier) if supplier else None,
            "hours": None if hours is None else Decimal(str(hours)),
        }
        row = CostLine(
            delivery_id=delivery.id,
            source=source,
            kind=kind,
            unit=unit,
            work_month=month,
            category=category,
            amount=Decimal(str(amount)),
            **(usual | more),
        )
        self.session.add(row)
        self._count_in(row)
        return row

    def _count_in(self, row: CostLine) -> None:
        delivery = self.delivery(row.source)
        delivery.rows += 1
        delivery.amount += row.amount
        self._months.setdefault(row.source, set()).add(row.work_month)
        booked = datetime.combine(row.booked_month, time(), UTC)
        self._came[row.source] = max(booked, self._came.get(row.source, booked))

    def delivery(self, source: str = "ledger") -> Delivery:
        """Return the delivery that this source's lines come with: the one that is there, or a new one."""
        if source in self._deliveries:
            return self._deliveries[source]
        known = self.session.scalar(select(Delivery).where(Delivery.kind == source).limit(1))
        if known is not None:
            self._deliveries[source] = known
        else:
            row = Delivery(
                number=len(self._deliveries) + 1,
                kind=source,
                source="prov",
                filename=f"prov-{source}.csv",
                sha256=f"{len(self._deliveries):064d}",
                state="read",
                rows=0,
                amount=Decimal(0),
            )
            self._add(row)
            self._deliveries[source] = row
        return self._deliveries[source]

    def finish(self) -> None:
        """Sum the lines to what pages read."""
        for source, months in self._months.items():
            delivery = self.delivery(source)
            delivery.first_month, delivery.last_month = min(months), max(months)
            delivery.delivered_at = max(delivery.delivered_at, self._came[source])
            self.session.flush()
            renew_months(self.session, source, months)

    def _find(self, kind: Any, code: str) -> UUID | None:
        if (kind, code) not in self._known:  # asked once: a region of a test has lines by the hundred
            found = self.session.scalar(select(kind.id).where(kind.code == code))
            if found is None:
                return None
            self._known[kind, code] = found
        return self._known[kind, code]

    def _add(self, row: Any) -> UUID:
        self.session.add(row)
        self.session.flush()
        row_id: UUID = row.id
        return row_id


LAGS = (40, 40, 20)
"""Thousands that a month's work of a clinic costs, by the months until they are booked."""


def late_invoices(session: TenantSession, last: date) -> None:
    """Add a year's work of two clinics of a division to a month, booked up to it; the second costs half."""
    rows = AgencyRows(session)
    rows.unit("K1", parent="D1")
    rows.unit("K2", parent="D1")
    for month in Months.rolling(last):
        for lag, amount in enumerate(LAGS):
            at = plus_months(month, lag)
            if at <= last:
                rows.line(month, 1000 * amount, unit="K1", booked_month=at)
                rows.line(month, 500 * amount, unit="K2", category="physician", booked_month=at)
    rows.finish()
