"""Find what is wrong with what an input says of those who are hired."""

from collections.abc import Iterator

from samplan_rostering.domain.faults import Expected, Fault
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.ward import Contract, WardData, Wish

MOST_HIRED_MINUTES = 1000 * 60


def check_hired(ward: WardData) -> Iterator[Fault]:
    """Yield what is wrong with their suppliers, dates and hours; they have neither contracts nor wishes."""
    for index, employee in enumerate(ward.employees):
        if employee.hired:
            yield from _agreed(index, employee.hired)
    hired = ward.hired
    tables: tuple[tuple[str, tuple[Contract | Wish, ...]], ...] = (
        ("contract", ward.contracts),
        ("wish", ward.wishes),
    )
    for entity, rows in tables:
        for index, row in enumerate(rows):
            if row.employee in hired:
                yield Fault(entity, index, "employee", row.employee, Expected.OWN_STAFF)


def _agreed(index: int, hired: Hired) -> Iterator[Fault]:
    """Check what is agreed on with a supplier."""
    if not hired.supplier.strip():
        yield Fault("employee", index, "supplier", hired.supplier, Expected.CODE)
    first, last, most = hired.valid_from, hired.valid_to, hired.most_minutes
    if first is not None and last is not None and last < first:
        limit = {"earliest": first.isoformat()}
        yield Fault("employee", index, "hired_to", last.isoformat(), Expected.NOT_BEFORE, limit)
    if most is not None and not 1 <= most <= MOST_HIRED_MINUTES:
        limit = {"low": "1", "high": str(MOST_HIRED_MINUTES)}
        yield Fault("employee", index, "most_minutes", str(most), Expected.BETWEEN, limit)
