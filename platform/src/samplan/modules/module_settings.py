"""Typed settings of a module, one set per tenant, rendered as a form and validated strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, validates_schema

from samplan.errors import Invalid
from samplan.free_texts import identity_faults


class ModuleSettings(Schema):
    """Base of a module's settings: marshmallow fields with `load_default` and `metadata`.

    `metadata={"label": _l("…"), "description": _l("…")}` is what the form shows. Unknown keys are refused.
    """

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    @validates_schema
    def refuse_identity_numbers(self, data: Mapping[str, Any], **_more: Any) -> None:
        """Refuse texts with a personal identity number."""
        if faults := identity_faults(data):
            raise ValidationError(faults)

    @classmethod
    def load_strict(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with defaults filled in; raises `Invalid` with messages per field."""
        try:
            return dict(cls().load(dict(values)))
        except ValidationError as error:
            raise Invalid("the settings are not valid", flat_messages(error.messages_dict)) from error


def flat_messages(messages: Mapping[str, Any], path: str = "") -> dict[str, list[str]]:
    """Return nested messages with dotted field paths."""
    flat: dict[str, list[str]] = {}
    for name, value in messages.items():
        where = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping):
            flat |= flat_messages(value, where)
        else:
            flat[where] = [str(line) for line in value]
    return flat
