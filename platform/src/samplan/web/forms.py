"""What every form of the pages is built on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice

from samplan.errors import Invalid, SamplanError


class Form(FlaskForm):  # type: ignore[misc] # WTForms ships no annotations
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


def choices(pairs: Iterable[tuple[object, Any]]) -> list[SelectChoice]:
    """Return the options of a select from pairs of value and label."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]
