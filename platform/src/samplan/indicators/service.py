"""A tenant's own indicator values: the catalogue, recording with versions, and reading series."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.db.turns import take_turn
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.indicators.models import IndicatorValueRow
from samplan.indicators.periods import is_whole
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period
from samplan.modules.manager import Module, Modules

Origin = Literal["computed", "manual"]
LARGEST = 1e15  # what a page can show and a double holds exactly

_COMPARED = (
    "value", "numerator", "denominator", "n", "strata", "provisional", "source", "comment", "method_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What is said about a value: where it comes from, by whom, and how certain it is."""

    origin: Origin
    source: str
    comment: str | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one period: the newest, and those that it superseded, newest first."""

    current: IndicatorValueRow
    earlier: tuple[IndicatorValueRow, ...]


def catalogue(modules: Modules, enabled: Collection[str]) -> list[tuple[Module, list[IndicatorSpec]]]:
    """Return the indicators of the tenant's `enabled` modules, by module."""
    return [(m, list(m.indicators)) for m in modules if m.name in enabled and m.indicators]


def find_spec(modules: Modules, enabled: Collection[str], name: str) -> IndicatorSpec:
    """Return an indicator of the tenant's `enabled` modules; raises `NotFound`."""
    spec = modules.indicators().get(name)
    if spec is None or name.partition(".")[0] not in enabled:
        raise NotFound(_("There is no such indicator."))
    return spec


def record_value(
    session: TenantSession, spec: IndicatorSpec, period: Period, value: IndicatorValue, note: Note
) -> IndicatorValueRow | None:
    """Record a value of a period; a newer version supersedes, nothing is overwritten.

    Returns:
        The new row, or None when the newest version says the same already, or when there is neither a
        value nor one to supersede.

    Raises:
        Invalid: the period is not a whole one of the indicator's kind, or a number is out of reason.
    """
    _check(spec, period, value)
    # Two at the same time must not both take the next version.
    take_turn(session, f"indicator:{spec.name}:{period.start}")
    newest = session.scalars(_versions(spec.name, period).limit(1)).first()
    row = _row(spec, period, value, note, version=newest.version + 1 if newest else 1)
    if newest is None and row.value is None:
        return None
    if newest and all(getattr(newest, name) == getattr(row, name) for name in _COMPARED):
        return None
    session.add(row)
    session.flush()
    if note.origin == "manual":
        _record_entry(session, row, newest)
    return row


def _row(
    spec: IndicatorSpec, period: Period, value: IndicatorValue, note: Note, *, version: int
) -> IndicatorValueRow:
    return IndicatorValueRow(
        indicator=spec.name,
        period_start=period.start,
        period_end=period.end,
        version=version,
        value=_decimal(value.value),
        numerator=_decimal(value.numerator),
        denominator=_decimal(value.denominator),
        n=value.n,
        strata=dict(value.strata) if value.strata else None,
        provisional=value.provisional,
        origin=note.origin,
        source=note.source,
        comment=note.comment or None,
        method_version=spec.method_version,
        recorded_by=note.by,
    )


def newest_values(session: TenantSession) -> dict[str, IndicatorValueRow]:
    """Return the newest value of the latest period of each indicator, by name."""
    rows = session.scalars(
        select(IndicatorValueRow)
        .ext(distinct_on(IndicatorValueRow.indicator))
        .order_by(
            IndicatorValueRow.indicator,
            IndicatorValueRow.period_start.desc(),
            IndicatorValueRow.version.desc(),
        )
    )
    return {row.indicator: row for row in rows}


def series(session: TenantSession, name: str, *, since: date | None = None) -> list[Series]:
    """Return the values of an indicator by period, the latest period first."""
    statement = select(IndicatorValueRow).where(IndicatorValueRow.indicator == name)
    if since is not None:
        statement = statement.where(IndicatorValueRow.period_start >= since)
    ordered = statement.order_by(IndicatorValueRow.period_start.desc(), IndicatorValueRow.version.desc())
    by_period: dict[tuple[date, date], list[IndicatorValueRow]] = {}
    for row in session.scalars(ordered):
        by_period.setdefault((row.period_start, row.period_end), []).append(row)
    return [Series(rows[0], tuple(rows[1:])) for rows in by_period.values()]


def newest_of(session: TenantSession, name: str, period: Period) -> IndicatorValueRow:
    """Return the newest value of a period; raises `NotFound`."""
    row = session.scalars(_versions(name, period).limit(1)).first()
    if row is None:
        raise NotFound(_("There is no value for that period."))
    return row


def _versions(name: str, period: Period) -> Select[IndicatorValueRow]:
    return (
        select(IndicatorValueRow)
        .where(
            IndicatorValueRow.indicator == name,
            IndicatorValueRow.period_start == period.start,
            IndicatorValueRow.period_end == period.end,
        )
        .order_by(IndicatorValueRow.version.desc())
    )


def _check(spec: IndicatorSpec, period: Period, value: IndicatorValue) -> None:
    fields: dict[str, list[str]] = {}
    if not is_whole(spec.period, period):
        fields["period"] = [_("This is not a whole period of the indicator's kind.")]
    for name in ("value", "numerator", "denominator"):
        number = getattr(value, name)
        if number is not None and not (math.isfinite(number) and abs(number) < LARGEST):
            fields[name] = [_("The number is out of reason.")]
    if value.n is not None and not 0 <= value.n < 2**31:
        fields["n"] = [_("The number is out of reason.")]
    if fields:
        raise Invalid(_("The value cannot be recorded."), fields)


def _record_entry(session: TenantSession, row: IndicatorValueRow, newest: IndicatorValueRow | None) -> None:
    """Put a value entered by hand into the trail; computed ones are known by their run."""
    names = ("value", "n", "provisional", "source", "comment")
    period = {"period_start": row.period_start, "period_end": row.period_end}
    record(
        session,
        "indicator.recorded",
        "indicator",
        row.indicator,
        before={name: getattr(newest, name) for name in names} if newest else None,
        after={**period, "version": row.version, **{name: getattr(row, name) for name in names}},
    )


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))
