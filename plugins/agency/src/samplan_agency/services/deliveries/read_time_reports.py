"""Read time reports: a shift by supplier, call-off, consultant, date and beginning."""

from __future__ import annotations

from collections.abc import Sequence

from samplan.plugin_api import Refusal, Shape, SheetSpec, StagedFile, TenantSession, _l
from samplan_agency.files.time_reports import TIME_REPORTS
from samplan_agency.models import Delivery
from samplan_agency.permissions import Allow
from samplan_agency.services.deliveries.reading import (
    Reader,
    month_sql,
    person_named,
    supplier_unknown,
    wrong_dates,
)
from samplan_agency.services.deliveries.vintage_table import VintageTable, key_sql

_KEY = ("s.id", "t.order_reference", "t.consultant", "t.work_date", "t.begins")
_MINUTES = "extract(epoch FROM t.ends - t.begins)::int / 60"
# A shift that ends when it begins, or before, ends the day after.
_LENGTH = f"({_MINUTES} + CASE WHEN t.ends <= t.begins THEN 1440 ELSE 0 END - coalesce(t.break_minutes, 0))"
_TABLE = VintageTable(
    "time_report",
    {
        "supplier_id": "t.supplier_id",
        "order_reference": "coalesce(t.order_reference, '')",
        "consultant": "coalesce(t.consultant, '')",
        "unit_id": "t.unit_id",
        "work_date": "t.work_date",
        "begins": "t.begins",
        "ends": "t.ends",
        "break_minutes": "coalesce(t.break_minutes, 0)",
        "hours": "t.worked",
    },
    month="date_trunc('month', h.work_date)::date",
    name_of="concat_ws(' · ', r.work_date, to_char(r.begins, 'HH24:MI'), NULLIF(r.order_reference, ''))",
    figure="hours",
    field="work_date",
    twice=lambda row: _l("The same shift stands in row %(row)s already.", row=row),
)


def _spec(_session: TenantSession) -> SheetSpec:
    return TIME_REPORTS


def _shape(_fields: frozenset[str]) -> Shape:
    return Shape(
        hours=frozenset({"hours"}),
        codes=frozenset({"supplier", "order_reference", "unit"}),
        joins="LEFT JOIN core.org_unit u ON u.code = t.unit"
        " LEFT JOIN agency.supplier s ON s.code = t.supplier",
        extra={
            "line_key": key_sql(*_KEY),
            "unit_id": "u.id",
            "supplier_id": "s.id",
            "work_month": month_sql("t.work_date"),
            "worked": f"round(coalesce(t.hours, {_LENGTH} / 60.0), 2)",
        },
    )


def _refusals(_staged: StagedFile, delivery: Delivery) -> Sequence[Refusal]:
    return (
        supplier_unknown(),
        Refusal(
            "unit",
            "t.unit IS NOT NULL AND t.unit_id IS NULL",
            "unknown_unit",
            _l("There is no unit with this code."),
            _l("a code of the organisation"),
        ),
        person_named(),
        Refusal(
            "work_date",
            "t.order_reference IS NULL AND t.consultant IS NULL",
            "nobody",
            _l("Neither call-off nor consultant is told."),
            _l("one of them"),
        ),
        Refusal(
            "work_date",
            "t.wrong = 0 AND (t.worked IS NULL OR t.worked NOT BETWEEN 0.01 AND 24)",
            "hours",
            _l("The hours cannot be told."),
            _l("hours, or when it begins and ends"),
        ),
        *wrong_dates(delivery, "work_date"),
    )


TIME_REPORT_READER = Reader(
    kind="time_reports",
    label=_l("Time reports"),
    by=_l("Unit"),
    figure=_l("Hours"),
    permission=Allow.CONTROL_INVOICE,
    spec=_spec,
    shape=_shape,
    refusals=_refusals,
    check=_TABLE.check,
    count=_TABLE.count,
    read=_TABLE.read,
)
