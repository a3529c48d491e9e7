"""What the description of the organisation's workbook cannot tell: codes that exist, places in the tree."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from samplan.i18n import _l
from samplan.imports.faults import FaultLog, Text, did_you_mean
from samplan.imports.tables import Row, Table
from samplan.organisation.rules import Broken, Place, broken_places
from samplan.organisation.texts import broken_text, expected_above

_MUNICIPALITY = re.compile(r"[0-9]{4}")
_COLUMN: Mapping[Broken, str] = {"second_root": "kind", "parent_inactive": "active"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the tenant has already, by code; values as the sheets' columns."""

    sites: Mapping[str, Mapping[str, Any]]
    units: Mapping[str, Mapping[str, Any]]


def check_tables(tables: Mapping[str, Table], known: Known, log: FaultLog) -> None:
    """Note codes that nobody has, places that break the tree, and halves of a coordinate."""
    for row in tables["sites"].rows:
        _check_site(tables["sites"], row, log)
    units = tables["units"]
    site_codes = {*known.sites, *(str(code) for code in tables["sites"].values("code"))}
    for row in units.rows:
        site = row.get("site", str)
        if site is not None and site not in site_codes:
            log.add(
                units.fault(
                    "unknown_site", row, "site", _l("There is no such site."), _near(site, site_codes, log)
                )
            )
    _check_tree(units, known, log)


def _check_site(table: Table, row: Row, log: FaultLog) -> None:
    code = row.get("municipality_code", str)
    if code is not None and not _MUNICIPALITY.fullmatch(code):
        message = _l("This is not a municipality code.")
        log.add(
            table.fault(
                "municipality_code", row, "municipality_code", message, _l("four digits, such as 2080")
            )
        )
    halves = ("latitude", "longitude")
    if row.faulty.isdisjoint(halves) and all(name in table.columns for name in halves):
        empty = [name for name in halves if name not in row.values]
        if len(empty) == 1:
            message = _l("One half of the coordinate is missing.")
            log.add(
                table.fault(
                    "half_coordinate", row, empty[0], message, _l("both latitude and longitude, or neither")
                )
            )


def _check_tree(table: Table, known: Known, log: FaultLog) -> None:
    """Note units whose place would be wrong once the sheet is merged with what is known."""
    tree = {code: Place(f["kind"], f["parent"], f["active"]) for code, f in known.units.items()}
    rows: dict[str, Row] = {}
    for row in table.rows:
        code, kind = row.get("code", str), row.get("kind", str)
        if code is None or kind is None or not row.faulty.isdisjoint(("parent", "active")):
            return  # a faulty cell is noted already; whatever it breaks would be told twice
        tree[code] = _place(table, row, kind, tree.get(code))
        rows[code] = row
    for code, broken in broken_places(tree):
        at = rows.get(code) or rows.get(tree[code].parent or "")
        if at is None:
            continue  # not of this workbook's making
        key = _COLUMN.get(broken, "parent") if code in rows else "kind" if broken == "level" else "active"
        log.add(table.fault(broken, at, key, broken_text(broken), _expected(broken, tree, code, log)))


def _place(table: Table, row: Row, kind: str, here: Place | None) -> Place:
    """Return where a row puts its unit; a column that is not there leaves what is."""
    parent = row.get("parent", str) if "parent" in table.columns else here.parent if here else None
    active = row.get("active", bool)
    if active is None:
        active = here.active if here and "active" not in table.columns else True
    return Place(kind, parent, active)


def _expected(broken: Broken, tree: Mapping[str, Place], code: str, log: FaultLog) -> Text:
    place = tree[code]
    if broken == "unknown_parent":
        return _near(place.parent or "", tree.keys(), log)
    if broken in {"level", "parent_needed", "no_parent"}:
        return expected_above(place.kind)
    if broken == "parent_inactive":
        return _l("take %(code)s out of use too, or keep the unit above it", code=code)
    return _l("one region only")


def _near(value: str, options: Collection[str], log: FaultLog) -> Text:
    near = None if log.full else did_you_mean(value, options)
    return _l("did you mean “%(near)s”?", near=near) if near else _l("a code in the sheet or known already")
