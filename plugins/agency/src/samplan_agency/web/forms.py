"""What the forms of the module's pages share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, SelectChoice

from samplan.plugin_api import Invalid, SamplanError, _l

NEEDED = _l("Fill this in.")


class PageForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A form that can show what a service found wrong."""

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


class VersionForm(PageForm):
    """The version that a change is based on; -1 where none was sent."""

    version = HiddenField()

    @property
    def number(self) -> int:
        """The version as a number."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class SekField(DecimalField):  # type: ignore[misc] # WTForms ships no annotations
    """An amount in SEK, with a comma or a point; neither infinite nor what is no number."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; raises ValueError for what is no finite number."""
        plain = ["".join(text.split()).replace(",", ".") for text in valuelist]
        super().process_formdata(plain)
        if plain and self.data is not None and not self.data.is_finite():
            super().process_formdata(["–"])  # refused as what is no number at all, in the same words


def as_uuid(value: object) -> UUID | None:
    """Return the id that a select holds; None for an empty choice or what is no id."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def option(value: object, label: Any) -> SelectChoice:
    """Return an option of a select."""
    return SelectChoice(value="" if value is None else str(value), label=label)


def trimmed(text: str | None) -> str | None:
    """Return a text without outer spaces."""
    return text.strip() if text else text


def filled(text: str | None) -> str | None:
    """Return a text without outer spaces; None for an empty one."""
    return (text or "").strip() or None
