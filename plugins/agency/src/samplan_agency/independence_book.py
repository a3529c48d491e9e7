"""Plans for independence as a workbook: a row for each plan and month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from samplan.plugin_api import Cell, NumberFormat, TableColumn, _, show_month, write_table
from samplan_agency.queries.independence import Now

if TYPE_CHECKING:
    from samplan_agency.domain.independence import Interval, Way


def way_book(ways: Sequence[tuple[str, Way]], now: Now, created: datetime) -> bytes:
    """Return the workbook; amounts are SEK without VAT, the share is in per cent of own staff's cost."""
    names = [
        _("Share, per cent"),
        _("Hired hours"),
        _("Cost of hired staff"),
        _("Cost of own staff"),
        _("Saved, summed"),
    ]
    heads = [TableColumn(_("Plan"), width=30), TableColumn(_("Month"), NumberFormat.DATE, 12)]
    for name in names:
        heads += [TableColumn(f"{name} {part}", NumberFormat.DECIMAL, 16) for part in ("P10", "P50", "P90")]
    heads.append(TableColumn(_("Source"), width=60))
    source = source_of(now)
    rows: list[list[Cell]] = [
        [
            name,
            month.month,
            *_parts(month.share),
            *_parts(month.hired_hours),
            *_parts(month.hired_cost),
            *_parts(month.own_cost),
            *_parts(month.saved),
            source,
        ]
        for name, way in ways
        for month in way.months
    ]
    return write_table(_("Way to independence"), heads, rows, created=created)


def source_of(now: Now) -> str:
    """Return where the figures come from: period, file and vintage."""
    period = f"{show_month(now.months.first)} – {show_month(now.months.last)}"
    if now.delivery is None:
        return _("Mean of %(period)s by the ledger", period=period)
    return _(
        "Mean of %(period)s by the ledger, newest delivery %(number)s, %(file)s, %(date)s",
        period=period,
        number=now.delivery.number,
        file=now.delivery.filename,
        date=now.delivery.delivered_at.date().isoformat(),
    )


def _parts(of: Interval) -> list[Cell]:
    return [round(of.p10, 2), round(of.p50, 2), round(of.p90, 2)]
