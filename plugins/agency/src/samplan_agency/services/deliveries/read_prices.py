"""Read agreed prices: the new are added, those of the same key and date are changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from samplan.plugin_api import Refusal, Shape, SheetSpec, StagedFile, TenantSession, _l
from samplan_agency.files.choices import TIME_CLASSES
from samplan_agency.files.prices import with_agreements
from samplan_agency.models import Agreement, Delivery, Price
from samplan_agency.permissions import Allow
from samplan_agency.queries.agreements.book import get_agreement
from samplan_agency.services.agreements.edit import PRICE_FIELDS, PRICE_KEY, set_price
from samplan_agency.services.costs.lines import note_duplicates
from samplan_agency.services.deliveries.reading import (
    Change,
    Counts,
    Reader,
    Sum,
    far_future,
    month_sql,
    refuse_many,
    rows_of,
    supplier_unknown,
)
from samplan_agency.services.deliveries.vintage_table import key_sql, words_sql

_KEY = ("agreement", "supplier", "level", "zone", "time_class", "valid_from")
_NAMES = ("name", *PRICE_KEY, *PRICE_FIELDS)
_ROWS = f"""
SELECT concat_ws(' · ', t.agreement, t.supplier, t.level, 'zon ' || t.zone,
    {words_sql("t.hours_of", TIME_CLASSES)}, t.valid_from),
  t.agreement_id, t.supplier_id, t.level, t.zone::int, t.hours_of, t.valid_from,
  t.category, round(t.per_hour, 2), t.valid_to, t.source, coalesce(t.confirmed, false)
FROM file_rows t WHERE t.wrong = 0 AND (t.supplier IS NULL OR t.supplier_id IS NOT NULL)
ORDER BY t.row_number"""  # noqa: S608 - our own words
_SUMS = f"""
SELECT concat_ws(' · ', t.agreement, t.supplier, t.level), {month_sql("t.valid_from")}, count(*)
FROM file_rows t WHERE t.wrong = 0 GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 2000"""  # noqa: S608 - our own words


def _spec(session: TenantSession) -> SheetSpec:
    found = session.execute(select(Agreement.reference, Agreement.name).order_by(Agreement.reference))
    return with_agreements(dict(found.all()))


def _shape(_fields: frozenset[str]) -> Shape:
    return Shape(
        codes=frozenset({"supplier"}),
        joins="LEFT JOIN agency.agreement a ON a.reference = t.agreement"
        " LEFT JOIN agency.supplier s ON s.code = t.supplier",
        extra={
            "agreement_id": "a.id",
            "supplier_id": "s.id",
            "hours_of": "coalesce(t.time_class, 'ordinary')",
            "line_key": key_sql(*(f"t.{name}" for name in _KEY)),
        },
    )


def _refusals(_staged: StagedFile, delivery: Delivery) -> Sequence[Refusal]:
    return (
        supplier_unknown(),
        *far_future(delivery, "valid_from"),
        Refusal(
            "valid_to",
            "t.valid_to < t.valid_from",
            "last_before_first",
            _l("The last date is before the first."),
            _l("the same date as the first, or a later one"),
        ),
    )


def _check(staged: StagedFile, _delivery: Delivery) -> None:
    refuse_many(staged)
    note_duplicates(
        staged, "per_hour", lambda row: _l("The same price stands in row %(row)s already.", row=row)
    )


def _changing(staged: StagedFile) -> tuple[list[tuple[dict[str, Any], Price | None]], int]:
    """Return the rows that are new or change a price, each with that, and how many say what holds already.

    A file that tells no source leaves that of prices as they are.
    """

    def of(each: Callable[[str], Any]) -> tuple[Any, ...]:
        return tuple(each(name) for name in PRICE_KEY)

    rows = [dict(zip(_NAMES, row, strict=True)) for row in rows_of(staged, _ROWS)]
    prices = staged.session.scalars(select(Price))
    stored = {of(partial(getattr, price)): price for price in prices}
    changing = []
    for row in rows:
        price = stored.get(of(row.__getitem__))
        told = [name for name in PRICE_FIELDS if name != "source" or row[name]]
        if price is None or any(getattr(price, name) != row[name] for name in told):
            changing.append((row, price))
    return changing, len(rows) - len(changing)


def _count(staged: StagedFile, _delivery: Delivery) -> Counts:
    changing, unchanged = _changing(staged)
    added = sum(price is None for _row, price in changing)
    sums = [Sum(name, month, rows) for name, month, rows in rows_of(staged, _SUMS)]
    months = [each.month for each in sums if each.month]
    return Counts(
        added=added,
        replaced=len(changing) - added,
        unchanged=unchanged,
        first_month=min(months, default=None),
        last_month=max(months, default=None),
        sums=sums,
        changes=[Change(row["name"], price.per_hour, row["per_hour"]) for row, price in changing if price],
    )


def _read(staged: StagedFile, delivery: Delivery) -> Counts:
    session = staged.session
    ids = session.scalars(select(Agreement.id).order_by(Agreement.id))
    agreements = {each: get_agreement(session, each, lock=True) for each in ids}
    counts = _count(staged, delivery)
    now = delivery.read_at or delivery.delivered_at
    for row, _price in _changing(staged)[0]:
        values = row | {"source": row["source"] or delivery.filename or delivery.source}
        set_price(session, agreements[row["agreement_id"]], values, now, delivery_id=delivery.id)
    return counts


PRICE_READER = Reader(
    kind="prices",
    label=_l("Agreed prices"),
    by=_l("Agreement and professional category"),
    figure=_l("SEK an hour"),
    permission=Allow.WRITE_REFERENCE,
    spec=_spec,
    shape=_shape,
    refusals=_refusals,
    check=_check,
    count=_count,
    read=_read,
)
