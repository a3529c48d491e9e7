"""What the actions of a plan for independence look like as they are kept, and how they are read.

Salaries are kept; what a position costs follows from the employer's contributions of then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from samplan.plugin_api import Invalid, StrictSchema, _, _l
from samplan_agency.domain.way import Action, InternalUnit, OwnPositions, WeekendsOnly

CATEGORIES = ("physician", "nurse", "other")
MOST_ACTIONS = 20
MOST_POSITIONS = 500
_NUMBER = {"invalid": _l("Give a number."), "required": _l("Give a number.")}


def _between(least: float, most: float, *, whole: bool = False) -> Any:
    kind = fields.Integer if whole else fields.Float
    within = validate.Range(least, most, error=_l("From {min} to {max}."))
    return kind(required=True, validate=within, error_messages=_NUMBER)


class _ActionSchema(StrictSchema):
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))
    first = fields.Date(required=True)

    @validates_schema
    def _check_first(self, data: dict[str, Any], **_options: object) -> None:
        if "first" in data and data["first"].day != 1:
            raise ValidationError(_("Give a month."), "first")


class OwnPositionsSchema(_ActionSchema):
    """Own positions: see `domain.way.OwnPositions`; SEK a month, `filled_percent` a month."""

    positions = _between(1, MOST_POSITIONS, whole=True)
    replaces = _between(0, 5)
    quickest = _between(0, 36)
    usual = _between(0, 36)
    slowest = _between(0, 36)
    filled_percent = _between(1, 100)
    introduction = _between(0, 24, whole=True)
    salary = _between(0, 500_000)
    other_cost = _between(0, 500_000)

    @validates_schema(skip_on_field_errors=False)
    def _check_times(self, data: dict[str, Any], **_options: object) -> None:
        if {"quickest", "usual", "slowest"} <= data.keys():
            if data["usual"] < data["quickest"]:
                raise ValidationError(_("At least as long as the quickest."), "usual")
            if data["slowest"] < data["usual"]:
                raise ValidationError(_("At least as long as the usual."), "slowest")


class WeekendsOnlySchema(_ActionSchema):
    """Hiring for weekends only: the part of the hours that remains, in per cent."""

    remains_percent = _between(0, 100)


class InternalUnitSchema(_ActionSchema):
    """An internal unit: full-time equivalents, SEK a month for each, the used part of its hours."""

    fte = _between(0.1, 500)
    used_percent = _between(0, 100)
    salary = _between(0, 500_000)
    other_cost = _between(0, 500_000)


SCHEMAS: Mapping[str, type[Schema]] = MappingProxyType(
    {
        "own_positions": OwnPositionsSchema,
        "weekends_only": WeekendsOnlySchema,
        "internal_unit": InternalUnitSchema,
    }
)


def checked(content: Any) -> dict[str, Any]:
    """Return an action as it is kept; raises `Invalid` with messages by field."""
    content = dict(content) if isinstance(content, Mapping) else {}
    kind = content.pop("kind", None)
    schema = SCHEMAS.get(kind) if isinstance(kind, str) else None
    if schema is None:
        raise Invalid(_("There is no such kind of action."))
    try:
        found = schema().load(content)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {}
        raise Invalid(_("The action cannot be read."), messages) from error
    return {"kind": kind, **found, "first": found["first"].isoformat()}


def action_of(content: Any, contributions: float) -> Action:
    """Return a kept action with its costs at these employer's contributions in per cent; raises `Invalid`."""
    kept = checked(content)
    common: dict[str, Any] = {"category": kept["category"], "first": date.fromisoformat(kept["first"])}
    if kept["kind"] == "weekends_only":
        return WeekendsOnly(**common, remains=kept["remains_percent"] / 100)
    cost = monthly_cost(kept, contributions)
    if kept["kind"] == "internal_unit":
        return InternalUnit(**common, fte=kept["fte"], cost=cost, used=kept["used_percent"] / 100)
    names = ("replaces", "quickest", "usual", "slowest", "introduction")
    own = {name: kept[name] for name in names}
    filled = kept["filled_percent"] / 100
    return OwnPositions(**common, **own, number=kept["positions"], cost=cost, filled=filled)


def monthly_cost(kept: Mapping[str, Any], contributions: float) -> float:
    """Return what one position costs a month: salary with employer's contributions, and the rest."""
    return float(kept["salary"] * (1 + contributions / 100) + kept["other_cost"])
