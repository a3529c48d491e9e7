"""Which column of another system's file is which field, and what its codes mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from samplan.errors import Invalid
from samplan.i18n import _
from samplan.imports.identity_numbers import holds_identity_number
from samplan.imports.sheets import squeezed
from samplan.imports.sources import SourceTable
from samplan.imports.spec import Column, Kind, SheetSpec, folded, names_of
from samplan.imports.values import tidy

MOST_VALUES = 500
"""Codes of one field that a mapping can keep."""
_LONGEST = 200
_PARTS = re.compile(r"[,;/|+\n]")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The heading of each field's column; for fields with choices also what the file's values mean.

    `values` has, by field and value as `folded` gives it, the value of a choice, or an empty text for a value
    that is to be left out. `constants` has what holds where the file says nothing; that is for who reads the
    rows to apply. `seen` are all headings of the file that it was said of, where they are known.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the mapping for JSON."""
        return {
            "columns": dict(self.columns),
            "values": {key: dict(found) for key, found in self.values.items()},
            "constants": dict(self.constants),
            "seen": list(self.seen),
        }

    @classmethod
    def of(cls, said: Any) -> ColumnMapping:
        """Return the mapping that JSON says; raises `Invalid` for what is none."""
        try:
            columns, constants = _texts(said["columns"]), _texts(said["constants"])
            values = {str(key): _texts(found) for key, found in dict(said["values"]).items()}
            seen = tuple(str(heading) for heading in said.get("seen", ()))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Invalid(_("This is not a mapping of columns.")) from error
        return cls(columns, values, constants, seen)

    def over(self, base: ColumnMapping) -> ColumnMapping:
        """Return this mapping with what `base` knows beside it of values."""
        keys = [key for key in {**base.values, **self.values} if key in self.columns]
        values = {key: {**base.values.get(key, {}), **self.values.get(key, {})} for key in keys}
        return ColumnMapping(self.columns, values, self.constants, self.seen)

    def with_new(self, spec: SheetSpec, source: SourceTable) -> ColumnMapping:
        """Return this mapping with the columns of a file that it has not seen and that name a field."""
        known = {*self.columns.values(), *self.seen} if self.seen else {*source.headings}
        new = {
            key: heading
            for key, heading in guess_mapping(spec, source).columns.items()
            if key not in self.columns and key not in self.constants and heading not in known
        }
        return replace(self, columns={**self.columns, **new}) if new else self

    def fits(self, source: SourceTable) -> bool:
        """Tell whether every column that is mapped is in a file, under its heading."""
        return bool(self.columns) and all(
            source.place(heading) is not None for heading in self.columns.values()
        )


def guess_mapping(spec: SheetSpec, source: SourceTable) -> ColumnMapping:
    """Return a mapping by the names of the fields and their synonyms."""
    headings: dict[str, str] = {}
    for place, heading in enumerate(source.headings, 1):
        if place not in source.refused:
            headings.setdefault(squeezed(heading), heading)
    columns: dict[str, str] = {}
    for column in spec.columns:
        names = {squeezed(name) for name in names_of(column)}
        found = next((name for name in headings if name in names), None)
        if found is not None:
            columns[column.key] = headings.pop(found)
    return ColumnMapping(columns)


def parts_of(text: str, column: Column) -> list[str]:
    """Return the values in a cell: one, or those between commas and the like where there may be several."""
    parts = _PARTS.split(text) if column.several else [text]
    return [part for part in map(tidy, parts) if part]


def meanings(column: Column, mapping: ColumnMapping) -> dict[str, str]:
    """Return the choice that each known value of a field stands for, an empty text for one to leave out."""
    named = {name: choice.value for choice in column.choices for name in names_of(choice)}
    allowed = {choice.value for choice in column.choices} | {""}
    said = mapping.values.get(column.key, {})
    return named | {raw: value for raw, value in said.items() if value in allowed}


def coded_values(source: SourceTable, column: Column, mapping: ColumnMapping) -> Counter[str]:
    """Return the values in the column of a field that has choices, with how often each occurs."""
    place = source.place(mapping.columns.get(column.key, ""))
    if place is None or not column.choices:
        return Counter()
    texts = (part for text in source.column(place) for part in parts_of(text, column))
    return Counter(text[:_LONGEST] for text in texts)


def unknown_values(spec: SheetSpec, source: SourceTable, mapping: ColumnMapping) -> dict[str, list[str]]:
    """Return, by field, the values that stand for none of the choices that they must stand for."""
    found: dict[str, list[str]] = {}
    for column in spec.columns:
        if column.kind is Kind.CHOICE:
            known = meanings(column, mapping)
            unknown = [text for text in coded_values(source, column, mapping) if folded(text) not in known]
            if unknown:
                found[column.key] = unknown
    return found


def check_mapping(spec: SheetSpec, mapping: ColumnMapping) -> None:
    """Refuse a mapping of fields that are not described, or that would keep a personal identity number.

    What a value means may be a choice that is not there at present, such as another ward's.
    """
    known = {column.key: column for column in spec.columns}
    keys = {*mapping.columns, *mapping.values, *mapping.constants}
    if not keys <= set(known):
        raise Invalid(_("This is not a mapping of columns."))
    for key, values in mapping.values.items():
        if len(values) > MOST_VALUES or not known[key].choices:
            raise Invalid(_("This is not a mapping of columns."))
        if any(map(holds_identity_number, [*values, *values.values()])):
            raise Invalid(_("Personal identity numbers may not be used here."))
    for key, value in mapping.constants.items():
        if value not in {choice.value for choice in known[key].choices}:
            raise Invalid(_("This is not a mapping of columns."))


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    found = {str(key): str(value) for key, value in dict(said).items()}
    if any(len(text) > _LONGEST for pair in found.items() for text in pair):
        raise ValueError
    return found
