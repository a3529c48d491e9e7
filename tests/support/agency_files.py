"""Deliveries of hired staff's costs in tests: a tenant with accounts and units, and files read in."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from samplan.db.session import TenantSession
from samplan.imports.faults import Fault
from samplan.imports.mapping import ColumnMapping, guess_mapping
from samplan.organisation.models import OrgUnit, Sector
from samplan_agency.models import Account, Delivery
from samplan_agency.services.deliveries.readers import reader_of
from samplan_agency.services.deliveries.steps import (
    Said,
    check_delivery,
    deliver,
    opened,
    read_delivery,
    set_mapping,
)

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
LEDGER_HEAD = "VERNR;VERRAD;VERDATUM;HDATUM_ID;KONTO_ID;KST_ID;YRKE_ID;LEVID_ID;UTFALL_V;TIMMAR_V;RADTEXT"

FIRST = f"""{LEDGER_HEAD}
1001;1;2027-02-03;20270115;4471;0123;Läk;L1;1 234,50;129:25;Jour
1001;2;2027-02-03;;4472;0999;;L1;500,00-;;
"""


def fill_reference(session: TenantSession) -> None:
    """Add a region, a unit, a sector and three accounts."""
    region = OrgUnit(kind="region", code="R", name="Regionen")
    somatic = Sector(code="SOM", name="Somatisk vård")
    session.add_all([region, somatic])
    session.flush()
    session.add(OrgUnit(kind="ward", code="0123", name="Avdelning 1", parent_id=region.id))
    session.add_all(
        [
            Account(
                code="4471", name="Inhyrda läkare", kind="hired", category="physician", sector_id=somatic.id
            ),
            Account(code="4472", name="Inhyrda sjuksköterskor", kind="hired", category="nurse"),
            Account(code="5011", name="Löner", kind="own", category="nurse"),
        ]
    )
    session.flush()


def said(kind: str = "ledger", **more: Any) -> Said:
    """Return what is said of a file."""
    return Said(**{"kind": kind, "source": "Raindance", "filename": "fil.csv", **more})


def checked(
    session: TenantSession,
    content: bytes | str,
    about: Said,
    headings: dict[str, str] | None = None,
    **values: dict[str, str],
) -> Delivery:
    """Deliver a file, map it by its headings and by `headings` (of fields), and check it.

    `values` are meanings of codes by field.
    """
    data = content.encode() if isinstance(content, str) else content
    delivery = deliver(session, about, BytesIO(data))
    spec = reader_of(about.kind).spec(session)
    mapping = guess_mapping(spec, opened(session, delivery).source)
    set_mapping(
        session, delivery, ColumnMapping(mapping.columns | (headings or {}), values, mapping.constants)
    )
    check_delivery(session, delivery)
    return delivery


def read_in(
    session: TenantSession, content: bytes | str, about: Said | None = None, **values: Any
) -> Delivery:
    """Deliver, check and read in a file without faults."""
    delivery = checked(session, content, about or said(), **values)
    assert delivery.state == "checked", faults_of(delivery)
    assert read_delivery(session, delivery, NOW)
    return delivery


def faults_of(delivery: Delivery) -> list[tuple[str, int | None, str, str]]:
    """Return code, row, heading and value of each fault."""
    found = map(Fault.unpacked, delivery.faults)
    return [(fault.code, fault.row, fault.heading, fault.value) for fault in found]
