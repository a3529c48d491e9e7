"""Background work: a delivery is looked through, and read in."""

from __future__ import annotations

from typing import Any

from samplan.plugin_api import JobContext, JobFailed, Outcome, _l
from samplan_agency.models import Delivery
from samplan_agency.services.deliveries.kept_lines import forget_lines
from samplan_agency.services.deliveries.steps import check_delivery, get_delivery, read_delivery

CHECKING = _l("Looking through the file")
READING = _l("Reading the file in")
CHANGED = _l("The delivery has been changed since; nothing has been read in.")
STOPPED = _l("The run was stopped; nothing has been read in.")


def run_delivery(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Check a delivery or read it in, in one transaction; what it found stands with the delivery.

    Raises:
        JobFailed: the delivery is not as it was when the run was asked for, or the run was stopped.
    """
    phase = READING if params["step"] == "read" else CHECKING
    ctx.progress(pct=0, phase=phase)

    def tell(rows: int) -> None:
        if not ctx.progress(phase=phase, rows=rows):
            raise JobFailed("stopped", str(STOPPED))

    with ctx.unit_of_work() as session:
        delivery = get_delivery(session, params["delivery_id"], lock=True)
        if delivery.run_id != ctx.run_id or delivery.state in {"read", "cancelled"}:
            raise JobFailed("outdated", str(CHANGED))
        if params["step"] == "check":
            check_delivery(session, delivery, tell)
        elif delivery.state == "checked":
            if read_delivery(session, delivery, ctx.clock.now(), tell):
                # As late as can be: a control of invoices while it was read in has not seen it.
                delivery.read_at = ctx.clock.now()
        else:
            raise JobFailed("outdated", str(CHANGED))
        tell(delivery.rows)
        result = _result(delivery)
    with ctx.unit_of_work() as session:
        forget_lines(session)
    return Outcome(result)


def _result(delivery: Delivery) -> dict[str, Any]:
    link = {"endpoint": "agency.delivery", "values": {"delivery_id": str(delivery.id)}}
    return {"rows": delivery.rows, "faults": delivery.fault_count, "link": link}
