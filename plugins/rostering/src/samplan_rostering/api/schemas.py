"""The API's schemas."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from samplan_rostering.domain.rules import Rule, Term

_BREAKDOWN = f"penalty points by term: {', '.join(Term)}"


class ImportSchema(Schema):
    """A file to read in."""

    file = Upload(
        required=True,
        metadata={"description": "a ward's workbook (.xlsx), or a text file of the public benchmark format"},
    )


class ImportedSchema(Schema):
    """What was stored; `id` is the `source_id` of an optimisation."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "period or problem (a benchmark)"})


class RosterSummarySchema(Schema):
    """A roster without its assignments."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"description": "optimal or feasible"})
    objective = fields.Integer(required=True)
    bound = fields.Integer(allow_none=True, required=True, metadata={"description": "proven lower bound"})
    created_at = fields.AwareDateTime(required=True)


class PeriodSchema(Schema):
    """A ward's roster period."""

    id = fields.UUID(required=True)
    unit_code = fields.String(required=True)
    unit_name = fields.String(required=True)
    name = fields.String(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True, metadata={"description": "the last date, inclusive"})
    state = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "counts the changes of the input"})
    updated_at = fields.AwareDateTime(required=True)
    employees = fields.Integer(required=True)
    roster = fields.Nested(
        RosterSummarySchema, allow_none=True, required=True, metadata={"description": "the best roster"}
    )


class AssignmentSchema(Schema):
    """One shift of one employee."""

    employee = fields.String(required=True)
    day = fields.Integer(required=True, metadata={"description": "counted from 0"})
    shift = fields.String(required=True)


class FoundRosterSchema(RosterSummarySchema):
    """A roster, in the form of the command line's output."""

    seconds = fields.Float(required=True)
    seed = fields.Integer(required=True)
    versions = fields.Dict(required=True, metadata={"description": "of the programs that made it"})
    breakdown = fields.Dict(required=True, metadata={"description": _BREAKDOWN})
    assignments = fields.List(fields.Nested(AssignmentSchema), required=True)


class RosterSchema(FoundRosterSchema):
    """A roster of a period or benchmark problem."""

    source_id = fields.UUID(required=True)


class BreachSchema(Schema):
    """A broken rule."""

    rule = fields.String(required=True, metadata={"description": f"one of {', '.join(Rule)}"})
    employee = fields.String(allow_none=True, required=True)
    day = fields.Integer(allow_none=True, required=True)
    text = fields.String(required=True)


class EvaluationSchema(Schema):
    """What the independent evaluator says of a roster."""

    employees = fields.Integer(required=True)
    days = fields.Integer(required=True)
    assignments = fields.Integer(required=True)
    violations = fields.List(fields.Nested(BreachSchema), required=True)
    uncovered = fields.Integer(required=True, metadata={"description": "people missing"})
    objective = fields.Integer(required=True)
    breakdown = fields.Dict(required=True, metadata={"description": _BREAKDOWN})


class SolveHeadersSchema(Schema):
    """The header that makes a request repeatable."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        metadata={"description": "repeating a request with the same key gives the same run"},
    )


class SolveRunSchema(Schema):
    """The run that was asked for; follow it at the address in `Location`."""

    id = fields.UUID(required=True)
    job_type = fields.String(required=True)
    status = fields.String(required=True)
    subject = fields.String(required=True)
    params = fields.Dict(required=True)
    progress = fields.Dict(required=True)
    queued_at = fields.AwareDateTime(required=True)
