"""Read the ledger and suppliers' invoices: lines by natural key, every delivery kept."""

from __future__ import annotations

from collections.abc import Sequence

from samplan.plugin_api import Refusal, Shape, StagedFile, _l
from samplan_agency.files.delivered import INVOICES, LEDGER
from samplan_agency.models import Delivery
from samplan_agency.services.costs.lines import (
    count_costs,
    kept_costs,
    note_duplicates,
    read_costs,
)
from samplan_agency.services.deliveries.kept_lines import ACCRUAL_VOUCHERS
from samplan_agency.services.deliveries.reading import (
    Reader,
    month_sql,
    person_named,
    spec_with_words,
    wrong_dates,
)

_JOINS = """
LEFT JOIN agency.account a ON a.code = t.account
LEFT JOIN core.org_unit u ON u.code = t.unit
{sector}"""
_CODES = frozenset({"voucher", "voucher_type", "invoice", "order_reference", "supplier", "account", "unit"})
_DIMENSIONS = (
    "account", "unit", "worked", "booked", "category", "level", "supplier", "zone", "time_class", "invoice",
    "order_reference",
)  # fmt: skip
_INVOICE_DIMENSIONS = (
    "worked", "unit", "account", "level", "time_class", "consultant", "shift", "order_reference",
    "unit_price",
)  # fmt: skip


def _key(parts: Sequence[str]) -> str:
    """Return the SQL for a text of these values: every part has its place, empty or not."""
    return "concat_ws('|', " + ", ".join(f"coalesce({part}, '')" for part in parts) + ")"


def _texts(names: Sequence[str]) -> list[str]:
    return [f"t.{name}::text" for name in names]


def ledger_key(fields: frozenset[str]) -> str:
    """Return the SQL for the hash of a ledger line's natural key.

    With numbers of voucher and row it is these, the year, the series and the company. Else it is all that the
    line says but its amount and hours, and which of several such lines it is.
    """
    if {"voucher", "voucher_row"} <= fields:
        named = ("company", "voucher_type", "voucher", "voucher_row")
        key = _key(["'ledger'", *_texts(named), "date_part('year', t.booked)::int::text"])
        return _hashed(key, _number("voucher"))
    parts = ["'ledger'", *_texts(("company", "voucher_type", "voucher", *_DIMENSIONS))]
    several = f"row_number() OVER (PARTITION BY {_key(parts)} ORDER BY t.row_number)"
    day = "lpad(to_hex(t.booked - date '2000-01-01'), 8, '0')"
    return _hashed(f"{_key(parts)} || '#' || {several}", day)


def invoice_key(fields: frozenset[str]) -> str:
    """Return the SQL for the hash of an invoice line's key: supplier, number and row, or what it is about."""
    rows = ("invoice_row",) if "invoice_row" in fields else _INVOICE_DIMENSIONS
    return _hashed(_key(["'invoices'", *_texts(("supplier", "invoice", *rows))]), _number("invoice"))


def _hashed(key: str, order: str) -> str:
    """Return the SQL of a key's hash, which begins with `order`, a part of the key in eight digits.

    Files come in its order for the most part: keys that stand together are quickly added to their index.
    """
    return f"(coalesce({order}, '00000000') || substr(md5({key}), 9))::uuid"


def _number(name: str) -> str:
    """Return the SQL for the last eight digits of a number; NULL for what is none."""
    return f"CASE WHEN t.{name} !~ '[^0-9]' THEN lpad(right(t.{name}, 8), 8, '0') END"


def _shape(key: str, fields: frozenset[str], kind: str) -> Shape:
    sector = "sector" in fields
    joins = _JOINS.format(sector="LEFT JOIN core.sector o ON o.code = t.sector" if sector else "")
    return Shape(
        hours=frozenset({"hours"}),
        codes=_CODES,
        joins=joins,
        extra={
            "line_key": key,
            "kind": kind,
            "account_known": "(a.id IS NOT NULL OR t.account IS NULL)",
            "line_category": "coalesce(t.category, a.category)",
            "unit_id": "u.id",
            "sector_id": "coalesce(o.id, a.sector_id)" if sector else "a.sector_id",
            "work_month": month_sql("coalesce(t.worked, t.booked)"),
            "booked_month": month_sql("t.booked"),
        },
    )


# Amounts on accounts of hired staff whose voucher is of a type that the region accrues by.
_LEDGER_KIND = f"""CASE WHEN a.kind = 'hired' AND upper(t.voucher_type) IN ({ACCRUAL_VOUCHERS})
THEN 'accrued' ELSE a.kind END"""


def ledger_shape(fields: frozenset[str]) -> Shape:
    """Return how lines of the ledger are typed."""
    return _shape(ledger_key(fields), fields, _LEDGER_KIND)


def invoice_shape(fields: frozenset[str]) -> Shape:
    """Return how invoice lines are typed; without an account they are hired staff."""
    return _shape(invoice_key(fields), fields, "coalesce(a.kind, 'hired')")


def _refusals(_staged: StagedFile, delivery: Delivery) -> Sequence[Refusal]:
    return (
        Refusal(
            "account",
            "NOT t.account_known",
            "unknown_account",
            _l("The account is not in the account table."),
            _l("an account of the table; add it there, or correct the file"),
        ),
        Refusal(
            "currency",
            "upper(t.currency) NOT IN ('SEK', 'KR')",
            "other_currency",
            _l("The amount is in another currency."),
            "SEK",
        ),
        Refusal(
            "hours",
            "t.hours < 0 AND t.amount >= 0",
            "negative_hours",
            _l("Hours are negative although the amount is not."),
            _l("hours of 0 or more, or a credit with a negative amount too"),
        ),
        *wrong_dates(delivery, "booked", "worked"),
    )


def _invoice_refusals(staged: StagedFile, delivery: Delivery) -> Sequence[Refusal]:
    return (
        *_refusals(staged, delivery),
        Refusal(
            "category",
            "t.line_category IS NULL",
            "missing_value",
            _l("Neither the line nor its account says which profession it is."),
            _l("physicians, nurses or others"),
        ),
        person_named(),
    )


def _note_ledger_duplicates(staged: StagedFile, _delivery: Delivery) -> None:
    if {"voucher", "voucher_row"} <= set(staged.places):
        note_duplicates(
            staged,
            "voucher",
            lambda row: _l("The same voucher and row stand in row %(row)s already.", row=row),
        )


def _note_invoice_duplicates(staged: StagedFile, _delivery: Delivery) -> None:
    note_duplicates(
        staged,
        "invoice",
        lambda row: _l("The same line of the invoice stands in row %(row)s already.", row=row),
    )


LEDGER_READER = Reader(
    kind="ledger",
    label=_l("Ledger, own staff cost"),
    by=_l("Account"),
    spec=spec_with_words(LEDGER),
    shape=ledger_shape,
    refusals=_refusals,
    check=_note_ledger_duplicates,
    count=count_costs,
    read=read_costs,
    kept=kept_costs,
)
INVOICE_READER = Reader(
    kind="invoices",
    label=_l("Suppliers' invoices"),
    by=_l("Account"),
    spec=spec_with_words(INVOICES),
    shape=invoice_shape,
    refusals=_invoice_refusals,
    check=_note_invoice_duplicates,
    count=count_costs,
    read=read_costs,
    kept=kept_costs,
)
