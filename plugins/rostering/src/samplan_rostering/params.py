"""What an optimisation may be told, and the region's own limits for it."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from samplan.plugin_api import ModuleSettings, _l
from samplan_rostering.domain.goals import GoalName
from samplan_rostering.domain.locks import LockChoice

MAXIMUM_WORKERS = 8
MAXIMUM_SECONDS = 3600
MAXIMUM_SEED = 2**31 - 1
MAXIMUM_JOINT_SECONDS = 14_400
MAXIMUM_JOINT_WORKERS = 64
MAXIMUM_WARDS = 200


class SolveParams(Schema):
    """The parameters of a run of `rostering.solve`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    source_id = fields.UUID(
        required=True, metadata={"description": "the roster period or benchmark problem to solve"}
    )
    seconds = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=MAXIMUM_SECONDS),
        metadata={"description": "time limit of the search"},
    )
    workers = fields.Integer(
        load_default=2,
        validate=validate.Range(min=1, max=MAXIMUM_WORKERS),
        metadata={"description": "parallel workers of the solver"},
    )
    seed = fields.Integer(
        load_default=1,
        validate=validate.Range(min=0, max=MAXIMUM_SEED),
        metadata={"description": "seed of the solver's chance"},
    )
    goal = fields.String(
        load_default=GoalName.BALANCED.value,
        validate=validate.OneOf([name.value for name in GoalName]),
        metadata={"description": "what to put first; a benchmark problem has no goals"},
    )
    locks = fields.String(
        load_default=LockChoice.PERIOD.value,
        validate=validate.OneOf([choice.value for choice in LockChoice]),
        metadata={
            "description": "what is locked: nothing, the period's locked cells, or these and all before"
            " `before` as in the roster to start from"
        },
    )
    before = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "with `locks`: the first date that is free"},
    )
    start_roster_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "a roster of the period to start from, which keeps every rule"},
    )
    start_anyway = fields.Boolean(
        load_default=False,
        metadata={"description": "start although requirements are known that nobody can meet"},
    )


class SimulateParams(Schema):
    """The parameters of a run of `rostering.simulate`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    scenario_id = fields.UUID(required=True, metadata={"description": "the scenario to roster"})
    seconds = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=MAXIMUM_SECONDS),
        metadata={"description": "time limit of the search"},
    )
    workers = fields.Integer(load_default=2, validate=validate.Range(min=1, max=MAXIMUM_WORKERS))
    seed = fields.Integer(load_default=1, validate=validate.Range(min=0, max=MAXIMUM_SEED))


class AwayParams(Schema):
    """Somebody who cannot work from one date to another."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    employee = fields.String(required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    start = fields.Time(
        load_default=None,
        allow_none=True,
        metadata={"description": "with `end`: the part of each date; without them the whole day"},
    )
    end = fields.Time(load_default=None, allow_none=True, metadata={"description": "00:00: the day's end"})


class NeedParams(Schema):
    """How many are needed on a shift of a date."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    date = fields.Date(required=True)
    shift = fields.String(required=True)
    skill = fields.String(required=True, allow_none=True)
    number = fields.Integer(required=True, validate=validate.Range(min=0, max=999))


class ReplanParams(Schema):
    """The parameters of a run of `rostering.replan`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    roster_id = fields.UUID(required=True, metadata={"description": "the roster to re-plan"})
    seen = fields.String(required=True, metadata={"description": "mark of the roster that was seen"})
    today = fields.Date(required=True, metadata={"description": "the first date that may change"})
    away = fields.List(fields.Nested(AwayParams), required=True)
    needs = fields.List(fields.Nested(NeedParams), required=True)
    everywhere = fields.Boolean(
        load_default=False, metadata={"description": "search the whole roster, not only around what is new"}
    )
    seconds = fields.Integer(required=True, validate=validate.Range(min=1, max=MAXIMUM_SECONDS))


class ExplainParams(Schema):
    """The parameters of a run of `rostering.explain`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    period_id = fields.UUID(required=True, metadata={"description": "the roster period to explain"})
    hard_cover = fields.Boolean(
        load_default=False, metadata={"description": "whether every minimum is to be kept as well"}
    )
    seconds = fields.Integer(
        load_default=60,
        validate=validate.Range(min=1, max=MAXIMUM_SECONDS),
        metadata={"description": "limit"},
    )


class CountParams(Schema):
    """The parameters of a run of `rostering.count_figures`: none."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE


class GuestParams(Schema):
    """A shift that somebody of the internal unit works in a ward."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    day = fields.Integer(required=True)
    shift = fields.String(required=True)
    skills = fields.List(fields.String(), required=True)


class WardPartParams(Schema):
    """The parameters of a run of `rostering.solve_ward`, a part of `rostering.solve_wards`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    period_id = fields.UUID(required=True)
    seconds = fields.Float(required=True, validate=validate.Range(min=0.1, max=MAXIMUM_JOINT_SECONDS))
    seed = fields.Integer(required=True, validate=validate.Range(min=0, max=MAXIMUM_SEED))
    guests = fields.List(fields.Nested(GuestParams), required=True)
    start_run = fields.UUID(allow_none=True, required=True)


class SolveWardsParams(Schema):
    """The parameters of a run of `rostering.solve_wards`."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    period_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, max=MAXIMUM_WARDS),
        metadata={"description": "the roster periods of the wards, which have the same dates"},
    )
    internal_period_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "the period of their internal unit, whose people help where they are missed"
        },
    )
    seconds = fields.Integer(
        required=True,
        validate=validate.Range(min=10, max=MAXIMUM_JOINT_SECONDS),
        metadata={"description": "time limit of the whole"},
    )
    workers = fields.Integer(
        load_default=2,
        validate=validate.Range(min=1, max=MAXIMUM_JOINT_WORKERS),
        metadata={"description": "wards that the service solves at the same time; it divides the time"},
    )
    rounds = fields.Integer(
        load_default=2,
        validate=validate.Range(min=0, max=10),
        metadata={"description": "how often wards are improved around those who help"},
    )
    seed = fields.Integer(
        load_default=1,
        validate=validate.Range(min=0, max=MAXIMUM_SEED),
        metadata={"description": "seed of the solver's chance"},
    )


class RosteringSettings(ModuleSettings):
    """What a region decides about its optimisations."""

    solve_seconds = fields.Integer(
        load_default=60,
        validate=validate.Range(min=1, max=MAXIMUM_SECONDS),
        metadata={
            "label": _l("Time limit suggested (seconds)"),
            "description": _l("How long an optimisation searches when nobody says otherwise."),
        },
    )
    max_solve_seconds = fields.Integer(
        load_default=600,
        validate=validate.Range(min=1, max=MAXIMUM_SECONDS),
        metadata={
            "label": _l("Longest time limit (seconds)"),
            "description": _l("Nobody can ask for a longer search than this."),
        },
    )
    max_joint_seconds = fields.Integer(
        load_default=3600,
        validate=validate.Range(min=10, max=MAXIMUM_JOINT_SECONDS),
        metadata={
            "label": _l("Longest time limit for several wards (seconds)"),
            "description": _l("Nobody can ask for a longer search over several wards than this."),
        },
    )
    overtime_reference = fields.String(
        load_default="month",
        validate=validate.OneOf(
            ["month", "four_weeks"], [_l("50 hours in a calendar month"), _l("48 hours in four weeks")]
        ),
        metadata={
            "label": _l("Limit of overtime"),
            "description": _l("By which of the limits of Arbetstidslagen 8 § the region goes."),
        },
    )
    notice_days = fields.Integer(
        load_default=14,
        validate=validate.Range(min=0, max=365),
        metadata={
            "label": _l("Notice of a roster (days)"),
            "description": _l(
                "A roster that is published later than this before its first date needs a reason (ATL 12 §)."
            ),
        },
    )
    workers = fields.Integer(
        load_default=2,
        validate=validate.Range(min=1, max=MAXIMUM_WORKERS),
        metadata={
            "label": _l("Workers"),
            "description": _l("Parallel workers of the solver; more than the server has cores is no gain."),
        },
    )
