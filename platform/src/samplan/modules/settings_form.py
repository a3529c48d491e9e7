"""A form for any module's settings, made from the fields of its `ModuleSettings`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from marshmallow import fields, validate
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from samplan.web.forms import PageForm, options

if TYPE_CHECKING:
    from samplan.modules.module_settings import ModuleSettings

_KINDS: Mapping[type[fields.Field[Any]], type[Any]] = {
    fields.Boolean: BooleanField,
    fields.Integer: IntegerField,
    fields.Float: DecimalField,
    fields.Decimal: DecimalField,
    fields.Date: DateField,
    fields.Time: TimeField,
    fields.String: StringField,
}
# As many decimals as there are, and no step that a browser would insist on.
_AS_IT_IS: Mapping[str, Any] = {"places": None, "render_kw": {"step": "any"}}


def settings_form(kind: type[ModuleSettings], values: Mapping[str, Any]) -> PageForm:
    """Return the form of a request for settings of `kind`, filled with typed `values`.

    Raises TypeError for a field that has no control, so that a test of the module finds it.
    """
    members = {name: _control(name, field) for name, field in kind().fields.items()}
    form_class: type[PageForm] = type("SettingsForm", (PageForm,), members)
    return form_class(data=dict(values))


def submitted(form: PageForm, kind: type[ModuleSettings]) -> dict[str, Any]:
    """Return what was entered, as `ModuleSettings.load_strict` reads it; empty means the default."""
    values: dict[str, Any] = {}
    for name, field in kind().fields.items():
        value = form[name].data
        if value is None or value == "":
            if field.allow_none:
                values[name] = None
            continue
        values[name] = _plain(value)
    return values


def _control(name: str, field: fields.Field[Any]) -> Any:
    """Return the WTForms field that a settings field is entered with."""
    label = field.metadata.get("label", name)
    description = field.metadata.get("description", "")
    one_of = next((rule for rule in field.validators if isinstance(rule, validate.OneOf)), None)
    if one_of is not None:
        return SelectField(label, [InputRequired()], description=description, choices=options(_pairs(one_of)))
    kind = next((control for type_, control in _KINDS.items() if isinstance(field, type_)), None)
    if kind is None:
        raise TypeError(f"settings field {name}: {type(field).__name__} has no control")
    if kind is BooleanField:
        return BooleanField(label, description=description)
    keywords = _AS_IT_IS if kind is DecimalField else {}
    return kind(label, description=description, validators=_rules(field), **keywords)


def _pairs(rule: validate.OneOf) -> list[tuple[Any, Any]]:
    labels = list(rule.labels) or list(rule.choices)
    return list(zip(rule.choices, labels, strict=True))


def _rules(field: fields.Field[Any]) -> list[Any]:
    """Return the rules that a browser can check too; the settings' own schema has the last word."""
    may_be_empty = field.allow_none or not field.required
    rules: list[Any] = [Optional() if may_be_empty else InputRequired()]
    for rule in field.validators:
        if isinstance(rule, validate.Range):
            rules.append(NumberRange(min=rule.min, max=rule.max))
        elif isinstance(rule, validate.Length):
            rules.append(Length(min=rule.min or -1, max=rule.max or -1))
    return rules


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
