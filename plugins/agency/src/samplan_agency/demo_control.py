"""Demo data: framework agreements, call-offs and time reports for the invented invoices, and what differs.

The national agreement's prices, `NATIONAL`, are second-hand and to be confirmed; all else is invented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update

from samplan.plugin_api import TenantSession, new_id
from samplan_agency.demo_calloff import ZONES, sites_by_zone
from samplan_agency.domain.calloff import Policy
from samplan_agency.domain.keys import line_key
from samplan_agency.domain.months import plus_months
from samplan_agency.domain.time_classes import ORDINARY, class_hours
from samplan_agency.models import (
    Agreement,
    CallOff,
    CallOffAnswer,
    CallOffLine,
    CallOffRequest,
    CostLine,
    MunicipalityZone,
    Price,
    TimeReport,
)
from samplan_agency.queries.calloff.shown import reference_of
from samplan_agency.queries.control.months import invoice_months
from samplan_agency.services.calloff.steps import policy_values
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
_ANSWER_HOURS = 48
NO_PRICE = "Medicinsk sekreterare"
"""What the agreements have no price for."""
_UNREPORTED, _UNORDERED, _OTHER_ZONE = 31, 37, 13
"""Every so manieth shift has no time report, no order nor price, or an order in another zone."""
_HALF_HOUR, _HOUR = Decimal("0.5"), Decimal(1)
_NIGHT, _EVENING, _DAY = time(22), time(13, 30), time(7)
Prices: TypeAlias = Mapping[tuple[str | None, int | None, str], Decimal]
"""SEK an hour by level, zone and time of day."""


def load_control(session: TenantSession, timezone: str, now: datetime) -> None:
    """Add agreements, and for each invoiced shift an order and a time report; then control the invoices."""
    months = invoice_months(session)
    if not months:
        return
    _add_national(session)
    prices = _add_example(session, plus_months(months[0], -3))
    _add_sides(session, prices, ZoneInfo(timezone))
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


def _add_example(session: TenantSession, first: date) -> Prices:
    """Add an agreement whose prices lie where most of the invented invoices do, and return these."""
    agreement = Agreement(
        reference=EXAMPLE, name="Regionens avtal (exempeldata)", valid_from=first, source=SOURCE
    )
    session.add(agreement)
    session.flush()
    session.add_all(
        MunicipalityZone(
            agreement_id=agreement.id,
            municipality_code=code,
            municipality=site.municipality or code,
            zone=zone,
        )
        for code, (site, zone) in sites_by_zone(session).items()
    )
    usual = func.percentile_disc(0.8).within_group(CostLine.unit_price)
    keys = (CostLine.level, CostLine.category, CostLine.zone, CostLine.time_class)
    wanted = CostLine.source == "invoices", CostLine.unit_price > 0, *(column.is_not(None) for column in keys)
    found = session.execute(select(*keys, usual).where(*wanted).group_by(*keys)).all()
    prices = {tuple(key): amount.quantize(Decimal(1), ROUND_CEILING) for *key, amount in found}
    for level, category in sorted({key[:2] for key in prices}):  # an ordinary hour has a price in every zone
        usual = max(amount for key, amount in prices.items() if key[0] == level)
        for zone in range(1, ZONES + 1):
            prices.setdefault((level, category, zone, ORDINARY), usual)
    rows = [_price(agreement, *key, amount, first, SOURCE) for key, amount in prices.items()]
    if rows:
        session.execute(insert(Price), rows)
    return {(level, zone, name): amount for (level, _category, zone, name), amount in prices.items()}


def _price(agreement: Agreement, *values: Any) -> dict[str, Any]:
    names = ("level", "category", "zone", "time_class", "per_hour", "valid_from", "source")
    return {"agreement_id": agreement.id, **dict(zip(names, values, strict=True))}


def _add_sides(session: TenantSession, prices: Prices, zone: ZoneInfo) -> None:
    """Add a call-off for each unit and month, with what was confirmed and worked of it."""
    sides = _Sides(session, prices, zone)
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
        sides.add(number, month, found)
    sides.write()


class _Sides:
    """The orders, confirmations and time reports of invoiced shifts; some of them differ from the invoice."""

    def __init__(self, session: TenantSession, prices: Prices, zone: ZoneInfo) -> None:
        self._session, self._prices, self._zone = session, prices, zone
        self._requests: list[dict[str, Any]] = []
        self._ordered: list[dict[str, Any]] = []
        self._answers: list[dict[str, Any]] = []
        self._reports: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._references: list[dict[str, Any]] = []
        self._place = 0

    def write(self) -> None:
        """Write what was added, kind by kind."""
        kinds = (
            (insert(CallOffRequest), self._requests),
            (insert(CallOffLine), self._ordered),
            (insert(CallOffAnswer), self._answers),
            (insert(TimeReport), [*self._reports.values()]),
            (update(CostLine), self._references),
        )
        for statement, rows in kinds:
            if rows:
                self._session.execute(statement, rows)

    def add(self, number: int, month: date, lines: Sequence[CostLine]) -> None:
        """Add the call-off of a unit's month, made two weeks before: its suppliers were asked in turn."""
        made = datetime.combine(month, time(8), UTC) - timedelta(days=14)
        policy = policy_values(Policy(lead_hours=24, max_price=Decimal(2900)))
        call_off = CallOff(
            id=new_id(), number=number, state="closed", policy=policy, answer_hours=_ANSWER_HOURS
        )
        call_off.made_at, call_off.sent_at = made, made + timedelta(hours=2)
        asked = {
            supplier: made + timedelta(hours=2 + 20 * place)
            for place, supplier in enumerate(dict.fromkeys(line.supplier_id for line in lines))
        }
        call_off.ended_at = max(asked.values()) + timedelta(hours=30)
        self._session.add(call_off)
        self._session.flush()
        self._requests += [
            {
                "call_off_id": call_off.id,
                "supplier_id": supplier,
                "rank": rank,
                "sent_at": at,
                "deadline": at + timedelta(hours=_ANSWER_HOURS),
                "state": "answered",
            }
            for rank, (supplier, at) in enumerate(asked.items(), start=1)
        ]
        for line in lines:
            self._place += 1
            self._add_line(call_off, self._place, line, asked[line.supplier_id])

    def _add_line(self, call_off: CallOff, place: int, line: CostLine, asked: datetime) -> None:
        hours = line.hours or _HOUR
        reference = {"tenant_id": line.tenant_id, "id": line.id, "level": line.level}
        reference["order_reference"] = line.order_reference
        if place % _UNORDERED == 0:
            reference["level"] = NO_PRICE
        elif place % 11:
            reference["order_reference"] = reference_of(call_off.number)
        self._references.append(reference)
        if place % _UNREPORTED:
            cut = _HALF_HOUR if place % 17 == 0 else _HOUR if place % 23 == 0 else Decimal(0)
            report = _report(line, max(hours - cut, _HALF_HOUR))
            same = self._reports.setdefault((line.supplier_id, line.consultant, line.work_date), report)
            if same is not report:
                same["hours"] = min(same["hours"] + report["hours"], Decimal(24))
        if place % _UNORDERED:
            self._confirm(call_off, place, line, asked)

    def _confirm(self, call_off: CallOff, place: int, line: CostLine, asked: datetime) -> None:
        key = new_id()
        answered = asked + timedelta(hours=3 + 7 * place % 24)
        ordered = self._order(call_off, line, key, place)
        agreed = ordered["expected_price"]
        dear = agreed is not None and line.unit_price is not None and line.unit_price > agreed
        self._ordered.append(ordered)
        self._answers.append(
            {
                "line_id": key,
                "supplier_id": line.supplier_id,
                "consultant": line.consultant,
                "price": line.unit_price if not dear or place % 3 == 0 else agreed,
                "outside": "above" if dear and place % 3 == 0 else "",
                "state": "confirmed",
                "answered_at": answered,
                "confirmed_at": answered + timedelta(hours=1 + place % 5),
            }
        )

    def _order(self, call_off: CallOff, line: CostLine, key: UUID, place: int) -> dict[str, Any]:
        """Return the shift as it was ordered: at the time of day that is billed, a few in another zone."""
        clock = {"night": _NIGHT, "evening": _EVENING}.get(line.time_class, _DAY)
        begins = datetime.combine(line.work_date or line.work_month, clock, self._zone)
        pause = 0 if line.time_class == "night" else 30
        ends = begins.astimezone(UTC) + timedelta(minutes=int((line.hours or _HOUR) * 60) + pause)
        zone = line.zone - 1 if line.zone in {2, 3} and place % _OTHER_ZONE == 0 else line.zone
        hours = class_hours(begins, ends.astimezone(self._zone), pause)
        prices = {name: self._prices.get((line.level, zone, name)) for name in hours}
        return {
            "id": key,
            "call_off_id": call_off.id,
            "unit_id": line.unit_id,
            "starts_at": begins,
            "ends_at": ends,
            "break_minutes": pause,
            "shift": line.shift or "D",
            "level": line.level,
            "zone": zone,
            "people": 1,
            "expected_price": self._prices.get((line.level, zone, line.time_class)),
            "prices": {name: str(price) for name, price in prices.items() if price is not None},
            "known_at": call_off.made_at - timedelta(hours=place % 9),
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
