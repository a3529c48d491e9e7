"""The SQL by which texts become typed rows (see `samplan.imports.staged`)."""

# ruff: noqa: S608 - names of columns are those of a description in the code
from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from samplan.imports.spec import Column, Kind, SheetSpec

_TYPES = {
    Kind.TEXT: "text", Kind.CHOICE: "text", Kind.INTEGER: "int", Kind.DECIMAL: "numeric", Kind.DATE: "date",
    Kind.TIME: "time", Kind.DURATION: "int", Kind.YES_NO: "boolean",
}  # fmt: skip
_MOST = Decimal(10) ** 12
# Three digits after a full stop may be thousands: `samplan.imports.staged_cells` judges these.
_PLAIN = r"^[+-]?(\d{1,15}(,\d{1,8})?|\d{1,15}\.\d{1,2}|\d{4,15}\.\d{1,8}|\d{1,3}\.\d{4,8})$"
_TRAILING = r"^\d{1,15}([.,]\d{1,2})?-$"
_GROUPED = r"^[+-]?\d{1,3}(\.\d{3})+,\d{1,8}-?$"
_CLOCK = r"^[+-]?\d{1,6}:[0-5]\d$"
# The first sign becomes a minus; the others, spaces of every kind and apostrophes, go.
_SIGNS = r"E'\u2212 \u00a0\u2009\u202f\u2007\u200a\u2002\u2003\u200b\ufeff\047\u2019'"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file's typed rows are made.

    `hours` are numbers that may also be written as hours and minutes (129:25). `codes` are texts in which ten
    digits in a row are no personal identity number. `joins` and `extra` add columns, by name and SQL, to the
    typed row `t`. Rows that are `kept` go to a table of their own instead of one of the transaction.
    """

    hours: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    joins: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    kept: KeptRows | None = None


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The table that typed rows are kept in: its columns with the SQL of a typed row `t`, and how it is read.

    `query` gives what stands in `file_rows` elsewhere: `row_number`, `wrong`, `refused` and the others.
    """

    table: str
    columns: Mapping[str, str]
    query: str


def bit(place: int) -> int:
    """Return the bit of a field in the number that tells which values of a row are wrong."""
    return 1 << place


def coded(column: Column) -> bool:
    """Tell whether a field's values repeat, so that each is read once."""
    return bool(column.choices) or column.kind not in {Kind.TEXT, Kind.DECIMAL}


def columns_sql(keys: Sequence[str]) -> str:
    """Return the columns of the texts."""
    return ", ".join(f"{key} text" for key in keys)


def typed_sql(
    spec: SheetSpec,
    keys: Sequence[str],
    constants: Mapping[str, str],
    shape: Shape,
    *,
    conditions: Sequence[str] = (),
    odd: Container[str] = (),
    trimmed: bool = False,
) -> str:
    """Return the statement that makes typed rows of `file_raw`.

    `wrong` has a bit for each faulty field, `refused` one for each of the `conditions` that a row meets.
    Numbers of `odd` fields that SQL cannot read are looked up in `file_values`. Texts that are `trimmed` have
    no spaces around them.
    """
    typed = _typed(spec, keys, constants, shape, odd=odd, trimmed=trimmed)
    extra = "".join(f", {value} AS {name}" for name, value in shape.extra.items())
    refused = _bits(dict(enumerate(conditions)))
    rows = f"SELECT t.*, {refused} AS refused FROM (SELECT t.*{extra} FROM ({typed}) t {shape.joins}) t"
    if shape.kept is None:
        return f"CREATE TEMP TABLE file_rows ON COMMIT DROP AS {rows}"
    names, values = ", ".join(shape.kept.columns), ", ".join(shape.kept.columns.values())
    return f"INSERT INTO {shape.kept.table} ({names}) SELECT {values} FROM ({rows}) t"


def _typed(
    spec: SheetSpec,
    keys: Sequence[str],
    constants: Mapping[str, str],
    shape: Shape,
    *,
    odd: Container[str],
    trimmed: bool,
) -> str:
    inner: list[str] = []
    joins: list[str] = []
    flags: dict[int, str] = {}
    for place, column in enumerate(spec.columns):
        key, kind = column.key, _TYPES[column.kind]
        default = f"{_literal(constants.get(key))}::{kind}"
        if key not in keys:
            inner.append(f"{default} AS {key}")
            continue
        value, faulty = _value(column, hours=key in shape.hours, trimmed=trimmed)
        if coded(column) or key in odd:
            joins.append(
                f"LEFT JOIN file_values v_{key} ON v_{key}.field = '{key}' AND v_{key}.raw = r.{key}"
            )
        if key in odd:
            value = f"coalesce({value}, v_{key}.value::{kind})"
        if constants.get(key) is not None:
            value = f"coalesce({value}, {default})"
        inner += [f"{value} AS {key}", f"{faulty} AS w_{key}"]
        number = column.kind is Kind.DECIMAL and not column.choices
        wrong = f"({bounded(column)} IS NULL AND t0.w_{key})" if number else f"t0.w_{key}"
        flags[place] = f"{wrong} OR {bounded(column)} IS NULL" if column.required else wrong
    names = ", ".join(f"{bounded(column)} AS {column.key}" for column in spec.columns)
    rows = f"SELECT r.row_number, {', '.join(inner)} FROM file_raw r {' '.join(joins)} OFFSET 0"
    return f"SELECT t0.row_number, {names}, {_bits(flags)} AS wrong FROM ({rows}) t0"


def _bits(conditions: Mapping[int, str]) -> str:
    """Return the SQL of a number that has the bit of each condition that is met."""
    cases = [f"CASE WHEN {condition} THEN {bit(place)} ELSE 0 END" for place, condition in conditions.items()]
    return " | ".join(["0", *cases])


def bounded(column: Column) -> str:
    """Return a field of the typed row; a number outside its bounds is none."""
    value = f"t0.{column.key}"
    if column.kind is not Kind.DECIMAL or column.choices:
        return value
    low = column.minimum if isinstance(column.minimum, int | Decimal) else -_MOST
    high = column.maximum if isinstance(column.maximum, int | Decimal) else _MOST
    return f"(CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END)"


def _literal(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _value(column: Column, *, hours: bool, trimmed: bool) -> tuple[str, str]:
    """Return a field's value, and what makes it faulty (for a number: only where there is none)."""
    key = column.key
    if coded(column):
        return f"v_{key}.value::{_TYPES[column.kind]}", f"(v_{key}.sound IS NOT TRUE)"
    if column.kind is Kind.TEXT:
        value = f"r.{key}" if trimmed else rf"btrim(r.{key}, E' \u00a0')"
        return f"NULLIF({value}, '')", _too_long(column)
    return _number(column, hours=hours), f"(r.{key} <> '')"


def _too_long(column: Column) -> str:
    # To count bytes is cheap, and there are at least as many as letters.
    raw, most = f"r.{column.key}", column.max_length
    return f"(octet_length({raw}) > {most} AND length({raw}) > {most})"


def _number(column: Column, *, hours: bool) -> str:
    raw = f"r.{column.key}"
    comma = f"replace({raw}, ',', '.')"
    # What else PostgreSQL reads, such as 1e5 and NaN, is no number of ours.
    simple = f"{raw} !~ '[^0-9,+-]' AND pg_input_is_valid({comma}, 'numeric')"
    odd = f"SELECT {_odd_number(hours=hours)} FROM (SELECT translate({raw}, {_SIGNS}, '-') OFFSET 0) s (n)"
    return f"CASE WHEN {raw} = '' THEN NULL WHEN {simple} THEN {comma}::numeric ELSE ({odd}) END"


def _odd_number(*, hours: bool) -> str:
    """Return the value of `n`, a number written with spaces, full stops or its sign at the end."""
    comma = "replace(n, ',', '.')"
    sign = "CASE WHEN right(n, 1) = '-' THEN -1 ELSE 1 END"
    ungrouped = "replace(replace(rtrim(n, '-'), '.', ''), ',', '.')::numeric"
    cases = [
        f"WHEN n ~ '{_PLAIN}' THEN {comma}::numeric",
        f"WHEN n ~ '{_TRAILING}' THEN -replace(rtrim(n, '-'), ',', '.')::numeric",
        f"WHEN n ~ '{_GROUPED}' THEN {sign} * {ungrouped}",
    ]
    if hours:
        minus = "CASE WHEN n LIKE '-%' THEN -1 ELSE 1 END"
        cases.append(
            f"WHEN n ~ '{_CLOCK}' THEN split_part(n, ':', 1)::numeric"
            f" + {minus} * round(split_part(n, ':', 2)::numeric / 60, 4)"
        )
    return f"CASE {' '.join(cases)} END"
