"""A form for each kind of change, made from how its fields are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import PageForm, Text, _, _l
from samplan_rostering import scenario_words as words
from samplan_rostering.domain.faults import Fault
from samplan_rostering.domain.scenario import readers
from samplan_rostering.domain.scenario.apply import KINDS
from samplan_rostering.domain.scenario.rules import LIMITS
from samplan_rostering.domain.ward import ShiftType, Skill, WardData
from samplan_rostering.web.forms import FiniteDecimalField
from samplan_rostering.workbook.choices import LIMIT_LABELS
from samplan_rostering.workbook.rule_sheets import RULE_LABELS

CHECKED = ("shifts", "skills", "professions")
"""What is chosen by boxes; there are too many employees for that."""


class ChangeForm(PageForm):
    """A change of one kind; its fields are added by `change_form`."""

    def content(self, kind: str) -> dict[str, Any]:
        """Return the change as JSON; what is left empty is left out."""
        given: dict[str, Any] = {}
        for name, reader in _readers(kind).items():
            value = self[name].data
            if isinstance(reader, readers.Weekdays):
                given[name] = [int(item) for item in value or ()]
            elif value not in (None, "", []):
                given[name] = _json(value)
        return {"kind": kind, **given}

    def tell(self, faults: tuple[Fault, ...]) -> None:
        """Put what is wrong at the fields that it is about, else at the form."""
        for fault in faults:
            text = words.fault_text(fault)
            field = "value" if fault.field.startswith("rules.") else fault.field
            if field in self:
                self[field].errors = [*self[field].errors, text]
            else:
                self.form_errors.append(f"{fault.field}: {text}")


def change_form(kind: str, ward: WardData, limit: str = "") -> ChangeForm:
    """Return the form for a kind of change of a ward; `limit` is the figure that one of that kind sets."""
    own = KINDS[kind]
    members: dict[str, Any] = {
        item.name: _field(item.name, item.metadata["reader"], ward, required=item.default is MISSING)
        for item in fields(own)
    }
    for name, kwargs in ((name, made.kwargs) for name, made in members.items()):
        if (kind, name) in words.NOTHING_CHOSEN:
            kwargs["description"] = words.NOTHING_CHOSEN[kind, name]
    defaults = {item.name: item.default for item in fields(own) if item.default not in (MISSING, None, ())}
    if limit in LIMITS:
        members["name"] = HiddenField(validators=[InputRequired()])
        defaults |= {"name": limit, "value": getattr(ward.rules, limit)}
    made: ChangeForm = type("ChangeForm", (ChangeForm,), members)(**defaults)
    if limit in LIMITS:
        made.value.label.text = choice_text(limit)
        made.value.description = _("Now: %(value)s", value=defaults["value"])
    return made


def limits_offered() -> list[tuple[str, str]]:
    """Return the figures of the sheet of rules, by name and label."""
    return [(name, choice_text(name)) for name in LIMITS]


def choice_text(value: str) -> str:
    """Return what a word to choose from is called."""
    if value in words.CHOICES:
        return str(words.CHOICES[value])
    label = RULE_LABELS.get(value) or LIMIT_LABELS.get(value)
    if label is None:
        return value
    return label.en if str(get_locale() or "").startswith("en") else label.sv


def _readers(kind: str) -> dict[str, readers.Reader]:
    return {item.name: item.metadata["reader"] for item in fields(KINDS[kind])}


def _field(name: str, reader: readers.Reader, ward: WardData, *, required: bool) -> Any:
    label: Text = words.FIELDS[name]
    check = InputRequired(_l("Fill this in.")) if required else Optional()
    if isinstance(reader, readers.Whole | readers.Number):
        kind = IntegerField if isinstance(reader, readers.Whole) else FiniteDecimalField
        return kind(label, validators=[check, NumberRange(reader.low, reader.high)])
    if isinstance(reader, readers.Choice | readers.Code):
        return SelectField(label, validators=[check], choices=_single(reader, ward, required=required))
    if isinstance(reader, readers.Codes):
        return _several(label, _known(reader.of, ward), boxes=reader.of in CHECKED)
    if isinstance(reader, readers.Words):
        return _several(label, [SelectChoice(value, choice_text(value)) for value in reader.values])
    if isinstance(reader, readers.Weekdays):
        return _several(label, [SelectChoice(str(n), day) for n, day in enumerate(weekdays())])
    return _SIMPLE[type(reader)](label, validators=[check])


def _single(reader: readers.Choice | readers.Code, ward: WardData, *, required: bool) -> list[SelectChoice]:
    if isinstance(reader, readers.Code):
        found = _known(reader.of, ward)
    else:
        found = [SelectChoice(value, choice_text(value)) for value in reader.values]
    return found if required else [SelectChoice("", _l("Not chosen")), *found]


_SIMPLE: Mapping[type[readers.Reader], Callable[..., Field]] = MappingProxyType(
    {
        readers.Text: StringField,
        readers.Day: DateField,
        readers.Clock: TimeField,
    }
)


def _several(label: Text, choices: list[SelectChoice], *, boxes: bool = True) -> Field:
    more = {"option_widget": CheckboxInput()} if boxes else {}
    return SelectMultipleField(
        label, validators=[Optional()], choices=choices, description=_l("Nothing chosen means all."), **more
    )


def _known(of: str, ward: WardData) -> list[SelectChoice]:
    if of == "employees":
        return [SelectChoice(person.code, person.name or person.code) for person in ward.employees]
    rows: tuple[ShiftType | Skill, ...] = (*ward.shift_types, *ward.skills)
    names = {row.code: f"{row.code} {row.name}" for row in rows}
    return [SelectChoice(code, names.get(code, code)) for code in readers.known(ward, of)]


def weekdays() -> list[str]:
    """Return the names of the weekdays, Monday first."""
    names = get_day_names("wide", locale=get_locale() or "sv_SE")
    return [str(names[number]) for number in range(7)]


def _json(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
