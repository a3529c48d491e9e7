"""Measures from a workbook and into one: all of it or, when something is wrong, nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import (
    Fault,
    FaultLog,
    Invalid,
    Label,
    Language,
    OrgUnit,
    Row,
    Table,
    TenantSession,
    _l,
    read_tables,
    write_workbook,
)
from samplan_agency.domain.months import month_of
from samplan_agency.files.measure_book import (
    CATEGORY_NAMES,
    EFFECTS,
    INTRO,
    KIND_NAMES,
    LARGEST_FILE,
    MEASURES,
    MONTHS,
    SHEETS,
    TITLE,
)
from samplan_agency.models import Supplier
from samplan_agency.queries.measures.plans import Plan, Targets, YearEffect, plans
from samplan_agency.services.measures.edit import (
    Wanted,
    add_measure,
    change_measure,
    check_effect,
    check_measure,
    set_effect,
)

Key = TypeVar("Key")
_FIELDS = {"division_id": "division"}
_PLAIN = ("title", "description", "owner", "decided_by", "decided_on", "diary_number")
_DATES = ("first_month", "ended_month", "baseline_month")


@dataclass(frozen=True, slots=True)
class BookLine:
    """A measure of the workbook, with the effects that it gives; `plan` is what there is already."""

    wanted: Wanted
    effects: tuple[YearEffect, ...]
    plan: Plan | None

    @property
    def change(self) -> str:
        """Whether it is `new`, `changed`, or the `same`."""
        if self.plan is None:
            return "new"
        known = {effect.year: effect for effect in self.plan.effects}
        effects = any(effect != known.get(effect.year) for effect in self.effects if effect.amount)
        removed = any(effect.year in known for effect in self.effects if not effect.amount)
        return "changed" if effects or removed or self.wanted != wanted_of(self.plan) else "same"


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the workbook's codes and words stand for."""

    units: Mapping[str, UUID]
    suppliers: Mapping[str, UUID]
    categories: Mapping[str, str]
    kinds: Mapping[str, str]


def wanted_of(plan: Plan) -> Wanted:
    """Return a measure as it is, as if somebody wanted it so."""
    names = ("code", "division_id", *_PLAIN, *_DATES)
    return Wanted(**{name: getattr(plan.row, name) for name in names}, targets=plan.targets)


def read_book(session: TenantSession, data: bytes) -> list[BookLine]:
    """Return what a workbook says; raises `ImportFaults` with everything that is wrong in it."""
    log = FaultLog()
    if len(data) > LARGEST_FILE:
        log.stop(
            Fault("file_too_large", _l("The file is larger than %(limit)s kB.", limit=LARGEST_FILE // 1000))
        )
    tables = read_tables(data, SHEETS, log)
    measures, effects = tables["measures"], tables["effects"]
    known = {plan.row.code: plan for plan in plans(session)}
    codes = _codes(session)
    wanted: dict[str | None, Wanted] = {}
    for row in measures.rows:
        found = _wanted(measures, row, codes, log)
        if found is not None and _is_sound(session, found, known, (measures, row), log):
            wanted[found.code] = found
    planned: dict[str, list[YearEffect]] = {}
    for row in effects.rows:
        target = wanted.get(row.get("code", str))
        if target is not None and not row.faulty:
            planned.setdefault(target.code, []).append(_effect(effects, row, target, log))
    log.raise_if_any()
    return [BookLine(one, tuple(planned.get(one.code, ())), known.get(one.code)) for one in wanted.values()]


def mark_of(lines: Iterable[BookLine]) -> str:
    """Return a mark of what a workbook changes of the measures as they are: another one when either is."""
    told = [(line.wanted.code, line.change, line.plan.row.version if line.plan else 0) for line in lines]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def import_book(session: TenantSession, lines: Iterable[BookLine], now: datetime) -> None:
    """Write what `read_book` found."""
    for line in lines:
        if line.change == "same":
            continue
        if line.plan is None:
            row = add_measure(session, line.wanted, now)
        else:
            row = line.plan.row
            change_measure(session, row.id, row.version, line.wanted, now)
        for effect in line.effects:
            set_effect(session, row.id, row.version, effect, now)


def write_book(session: TenantSession, *, language: Language, created: datetime) -> bytes:
    """Return all measures as the workbook that can be read in again."""
    units: dict[UUID, str] = dict(session.execute(select(OrgUnit.id, OrgUnit.code)).all())
    suppliers: dict[UUID, str] = dict(session.execute(select(Supplier.id, Supplier.code)).all())
    measures: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    for plan in plans(session):
        own: dict[str, Any] = {name: getattr(plan.row, name) or None for name in ("code", *_PLAIN, *_DATES)}
        targets = plan.targets
        measures.append(
            own
            | {
                "division": units[plan.row.division_id],
                "units": _listed(units[unit] for unit in targets.units),
                "suppliers": _listed(suppliers[one] for one in targets.suppliers),
                "categories": _listed(CATEGORY_NAMES[one].to(language) for one in targets.categories),
                "kinds": _listed(KIND_NAMES[one].to(language) for one in targets.kinds),
            }
        )
        for effect in plan.effects:
            months = dict(zip(MONTHS, effect.weights, strict=False))
            effects.append({"code": plan.row.code, "year": effect.year, "amount": effect.amount, **months})
    return write_workbook(
        SHEETS,
        {MEASURES.key: measures, EFFECTS.key: effects},
        title=TITLE.to(language),
        intro=[text.to(language) for text in INTRO],
        language=language,
        created=created,
    )


def _wanted(table: Table, row: Row, codes: _Codes, log: FaultLog) -> Wanted | None:
    """Return the measure of a row; None where it is faulty, which is noted."""
    before = log.total
    targets = Targets(
        _found(table, row, "units", codes.units, log),
        _found(table, row, "categories", codes.categories, log),
        _found(table, row, "suppliers", codes.suppliers, log),
        _found(table, row, "kinds", codes.kinds, log),
    )
    division = _found(table, row, "division", codes.units, log)
    if row.faulty or log.total > before or not division:
        return None
    own: dict[str, Any] = {name: row.values.get(name) for name in _PLAIN}
    months = {name: value and month_of(value) for name in _DATES for value in [row.get(name, date)]}
    own |= {**months, "description": own["description"] or "", "division_id": next(iter(division))}
    return Wanted(code=row.need("code", str), **own, targets=targets)


def _is_sound(
    session: TenantSession,
    wanted: Wanted,
    known: Mapping[str, Plan],
    place: tuple[Table, Row],
    log: FaultLog,
) -> bool:
    """Tell whether a measure can be as it is wanted; what is wrong is noted at its place."""
    plan = known.get(wanted.code)
    try:
        check_measure(session, wanted, plan)
    except Invalid as error:
        _note(*place, error, log)
        return False
    return True


def _effect(table: Table, row: Row, measure: Wanted, log: FaultLog) -> YearEffect:
    given = [row.get(key, Decimal) for key in MONTHS]
    weights = tuple(weight or Decimal(0) for weight in given) if any(given) else ()
    effect = YearEffect(row.need("year", int), row.need("amount", Decimal).quantize(Decimal("0.01")), weights)
    try:
        check_effect(measure.first_month, effect)
    except Invalid as error:
        _note(table, row, error, log)
    return effect


def _note(table: Table, row: Row, error: Invalid, log: FaultLog) -> None:
    for name, messages in error.fields.items():
        key = _FIELDS.get(name, name)
        key = key if key in {column.key for column in table.spec.columns} else "code"
        for message in messages:
            log.add(table.fault("invalid", row, key, message))


def _found(table: Table, row: Row, key: str, known: Mapping[str, Key], log: FaultLog) -> frozenset[Key]:
    """Return what the words of a cell, separated by commas, stand for; what is unknown is noted."""
    found: set[Key] = set()
    for word in filter(None, re.split(r"\s*[,;]\s*", (row.get(key, str) or "").strip())):
        if word.casefold() in known:
            found.add(known[word.casefold()])
        else:
            expected = ", ".join(sorted(known)[:20])
            log.add(table.fault("unknown", row, key, _l("“%(word)s” is not known.", word=word), expected))
    return frozenset(found)


def _codes(session: TenantSession) -> _Codes:
    return _Codes(
        {code.casefold(): key for key, code in session.execute(select(OrgUnit.id, OrgUnit.code))},
        {code.casefold(): key for key, code in session.execute(select(Supplier.id, Supplier.code))},
        _words(CATEGORY_NAMES),
        _words(KIND_NAMES),
    )


def _words(names: Mapping[str, Label]) -> dict[str, str]:
    return {text.casefold(): key for key, label in names.items() for text in (label.sv, label.en)}


def _listed(words: Iterable[str]) -> str | None:
    return ", ".join(sorted(words)) or None
