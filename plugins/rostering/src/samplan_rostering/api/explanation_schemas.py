"""The API's schemas of explanations; each text is in the language of the request."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from samplan_rostering.domain.explain.candidates import Kind
from samplan_rostering.domain.rules import Rule, Term

MOST_SUGGESTIONS = 10
_DAY = {"description": "counted from 0"}
_FREE = {"description": "a shift; empty: a free day"}


class NeedQuerySchema(Schema):
    """A need: a day and a shift, and a skill unless anybody counts."""

    day = fields.Integer(required=True, validate=validate.Range(min=0), metadata=_DAY)
    shift = fields.String(required=True)
    skill = fields.String(load_default=None)


class RecommendQuerySchema(NeedQuerySchema):
    """A need, and how many suggestions there may be."""

    most = fields.Integer(load_default=8, validate=validate.Range(min=1, max=MOST_SUGGESTIONS))


class WhyNotQuerySchema(Schema):
    """A person, a day and a shift."""

    employee = fields.String(required=True)
    day = fields.Integer(required=True, validate=validate.Range(min=0), metadata=_DAY)
    shift = fields.String(required=True)


class ViolationSchema(Schema):
    """A broken rule with what was measured and the limit: minutes for rules of time, else counts."""

    rule = fields.String(required=True, metadata={"description": f"one of {', '.join(Rule)}"})
    source = fields.String(required=True, metadata={"description": "law, agreement or recommendation"})
    employee = fields.String(required=True)
    day = fields.Integer(required=True, allow_none=True)
    measured = fields.Integer(required=True, allow_none=True)
    limit = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True)


class GapSchema(Schema):
    """People missing below the minimum."""

    day = fields.Integer(required=True)
    shift = fields.String(required=True)
    skill = fields.String(required=True, allow_none=True)
    missing = fields.Integer(required=True)
    text = fields.String(required=True)


class CellChangeSchema(Schema):
    """A changed cell."""

    employee = fields.String(required=True)
    day = fields.Integer(required=True)
    before = fields.String(required=True, metadata=_FREE)
    after = fields.String(required=True, metadata=_FREE)
    text = fields.String(required=True)


class EffectSchema(Schema):
    """What changes do, as the difference of the evaluations before and after."""

    changes = fields.List(fields.Nested(CellChangeSchema), required=True)
    broken = fields.List(fields.Nested(ViolationSchema), required=True)
    mended = fields.List(fields.Nested(ViolationSchema), required=True)
    opened = fields.List(fields.Nested(GapSchema), required=True)
    closed = fields.List(fields.Nested(GapSchema), required=True)
    costs = fields.Dict(
        required=True, metadata={"description": f"change in points by term: {', '.join(Term)}"}
    )
    points = fields.Integer(required=True, metadata={"description": "their sum"})
    minutes = fields.Dict(required=True, metadata={"description": "change of working minutes by employee"})
    text = fields.List(fields.String(), required=True)


class WhyNotSchema(Schema):
    """What it would do to give somebody a shift."""

    employee = fields.String(required=True)
    day = fields.Integer(required=True)
    shift = fields.String(required=True)
    current = fields.String(required=True, metadata=_FREE)
    effect = fields.Nested(EffectSchema, required=True)


class PersonReasonsSchema(Schema):
    """Why somebody does not meet a need; `points` is what it would cost where no rule speaks against it."""

    employee = fields.String(required=True)
    current = fields.String(required=True, metadata=_FREE)
    broken = fields.List(fields.Nested(ViolationSchema), required=True)
    opened = fields.List(fields.Nested(GapSchema), required=True)
    points = fields.Integer(required=True, allow_none=True)


class GapReasonsSchema(Schema):
    """Why a need is not met; people are named by their codes."""

    day = fields.Integer(required=True)
    shift = fields.String(required=True)
    skill = fields.String(required=True, allow_none=True)
    missing = fields.Integer(required=True)
    there = fields.List(fields.String(), required=True)
    rules = fields.Dict(required=True, metadata={"description": "whom each rule keeps away"})
    needed_elsewhere = fields.List(fields.String(), required=True)
    free = fields.List(fields.String(), required=True, metadata={"description": "who could, at a cost"})
    people = fields.List(fields.Nested(PersonReasonsSchema), required=True)
    text = fields.List(fields.String(), required=True)


class SuggestionSchema(Schema):
    """A way to close a gap."""

    kind = fields.String(required=True, metadata={"description": f"one of {', '.join(Kind)}"})
    text = fields.String(required=True)
    effect = fields.Nested(EffectSchema, required=True)


class RecommendationSchema(Schema):
    """Suggestions for a need, the best first; `call_off` when nobody of the ward was found who can."""

    day = fields.Integer(required=True)
    shift = fields.String(required=True)
    skill = fields.String(required=True, allow_none=True)
    missing = fields.Integer(required=True)
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)
    call_off = fields.Boolean(required=True)
    text = fields.String(required=True)
    complete = fields.Boolean(required=True, metadata={"description": "whether all changes were looked at"})
    reasons = fields.Nested(GapReasonsSchema, required=True, allow_none=True)


class ChargeSchema(Schema):
    """A single cost: of nobody where `employee` is null, of no single day where `day` is."""

    term = fields.String(required=True)
    points = fields.Integer(required=True)
    employee = fields.String(required=True, allow_none=True)
    day = fields.Integer(required=True, allow_none=True)
    shift = fields.String(required=True, allow_none=True)
    skill = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class SharesSchema(Schema):
    """What a roster's objective is made of; each of the sums is the objective."""

    objective = fields.Integer(required=True)
    by_term = fields.Dict(required=True)
    by_employee = fields.Dict(required=True, metadata={"description": "an empty name is nobody"})
    by_day = fields.Dict(required=True, metadata={"description": "an empty name is no single day"})
    charges = fields.List(fields.Nested(ChargeSchema), required=True)
