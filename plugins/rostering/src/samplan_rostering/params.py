"""What an optimisation may be told, and the region's own limits for it."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from samplan.plugin_api import ModuleSettings, _l

MAXIMUM_WORKERS = 8
MAXIMUM_SECONDS = 3600
MAXIMUM_SEED = 2**31 - 1


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
    workers = fields.Integer(
        load_default=2,
        validate=validate.Range(min=1, max=MAXIMUM_WORKERS),
        metadata={
            "label": _l("Workers"),
            "description": _l("Parallel workers of the solver; more than the server has cores is no gain."),
        },
    )
