"""What a run says about itself, in words and in the language of the request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from samplan.audit.queries import names_of_people
from samplan.i18n import _, _l
from samplan.ids import parse_uuid
from samplan.jobs.models import JobRun
from samplan.modules.contributions import Text
from samplan.web.formats import show_duration, show_number
from samplan.web.request import current_core, current_session

# What an optimisation says of what it has found.
OUTCOMES: dict[str, Text] = {
    "optimal": _l("Proven best"),
    "feasible": _l("Allowed, perhaps not the best"),
    "infeasible": _l("Nothing is allowed"),
    "unknown": _l("Nothing was found in time"),
}
Pairs = tuple[tuple[str, str], ...]


def starter(run: JobRun) -> str:
    """Return who asked for the run, by name."""
    if run.requested_by is None:
        return _("The system")
    if "people" not in g:  # a list of runs asks for each of them
        g.people = names_of_people(current_session()).accounts
    people: dict[UUID, str] = g.people
    return people.get(run.requested_by) or _("Somebody outside the region")


def about(run: JobRun) -> str:
    """Return what the run is about besides its kind; empty where that says it all."""
    kind, _colon, key = (run.subject or "").partition(":")
    spec = current_core().modules.indicators().get(key) if kind == "indicator" else None
    return str(spec.title) if spec else ""


def duration(run: JobRun) -> str:
    """Return how long the run took; empty until it has ended."""
    if run.started_at is None or run.finished_at is None:
        return ""
    return show_duration(run.finished_at - run.started_at)


def figures(run: JobRun) -> Pairs:
    """Return the values of the result for people, with labels that the modules translate; no ids.

    The price of what was found stands with the progress already, beside its proven limit.
    """
    priced = "incumbent" in run.progress
    return tuple(
        (_label(name), _shown(name, value))
        for name, value in _values(run)
        if not _is_id(value) and not (name == "objective" and priced)
    )


def faults(run: JobRun) -> int:
    """Return how many faults a run that ended well found in what it was given, such as a file."""
    found = (run.result or {}).get("faults")
    return found if run.status == "succeeded" and isinstance(found, int) else 0


def technical(run: JobRun) -> Pairs:
    """Return what helps who is asked for help: ids and codes."""
    pairs = [(_("Run"), str(run.id)), (_("Kind of run"), run.job_type)]
    pairs += [(_("About"), run.subject)] if run.subject else []
    pairs += [(_label(name), str(value)) for name, value in _values(run) if _is_id(value)]
    pairs += [(_("Error code"), run.error_code)] if run.error_code else []
    pairs += [(_("Error number"), run.error_id)] if run.error_id else []
    return tuple(pairs)


def _values(run: JobRun) -> list[tuple[str, Any]]:
    found = (run.result or {}).items()
    return [(n, v) for n, v in found if isinstance(v, str | int | float) and not isinstance(v, bool)]


def _label(name: str) -> str:
    return _(name.replace("_", " ").capitalize())


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and parse_uuid(value) is not None


def _shown(name: str, value: Any) -> str:
    if isinstance(value, str):
        return str(OUTCOMES.get(value, value)) if name == "status" else value
    return show_number(value, 0 if value == int(value) else 1)
