"""The kinds of files that can be delivered, and who reads each: the registry that areas add theirs to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import NotFound, _
from samplan_agency.services.deliveries.read_budget import BUDGET_READER
from samplan_agency.services.deliveries.read_costs import INVOICE_READER, LEDGER_READER
from samplan_agency.services.deliveries.read_months import HOURS_READER, STAFF_READER
from samplan_agency.services.deliveries.read_prices import PRICE_READER
from samplan_agency.services.deliveries.read_time_reports import TIME_REPORT_READER
from samplan_agency.services.deliveries.reading import Reader

_ALL = (
    LEDGER_READER,
    INVOICE_READER,
    TIME_REPORT_READER,
    HOURS_READER,
    STAFF_READER,
    BUDGET_READER,
    PRICE_READER,
)
READERS: Mapping[str, Reader] = MappingProxyType({reader.kind: reader for reader in _ALL})


def reader_of(kind: str) -> Reader:
    """Return who reads a kind of files; raises `NotFound`."""
    if kind not in READERS:
        raise NotFound(_("There is no such kind of file."))
    return READERS[kind]
