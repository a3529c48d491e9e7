"""The runs of optimisations."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from samplan.plugin_api import JobRun, TenantSession, _
from samplan_rostering import labels
from samplan_rostering.domain.rules import Rule


def newest_run(session: TenantSession, subject: str) -> JobRun | None:
    """Return the run about `subject` that was asked for last."""
    return session.scalar(select(JobRun).where(JobRun.subject == subject).order_by(JobRun.id.desc()).limit(1))


def reasons(run: JobRun | None, names: Mapping[str, str]) -> list[str]:
    """Return why a run found that there can be no roster, a line for each person; `names` by code."""
    if run is None or run.status != "failed" or run.error_code != "infeasible":
        return []
    lines = []
    for reason in (run.error_details or {}).get("reasons", ()):
        rules = ", ".join(str(labels.RULES[Rule(rule)]) for rule in reason["rules"])
        line = _("%(name)s cannot keep all of: %(rules)s", name=_name(reason, names), rules=rules)
        if reason["minutes"] is not None and reason["limit"] is not None:
            possible = labels.clock_minutes(reason["minutes"])
            asked = labels.clock_minutes(reason["limit"])
            line += " " + _("(possible: %(possible)s, asked for: %(asked)s)", possible=possible, asked=asked)
        lines.append(line)
    return lines


def _name(reason: Mapping[str, str], names: Mapping[str, str]) -> str:
    return names.get(reason["employee"]) or reason["employee"]
