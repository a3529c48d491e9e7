"""The form of a template of files for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from samplan.plugin_api import Invalid, PageForm, SamplanError, Text, _, _l
from samplan_rostering.domain.export import COLUMNS, Column, Spelling
from samplan_rostering.models import ExportTemplate
from samplan_rostering.services.publishing.exports import LONGEST_NAME, Wanted
from samplan_rostering.web.forms import whole_number

NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "employment_id": _l("Employment id"),
        "name": _l("Name"),
        "profession": _l("Profession"),
        "date": _l("Date"),
        "unit": _l("Unit"),
        "shift": _l("Shift"),
        "shift_name": _l("Name of the shift"),
        "start": _l("Start, date and time"),
        "end": _l("End, date and time"),
        "start_date": _l("Start, date"),
        "start_time": _l("Start, time"),
        "end_date": _l("End, date"),
        "end_time": _l("End, time"),
        "hours": _l("Working hours"),
        "minutes": _l("Working minutes"),
        "break_minutes": _l("Break, minutes"),
        "on_call_hours": _l("On-call duty, hours"),
        "on_call_minutes": _l("On-call duty, minutes"),
        "standby_hours": _l("Standby, hours"),
        "standby_minutes": _l("Standby, minutes"),
        "publication": _l("Publication"),
    }
)
_USUAL = ("employment_id", "date", "shift", "start_time", "end_time", "hours")


def _choices(*pairs: tuple[str, Text]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class ColumnForm(Form):  # type: ignore[misc] # WTForms ships no annotations
    """A column: its place, or none where it is left out, and its heading."""

    place = IntegerField(_l("Place"), [Optional(), NumberRange(1, len(COLUMNS))])
    heading = StringField(_l("Heading"), [Length(max=60)])


class ExportForm(PageForm):
    """A template: its columns in order, and how its file is written."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Give the template a name.")), Length(max=LONGEST_NAME)],
        description=_l("Such as the system that reads the file."),
    )
    separator = SelectField(
        _l("Between columns"),
        choices=_choices((";", _l("semicolon")), (",", _l("comma")), ("\t", _l("tab"))),
    )
    decimal = SelectField(_l("Decimals"), choices=_choices((",", _l("comma")), (".", _l("point"))))
    encoding = SelectField(
        _l("Encoding"),
        choices=_choices(
            ("utf-8-sig", _l("UTF-8 with a mark, for Excel")),
            ("utf-8", "UTF-8"),
            ("iso-8859-1", "ISO 8859-1 (Latin 1)"),
        ),
    )
    heading = BooleanField(_l("The first line names the columns"), default=True)
    columns = FieldList(FormField(ColumnForm), min_entries=len(COLUMNS), max_entries=len(COLUMNS))
    version = HiddenField(filters=[lambda text: whole_number(str(text or ""), 0)])

    def validate_columns(self, field: FieldList) -> None:
        """Refuse a form that does not have every column: what is left out would move the others."""
        if not all(f"{field.name}-{place}-place" in request.form for place in range(len(COLUMNS))):
            raise ValidationError(_("Send every column, those left out without a place."))

    @classmethod
    def empty(cls) -> ExportForm:
        """Return the form with the usual columns chosen."""
        return cls(
            data={"columns": _entries([Column(key, str(NAMES[key])) for key in _USUAL]), "heading": True}
        )

    @classmethod
    def of(cls, template: ExportTemplate) -> ExportForm:
        """Return the form as a template is now."""
        columns = [Column(item["key"], item["heading"]) for item in template.columns]
        data: dict[str, Any] = {
            name: getattr(template, name)
            for name in ("name", "separator", "decimal", "encoding", "heading", "version")
        }
        return cls(formdata=None, data=data | {"columns": _entries(columns)})

    def wanted(self) -> Wanted:
        """Return what was asked for; columns without a place are left out."""
        chosen = [
            (entry.place.data, place, key, (entry.heading.data or "").strip() or str(NAMES[key]))
            for place, (key, entry) in enumerate(zip(COLUMNS, self.columns, strict=True))
            if entry.place.data is not None
        ]
        return Wanted(
            name=self.name.data,
            columns=[Column(key, heading) for _at, _place, key, heading in sorted(chosen)],
            spelling=Spelling(
                self.separator.data, self.decimal.data, self.encoding.data, bool(self.heading.data)
            ),
        )

    def show(self, error: SamplanError) -> None:
        """Put what is wrong at its field, or at the form."""
        for name, messages in (error.fields if isinstance(error, Invalid) else {}).items():
            if name in self and name != "columns":
                self[name].errors = [*self[name].errors, *messages]
            else:
                self.form_errors.extend(messages)

    def rows(self) -> list[tuple[Text, Any]]:
        """Return each column's name with its fields."""
        return [(NAMES[key], entry) for key, entry in zip(COLUMNS, self.columns, strict=True)]

    def faults(self) -> list[str]:
        """Return what is wrong with the columns, in words."""
        return [
            _("%(column)s: %(fault)s", column=NAMES[key], fault=fault)
            for key, entry in zip(COLUMNS, self.columns, strict=True)
            for fault in (*entry.place.errors, *entry.heading.errors)
        ] + [fault for fault in self.columns.errors if isinstance(fault, str)]


def _entries(columns: list[Column]) -> list[dict[str, Any]]:
    places = {column.key: (place, column.heading) for place, column in enumerate(columns, start=1)}
    return [
        {"place": places[key][0], "heading": places[key][1]}
        if key in places
        else {"place": None, "heading": ""}
        for key in COLUMNS
    ]
