"""Golden files: each quirk of the files that systems write, and each kind of bad input.

Beside each file stands what it becomes: `kind` and what is `said` of it, headings that are mapped by hand
(`map`), and `lines` (what is stored, by row), `faults` (code, row, heading and value; nothing
is stored) or `unreadable` (code and row of the fault at once). `forget` must not stand in what is kept of it.
"""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from agency_files import NOW, checked, faults_of, fill_reference, said
from samplan.db.session import TenantSession
from samplan.imports.faults import ImportFaults
from samplan.organisation.models import OrgUnit
from samplan_agency.models import (
    Agreement,
    BudgetLine,
    CostLine,
    Delivery,
    HoursMonth,
    Price,
    StaffMonth,
    Supplier,
    TimeReport,
)
from samplan_agency.services.deliveries.readers import READERS
from samplan_agency.services.deliveries.steps import deliver, read_delivery

FOLDER = Path(__file__).parent / "golden"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".csv", ".xlsx"})
STORED: dict[str, Any] = {
    "ledger": CostLine,
    "invoices": CostLine,
    "hours": HoursMonth,
    "staff": StaffMonth,
    "budget": BudgetLine,
    "time_reports": TimeReport,
    "prices": Price,
}
RIGHT = {
    "ledger": "utf-8.csv",
    "invoices": "invoices.csv",
    "time_reports": "time-reports.csv",
    "hours": "hours.csv",
    "staff": "staff.csv",
    "budget": "budget-of-a-system.csv",
    "prices": "prices.csv",
}
"""A file of each kind that is right."""


@pytest.fixture
def session(tenant_session: TenantSession) -> TenantSession:
    fill_reference(tenant_session)
    region = tenant_session.scalars(select(OrgUnit.id).where(OrgUnit.kind == "region")).one()
    tenant_session.add(OrgUnit(kind="division", code="MED", name="Medicin", parent_id=region))
    tenant_session.add(Supplier(code="L1", name="Exempel Bemanning AB"))
    tenant_session.add(
        Agreement(reference="D-1", name="Provavtalet", valid_from=date(2027, 1, 1), source="prov")
    )
    tenant_session.flush()
    return tenant_session


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_becomes_what_stands_beside_it(session: TenantSession, path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    model = STORED[expected["kind"]]
    months = {end: date.fromisoformat(month) for end, month in expected.get("said", {}).items()}
    about, content = said(expected["kind"], filename=path.name, **months), path.read_bytes()
    if "unreadable" in expected:
        with pytest.raises(ImportFaults) as refused:
            deliver(session, about, BytesIO(content))
        [fault] = refused.value.faults
        assert [fault.code, fault.row] == expected["unreadable"]
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        return

    delivery = checked(session, content, about, headings=expected.get("map", {}))
    found = sorted(faults_of(delivery), key=lambda fault: (fault[1] or 0, fault[2], fault[0]))
    assert [list(fault) for fault in found] == expected.get("faults", [])
    if "faults" in expected:
        assert (delivery.state, session.scalar(select(func.count()).select_from(model))) == ("refused", 0)
        kept = f"{delivery.faults} {delivery.mapping} {delivery.summary}"
        assert not [text for text in expected.get("forget", ()) if text in kept or delivery.content]
        return

    assert read_delivery(session, delivery, NOW)
    rows = session.scalars(select(model).order_by(getattr(model, "row_number", model.id))).all()
    assert [told(row, line) for row, line in zip(rows, expected["lines"], strict=True)] == expected["lines"]
    assert delivery.summary["sum_rows"] == expected.get("sums", 0)
    again = checked(session, content, about, headings=expected.get("map", {}))
    assert (again.added, again.replaced, again.removed, again.unchanged) == (0, 0, 0, len(rows))


@pytest.mark.parametrize("kind", READERS)
def test_a_date_far_ahead_is_refused_in_every_kind_of_file(session: TenantSession, kind: str) -> None:
    """A slip of the pen: 2072 for 2027, in a file that is read in as it stands else."""
    good = (FOLDER / RIGHT[kind]).read_bytes()
    assert checked(session, good, said(kind)).state == "checked"

    slip = checked(session, good.replace(b"2027", b"2072"), said(kind))

    assert {fault[0] for fault in faults_of(slip)} == {"far_future"}


def told(row: Any, names: dict[str, Any]) -> dict[str, str | None]:
    """Return these fields of a row, as they stand in the expectation."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> str | None:
    return None if value is None else str(value)
