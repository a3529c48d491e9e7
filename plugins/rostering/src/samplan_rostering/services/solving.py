"""Asking for an optimisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from samplan.plugin_api import Invalid, _


def subject_of(source_id: UUID) -> str:
    """Return what the run of an optimisation is about."""
    return f"rostering:{source_id}"


def subject_of_scenario(scenario_id: UUID) -> str:
    """Return what the run of a scenario is about."""
    return f"scenario:{scenario_id}"


def check_limits(settings: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse a search longer than the region allows; raises `Invalid`."""
    limit = settings["max_solve_seconds"]
    if params["seconds"] > limit:
        message = _("at most %(limit)s seconds", limit=limit)
        raise Invalid(_("The time limit is longer than the region allows."), {"seconds": [message]})
