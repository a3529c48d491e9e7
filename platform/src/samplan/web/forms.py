"""What every form of the pages is built on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, PasswordField, SelectChoice, StringField

from samplan.errors import Invalid, SamplanError
from samplan.free_texts import NO_IDENTITY_NUMBER
from samplan.imports.identity_numbers import holds_identity_number


class PageForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A form that refuses personal identity numbers in free texts, and shows what a service found wrong."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and free texts for personal identity numbers: these must not be stored."""
        sound: bool = super().validate(extra_validators)
        for field in free_texts(self):
            if isinstance(field.data, str) and holds_identity_number(field.data):
                field.errors = [*field.errors, str(NO_IDENTITY_NUMBER)]
                sound = False
        return sound

    def show(self, error: SamplanError) -> None:
        """Put the error's messages at the fields that they are about, others at the form."""
        fields = error.fields if isinstance(error, Invalid) else {}
        for name, messages in fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *messages]
            else:
                self.form_errors.extend(messages)
        if not fields:
            self.form_errors.append(str(error))


def free_texts(form: Any) -> Iterator[Any]:
    """Yield the fields of a form, and of forms in it, that people write texts in; passwords are none."""
    waiting = list(form)
    for field in waiting:
        if isinstance(field, FieldList | FormField):
            waiting += list(field)
        elif isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField):
            yield field


class VersionForm(PageForm):
    """The version that a change is based on."""

    version = HiddenField()

    @property
    def number(self) -> int:
        """The version as a number; -1, which no row has, where none was sent."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def option(value: object, label: Any) -> SelectChoice:
    """Return an option of a select; None is the empty choice."""
    return SelectChoice(value="" if value is None else str(value), label=label)


def options(pairs: Iterable[tuple[object, Any]]) -> list[SelectChoice]:
    """Return the options of a select from pairs of value and label."""
    return [option(value, label) for value, label in pairs]


def as_uuid(value: object) -> UUID | None:
    """Return the id that a select holds; None for an empty choice or what is no id."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def trimmed(text: str | None) -> str | None:
    """Return a text without outer spaces."""
    return text.strip() if text else text
