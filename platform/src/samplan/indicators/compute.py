"""The job that computes indicators: of every enabled module or one, for the newest periods or a given one."""

from __future__ import annotations

from itertools import islice
from typing import Any

import structlog
from marshmallow import ValidationError, fields, validate, validates_schema

from samplan.api.schemas import StrictSchema
from samplan.clock import local_now
from samplan.db.session import TenantSession
from samplan.errors import SamplanError
from samplan.i18n import _, _l
from samplan.indicators.periods import ended, is_whole
from samplan.indicators.service import Note, find_spec, record_value
from samplan.jobs.context import JobContext, JobFailed, Outcome
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period, load

JOB = "core.compute_indicators"
# Late data change the latest periods: they are computed anew, and kept as new versions where they differ.
PERIODS = 3

log = structlog.get_logger(__name__)


class ComputeSchema(StrictSchema):
    """What to compute: all or one indicator, for the newest periods that are over, or for a given one."""

    indicator = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    periods = fields.Integer(load_default=PERIODS, validate=validate.Range(min=1, max=60))

    @validates_schema
    def _check_period(self, data: dict[str, Any], **_options: object) -> None:
        start, end = data.get("start"), data.get("end")
        if (start is None) != (end is None):
            raise ValidationError(_("Give both days of the period, or neither."), "end")
        if start is not None and end < start:
            raise ValidationError(_("The last day is before the first."), "end")


def compute_indicators(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Compute and record; what is as it was before gets no new version, what is not known no value."""
    work = [
        (spec, period) for spec in _specs(ctx, params["indicator"]) for period in _periods(ctx, spec, params)
    ]
    found: list[tuple[IndicatorSpec, Period, IndicatorValue]] = []
    failed: list[str] = []
    for done, (spec, period) in enumerate(work):
        if not ctx.progress(100.0 * done / len(work), phase=_l("Computing indicators")):
            break
        try:
            with ctx.unit_of_work() as session:
                found.append((spec, period, load(str(spec.compute))(session, period)))
        except SamplanError as error:
            log.warning("indicator_failed", indicator=spec.name, code=error.code)
            failed.append(spec.name)
    if failed and not found:
        raise JobFailed("no_indicator_computed", _l("None of the indicators could be computed."))

    def write(session: TenantSession) -> None:
        for spec, period, value in found:
            note = Note("computed", str(spec.source), by=ctx.requested_by)
            record_value(session, spec, period, value, note)

    values = sum(value.value is not None for *_which, value in found)
    result = {"values": values, "link": {"endpoint": "core.indicators"}}
    return Outcome(result | ({"failed": ", ".join(sorted(set(failed)))} if failed else {}), write)


def _specs(ctx: JobContext, name: str | None) -> list[IndicatorSpec]:
    """Return the indicators to compute; raises `JobFailed` for one that cannot be."""
    enabled = ctx.tenant.enabled_modules
    if name is not None:
        spec = find_spec(ctx.modules, enabled, name)
        if spec.compute is None:
            raise JobFailed("manual_series", _l("The values of this indicator are entered by hand."))
        return [spec]
    specs = ctx.modules.indicators().values()
    return [s for s in specs if s.compute is not None and s.name.partition(".")[0] in enabled]


def _periods(ctx: JobContext, spec: IndicatorSpec, params: dict[str, Any]) -> list[Period]:
    if params["start"] is not None:
        period = Period(params["start"], params["end"])
        if is_whole(spec.period, period):
            return [period]
        if params["indicator"] is None:
            return []  # of the others, those of this kind of period are meant
        raise JobFailed(
            "not_a_whole_period", _l("The days are not one whole period of the indicator's kind.")
        )
    today = local_now(ctx.clock, ctx.tenant.timezone).date()
    return list(islice(ended(spec.period, today), params["periods"]))
