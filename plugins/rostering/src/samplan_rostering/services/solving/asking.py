"""Asking for an optimisation, and refusing one that cannot end well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from samplan.plugin_api import Invalid, TenantSession, _, ngettext
from samplan_rostering.domain.locks import LockChoice
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.parts import contradicting
from samplan_rostering.explanation.words import Words
from samplan_rostering.queries.solving.feasibility import QuickCheck, quick_check
from samplan_rostering.services.solving.cases import Search, load_case
from samplan_rostering.solver.contradictions import Contradiction


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


class Hopeless(Invalid):
    """No roster can come out of an input, or only one that lacks people whatever is done."""

    def __init__(self, message: str, fields: dict[str, list[str]], *, possible: bool) -> None:
        """Keep what is wrong, and whether a roster is possible at all."""
        super().__init__(message, fields)
        self.possible = possible


def refuse_hopeless(session: TenantSession, params: Mapping[str, Any], *, tell: bool) -> None:
    """Refuse a search that is known to fail, or to leave requirements unmet unless it is to start anyway.

    `params` are those of a run of `rostering.solve`; with `tell` people and their terms are named. What only
    the chosen locks leave unmet is wished for, and not refused.

    Raises:
        Hopeless: told at the field `source_id`, or at `start_anyway` where that would let it start.
    """
    case = load_case(session, params)
    if case.ward is None or not isinstance(case.search, Search):
        return
    found = refuse_impossible(session, case.search.ward, "source_id", tell=tell)
    if found.unmet and params["locks"] != LockChoice.PERIOD:
        found = quick_check(session.tenant_id, case.ward)
    if found.unmet and not params["start_anyway"]:
        raise _unmet(found, Words.of_ward(case.ward))


def refuse_impossible(session: TenantSession, ward: WardData, field: str, *, tell: bool = True) -> QuickCheck:
    """Return what contradicts itself in an input, where that leaves everybody a row.

    Raises:
        Hopeless: it does not; told at the field, with `tell` by name.
    """
    found = quick_check(session.tenant_id, ward)
    if not found.impossible:
        return found
    message = ngettext(
        "No roster is possible: the rules leave %(num)d person no row.",
        "No roster is possible: the rules leave %(num)d people no row.",
        len({each.employee for each in found.impossible}),
    )
    told = _lines(found.impossible, Words.of_ward(ward)) if tell else [message]
    raise Hopeless(message, {field: told}, possible=False)


def _unmet(found: QuickCheck, words: Words) -> Hopeless:
    message = ngettext(
        "%(num)d requirement cannot be met by anybody. Start anyway, and people will be missing there.",
        "%(num)d requirements cannot be met by anybody. Start anyway, and people will be missing there.",
        len(found.unmet),
    )
    return Hopeless(message, {"start_anyway": _lines(found.unmet, words)}, possible=True)


def _lines(found: Sequence[Contradiction], words: Words) -> list[str]:
    """Return each reason in a line, with its people or dates."""
    return [
        ": ".join([group.text, "; ".join(group.lines)][: 1 + bool(group.lines)])
        for group in contradicting(found, words)
    ]
