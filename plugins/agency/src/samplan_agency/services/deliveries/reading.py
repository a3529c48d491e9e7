"""What a reader of a kind of files must offer (see docs/agency/import.md), and what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from samplan.plugin_api import (
    Fault,
    KeptRows,
    Profession,
    Refusal,
    Sector,
    Shape,
    SheetSpec,
    StagedFile,
    TenantSession,
    Text,
    _l,
)
from samplan_agency.files.delivered import with_words
from samplan_agency.models import Delivery
from samplan_agency.permissions import Allow

LEDGER = "agency.ledger"
"""The turn of who reads a file in: what a file replaces must not be replaced by another at once."""
_DAYS_A_YEAR = 366
YEARS_PLANNED = 10
"""How far ahead what is planned or agreed may be."""
PERSON_NAMED = "person_named"
NAMED = _l("This looks like a person's name; it may not be stored here.")
ID_WANTED = _l("a pseudonymous consultant id, such as K1042")


@dataclass(frozen=True, slots=True)
class Sum:
    """What a file holds of a month under a name: an account, a unit, whatever its kind is summed by."""

    name: str
    month: date | None
    rows: int
    amount: Decimal | None = None
    hours: Decimal | None = None

    @classmethod
    def of(cls, packed: Mapping[str, Any]) -> Sum:
        """Return a sum that a delivery's summary holds."""
        amount, hours = (packed[name] and Decimal(packed[name]) for name in ("amount", "hours"))
        month = packed["month"] and date.fromisoformat(packed["month"])
        return cls(packed["name"], month, packed["rows"], amount, hours)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that a file replaces or, without `after`, puts aside: by its name, the figure that counts."""

    name: str
    before: Decimal
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Rows that are booked in a later month than that in which their file came: the first, the last month."""

    rows: int
    first_row: int
    last_month: date

    @classmethod
    def of(cls, packed: Mapping[str, Any]) -> Ahead:
        """Return what a delivery's summary holds."""
        return cls(packed["rows"], packed["first_row"], date.fromisoformat(packed["last_month"]))

    def packed(self) -> dict[str, Any]:
        """Return it for a delivery's summary."""
        return {"rows": self.rows, "first_row": self.first_row, "last_month": self.last_month.isoformat()}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a file changes, or would change. `unknown_units` are codes that no unit has.

    `changes` tells rows of kinds that keep no lines of costs, `ahead` rows that are booked ahead, and
    `accrued` how many are vouchers of accruals.
    """

    added: int = 0
    replaced: int = 0
    removed: int = 0
    unchanged: int = 0
    amount: Decimal = Decimal(0)
    first_month: date | None = None
    last_month: date | None = None
    sums: Sequence[Sum] = field(default_factory=tuple)
    unknown_units: Sequence[str] = field(default_factory=tuple)
    new_suppliers: Sequence[str] = field(default_factory=tuple)
    changes: Sequence[Change] = field(default_factory=tuple)
    ahead: Ahead | None = None
    accrued: int = 0


def no_refusals(_staged: StagedFile, _delivery: Delivery) -> Sequence[Refusal]:
    """Refuse nothing beyond what the description says."""
    return ()


def no_check(_staged: StagedFile, _delivery: Delivery) -> None:
    """Check nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a kind of files is read: every function works in SQL on `file_rows` (typed) and `file_raw` (texts).

    `spec` describes the fields, with the tenant's own words. `shape` tells, by the fields that are mapped,
    what the typed rows have beside them. `refusals` are faults by condition; `check` notes others, in the dry
    run only. `count` tells what would change and puts nothing in force; `read` writes and tells what changed.
    `kept` says where the typed rows stay from the dry run until they are read in, if they do (see
    `samplan_agency.services.deliveries.kept_lines`). `by` heads the names of sums and changes, `figure` the
    amounts of changes. Who may read such files in has `permission` beside that of deliveries.
    """

    kind: str
    label: Text
    by: Text
    figure: Text = ""
    permission: Allow = Allow.WRITE_DELIVERY
    spec: Callable[[TenantSession], SheetSpec]
    shape: Callable[[frozenset[str]], Shape]
    count: Callable[[StagedFile, Delivery], Counts]
    read: Callable[[StagedFile, Delivery], Counts]
    refusals: Callable[[StagedFile, Delivery], Sequence[Refusal]] = no_refusals
    check: Callable[[StagedFile, Delivery], None] = no_check
    kept: Callable[[Delivery], KeptRows] | None = None

    @property
    def purpose(self) -> str:
        """Under which the mappings of such files are saved."""
        return f"agency.{self.kind}"


def spec_with_words(spec: SheetSpec) -> Callable[[TenantSession], SheetSpec]:
    """Return the function that gives a description with the tenant's sectors and professions."""

    def described(session: TenantSession) -> SheetSpec:
        sectors = session.execute(select(Sector.code, Sector.name).order_by(Sector.code)).all()
        professions: dict[str, tuple[str, ...]] = {}
        for category, code, name in session.execute(
            select(Profession.category, Profession.code, Profession.name).order_by(Profession.code)
        ):
            professions[category] = (*professions.get(category, ()), code, name)
        return with_words(spec, {row.code: row.name for row in sectors}, professions)

    return described


def wrong_dates(delivery: Delivery, *keys: str) -> list[Refusal]:
    """Return the refusals of dates of what has been done or booked: none may be more than two years ahead.

    The first must be within the months that the delivery was said to hold.
    """
    return [*outside_period(delivery, keys[0]), *far_future(delivery, *keys, years=2)]


def outside_period(delivery: Delivery, key: str, at: str = "") -> list[Refusal]:
    """Return the refusal of dates outside the months that a delivery was said to hold, at a field."""
    first, last = (delivery.mapping.get(end) for end in ("said_first", "said_last"))
    conditions = []
    if first:
        conditions.append(f"t.{key} < date '{date.fromisoformat(first)}'")
    if last:
        conditions.append(f"t.{key} >= date '{date.fromisoformat(last)}' + interval '1 month'")
    if not conditions:
        return []
    period = f"{(first or '')[:7]} – {(last or '')[:7]}"
    message = _l("The date is outside the period of the file.")
    return [Refusal(at or key, " OR ".join(conditions), "outside_period", message, period)]


def far_future(delivery: Delivery, *keys: str, at: str = "", years: int = YEARS_PLANNED) -> list[Refusal]:
    """Return the refusal of dates that are more than so many years after the file came: slips of the pen."""
    last = delivery.delivered_at.date() + timedelta(days=_DAYS_A_YEAR * years)
    message = _l("The date is more than %(years)s years ahead.", years=years)
    wanted = _l("a date up to %(last)s", last=last.isoformat())
    return [Refusal(at or key, f"t.{key} > date '{last}'", "far_future", message, wanted) for key in keys]


def month_sql(value: str) -> str:
    """Return the SQL for the first date of a date's month."""
    return f"({value} - (date_part('day', {value})::int - 1))"


def person_named() -> Refusal:
    """Return the refusal of a consultant id without a digit: it looks like a name."""
    return Refusal(
        "consultant",
        "t.consultant !~ '[0-9]'",
        PERSON_NAMED,
        NAMED,
        ID_WANTED,
        hidden=True,
    )


def supplier_unknown() -> Refusal:
    """Return the refusal of a supplier's code that nobody has entered."""
    return Refusal(
        "supplier",
        "t.supplier IS NOT NULL AND t.supplier_id IS NULL",
        "unknown_supplier",
        _l("There is no supplier with this code."),
        _l("a code of Agreements"),
    )


def refuse_many(staged: StagedFile) -> None:
    """Refuse a file with more rows than are read one by one; raises `ImportFaults`."""
    if staged.rows > staged.spec.max_rows:
        message = _l("The file has more than %(limit)s rows.", limit=staged.spec.max_rows)
        staged.log.stop(Fault("too_many_rows", message, expected=_l("fewer rows, in several files")))


def rows_of(staged: StagedFile, statement: str, **params: Any) -> list[Any]:
    """Return the rows of a query in the file's transaction."""
    return list(staged.execute(statement, **params).all())
