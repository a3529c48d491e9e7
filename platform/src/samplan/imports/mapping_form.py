"""The form in which somebody says which column is which field, and what the file's codes mean.

Names of its fields: `column-FIELD` holds `cPLACE` or `=VALUE`; `raw-FIELD-N` a value of the file and
`value-FIELD-N` what it means: `=VALUE`, `-` to leave it out, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samplan.i18n import _, _l
from samplan.imports.faults import Text
from samplan.imports.mapping import ColumnMapping, coded_values, meanings
from samplan.imports.sources import SourceTable
from samplan.imports.spec import Column, Kind, Language, SheetSpec, folded
from samplan.imports.values import shown

MOST_SHOWN = 100
"""Values of one field that the form asks about; the most frequent first."""
_SAMPLES = 3
NOTHING, LEFT_OUT = "", "-"

Option = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """What a value of the file means; `count` tells how often it occurs."""

    name: str
    raw: str
    count: int
    selected: str


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """Which column is a field; `values` asks what the values in it mean, and `meanings` are the choices."""

    key: str
    label: str
    help: str
    required: bool
    selected: str
    samples: tuple[str, ...]
    columns: tuple[Option, ...]
    constants: tuple[Option, ...]
    meanings: tuple[Option, ...]
    values: tuple[ValueQuestion, ...]
    unlisted: int


def mapping_questions(
    spec: SheetSpec, source: SourceTable, mapping: ColumnMapping, language: Language
) -> tuple[FieldQuestion, ...]:
    """Return what the form asks, with the answers of a mapping."""
    columns = _columns(source)
    return tuple(_question(column, columns, source, mapping, language) for column in spec.columns)


def answered_mapping(spec: SheetSpec, source: SourceTable, form: Mapping[str, str]) -> ColumnMapping:
    """Return the mapping that a sent form says; what it could not have offered is passed over."""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for column in spec.columns:
        said = form.get(f"column-{column.key}", "")
        allowed = {choice.value for choice in column.choices}
        if said.startswith("c") and said[1:].isascii() and said[1:].isdigit():
            place = int(said[1:4])
            if 0 < place <= len(source.headings) and place not in source.refused:
                columns[column.key] = source.headings[place - 1]
        elif said.startswith("=") and said[1:] in allowed:
            constants[column.key] = said[1:]
        found = _values(column.key, form, allowed)
        if found and column.key in columns:
            values[column.key] = found
    return ColumnMapping(columns, values, constants, tuple(source.headings))


def _values(key: str, form: Mapping[str, str], allowed: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number in range(MOST_SHOWN):
        raw, said = form.get(f"raw-{key}-{number}"), form.get(f"value-{key}-{number}", NOTHING)
        if raw is None:
            break
        if said == LEFT_OUT:
            found[folded(raw)] = ""
        elif said.startswith("=") and said[1:] in allowed:
            found[folded(raw)] = said[1:]
    return found


def _columns(source: SourceTable) -> tuple[Option, ...]:
    """Return the columns to choose from, each with its first values."""
    options: list[Option] = [(NOTHING, _l("not in the file"))]
    for place, heading in enumerate(source.headings, 1):
        if place not in source.refused:
            samples = ", ".join(_samples(source, place))
            options.append((f"c{place}", f"{heading}: {samples}"[:90] if samples else heading))
    return tuple(options)


def _samples(source: SourceTable, place: int) -> tuple[str, ...]:
    texts = dict.fromkeys(shown(text)[:40] for text in source.column(place)[:50])
    return tuple(texts)[:_SAMPLES]


def _question(
    column: Column,
    columns: tuple[Option, ...],
    source: SourceTable,
    mapping: ColumnMapping,
    language: Language,
) -> FieldQuestion:
    place = source.place(mapping.columns.get(column.key, ""))
    selected = f"c{place}" if place else NOTHING
    if not place and column.key in mapping.constants:
        selected = f"={mapping.constants[column.key]}"
    choices: list[Option] = [(f"={choice.value}", choice.name.to(language)) for choice in column.choices]
    single = column.kind is Kind.CHOICE and not column.several
    counted = coded_values(source, column, mapping)
    return FieldQuestion(
        key=column.key,
        label=column.name.to(language),
        help=column.help.to(language),
        required=column.required,
        selected=selected,
        samples=_samples(source, place) if place else (),
        columns=columns,
        constants=tuple((value, _("for all: %(name)s", name=name)) for value, name in choices)
        if single
        else (),
        meanings=(
            (NOTHING, _l("choose") if column.kind is Kind.CHOICE else _l("as in the file")),
            *choices,
            (LEFT_OUT, _l("leave out")),
        ),
        values=_value_questions(column, counted.most_common(MOST_SHOWN), mapping),
        unlisted=max(0, len(counted) - MOST_SHOWN),
    )


def _value_questions(
    column: Column, counted: list[tuple[str, int]], mapping: ColumnMapping
) -> tuple[ValueQuestion, ...]:
    known = meanings(column, mapping)
    found = []
    for number, (raw, count) in enumerate(counted):
        value = known.get(folded(raw))
        selected = NOTHING if value is None else f"={value}" if value else LEFT_OUT
        found.append(ValueQuestion(f"{column.key}-{number}", raw, count, selected))
    return tuple(found)
