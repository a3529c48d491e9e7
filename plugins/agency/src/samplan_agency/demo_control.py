"""Demo data: framework agreements, call-offs and time reports for the invented invoices, and what differs.

The national agreement's prices, `NATIONAL`, are second-hand and to be confirmed; all else is invented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import func, insert, select, update

from samplan.plugin_api import TenantSession, new_id
from samplan_agency.domain.keys import line_key
from samplan_agency.domain.months import plus_months
from samplan_agency.models import (
    Agreement,
    CallOff,
    CallOffAnswer,
    CallOffLine,
    CostLine,
    Price,
    TimeReport,
)
from samplan_agency.queries.calloffs import reference_of
from samplan_agency.queries.control import invoice_months
from samplan_agency.services.control import renew_control

SECOND_HAND = "Andrahandsuppgift om ramavtalets priser 2026, att bekräfta mot prisbilagan"
# Professional category, profession, and SEK an hour in zone 1, 2 and 3.
NATIONAL = (
    ("Legitimerad sjuksköterska", "nurse", (616, 660, 715)),
    ("Specialistsjuksköterska psykiatrisk vård", "nurse", (715, 770, 824)),
    ("Specialistsjuksköterska ambulanssjukvård", "nurse", (715, 770, 824)),
    ("Specialistsjuksköterska barn och ungdom", "nurse", (715, 770, 824)),
    ("Specialistsjuksköterska akutsjukvård", "nurse", (715, 770, 824)),
    ("Specialistsjuksköterska anestesi", "nurse", (770, 824, 880)),
    ("Specialistsjuksköterska intensivvård", "nurse", (770, 824, 880)),
    ("Specialistsjuksköterska operationssjukvård", "nurse", (770, 824, 880)),
    ("ST-läkare", "physician", (847, 1040, 1233)),
    ("Specialistläkare akutsjukvård", "physician", (1238, 1513, 1787)),
    ("Specialistläkare anestesi och intensivvård", "physician", (1238, 1513, 1787)),
    ("Specialistläkare internmedicin", "physician", (1238, 1513, 1787)),
    ("Specialistläkare barn- och ungdomsmedicin", "physician", (1238, 1513, 1787)),
    ("Specialistläkare geriatrik", "physician", (1238, 1513, 1787)),
    ("Specialistläkare psykiatri", "physician", (1457, 1678, 1953)),
)
EXAMPLE, SOURCE = "EX-AVTAL-1", "exempeldata"
_HALF_HOUR, _HOUR = Decimal("0.5"), Decimal(1)


def load_control(session: TenantSession, timezone: str, now: datetime) -> None:
    """Add agreements, and for each invoiced shift an order and a time report; then control the invoices."""
    months = invoice_months(session)
    if not months:
        return
    _add_national(session)
    _add_example(session, plus_months(months[0], -3))
    _add_sides(session)
    for month in months:
        renew_control(session, month, timezone, now)


def _add_national(session: TenantSession) -> None:
    agreement = Agreement(
        reference="RS 2022-03983",
        name="Samordnad upphandling av hyrpersonal",
        valid_from=date(2024, 1, 1),
        valid_to=date(2027, 12, 31),
        source=SECOND_HAND,
    )
    session.add(agreement)
    session.flush()
    rows = [
        _price(agreement, level, category, zone, "ordinary", Decimal(amount), date(2026, 1, 1), SECOND_HAND)
        for level, category, amounts in NATIONAL
        for zone, amount in enumerate(amounts, start=1)
    ]
    session.execute(insert(Price), rows)


def _add_example(session: TenantSession, first: date) -> None:
    """Add an agreement whose prices lie where most of the invented invoices do."""
    agreement = Agreement(
        reference=EXAMPLE, name="Regionens avtal (exempeldata)", valid_from=first, source=SOURCE
    )
    session.add(agreement)
    session.flush()
    usual = func.percentile_disc(0.8).within_group(CostLine.unit_price)
    keys = (CostLine.level, CostLine.category, CostLine.zone, CostLine.time_class)
    wanted = CostLine.source == "invoices", CostLine.unit_price > 0, *(column.is_not(None) for column in keys)
    found = session.execute(select(*keys, usual).where(*wanted).group_by(*keys)).all()
    rows = [
        _price(agreement, *key, amount.quantize(Decimal(1), ROUND_CEILING), first, SOURCE)
        for *key, amount in found
    ]
    if rows:
        session.execute(insert(Price), rows)


def _price(agreement: Agreement, *values: Any) -> dict[str, Any]:
    names = ("level", "category", "zone", "time_class", "per_hour", "valid_from", "source")
    return {"agreement_id": agreement.id, **dict(zip(names, values, strict=True))}


def _add_sides(session: TenantSession) -> None:
    """Add a call-off for each unit and month, with what was confirmed and worked of it."""
    groups: dict[tuple[date, Any], list[CostLine]] = defaultdict(list)
    named = (CostLine.work_date, CostLine.unit_id, CostLine.supplier_id, CostLine.consultant, CostLine.level)
    lines = session.scalars(
        select(CostLine)
        .where(CostLine.source == "invoices", CostLine.hours > 0, *(part.is_not(None) for part in named))
        .order_by(CostLine.work_month, CostLine.unit_id, CostLine.row_number)
    )
    for line in lines:
        groups[line.work_month, line.unit_id].append(line)
    before = session.scalar(select(func.max(CallOff.number))) or 0
    for number, ((month, _unit), found) in enumerate(groups.items(), start=before + 1):
        _call_off(session, number, month, found)


def _call_off(session: TenantSession, number: int, month: date, lines: Sequence[CostLine]) -> None:
    made = datetime.combine(month, time(8), UTC) - timedelta(days=14)
    call_off = CallOff(number=number, state="closed", made_at=made, sent_at=made, ended_at=made)
    session.add(call_off)
    session.flush()
    ordered, answers, reports, references = [], [], dict[tuple[Any, ...], dict[str, Any]](), []
    for place, line in enumerate(lines, start=1):
        key, hours = new_id(), line.hours or _HOUR
        ordered.append(_ordered(call_off, line, key, made))
        answers.append(
            {
                "line_id": key,
                "supplier_id": line.supplier_id,
                "consultant": line.consultant,
                "price": line.unit_price,
                "state": "confirmed",
                "answered_at": made,
                "confirmed_at": made,
            }
        )
        cut = _HALF_HOUR if place % 17 == 0 else _HOUR if place % 23 == 0 else Decimal(0)
        report = _report(line, max(hours - cut, _HALF_HOUR))
        same = reports.setdefault((line.supplier_id, line.consultant, line.work_date), report)
        if same is not report:
            same["hours"] = min(same["hours"] + report["hours"], Decimal(24))
        if place % 11:
            references.append(
                {"tenant_id": line.tenant_id, "id": line.id, "order_reference": reference_of(number)}
            )
    session.execute(insert(CallOffLine), ordered)
    session.execute(insert(CallOffAnswer), answers)
    session.execute(insert(TimeReport), list(reports.values()))
    if references:
        session.execute(update(CostLine), references)


def _ordered(call_off: CallOff, line: CostLine, key: Any, made: datetime) -> dict[str, Any]:
    begins = datetime.combine(line.work_date or line.work_month, time(6), UTC)
    minutes = int((line.hours or _HOUR) * 60)
    return {
        "id": key,
        "call_off_id": call_off.id,
        "unit_id": line.unit_id,
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=minutes + 30),
        "break_minutes": 30,
        "shift": line.shift or "D",
        "level": line.level,
        "zone": line.zone,
        "people": 1,
        "known_at": made,
    }


def _report(line: CostLine, hours: Decimal) -> dict[str, Any]:
    return {
        "supplier_id": line.supplier_id,
        "consultant": line.consultant,
        "unit_id": line.unit_id,
        "work_date": line.work_date,
        "break_minutes": 30,
        "hours": hours,
        "line_key": line_key(f"{line.supplier_id}||{line.consultant}|{line.work_date}|"),
    }
