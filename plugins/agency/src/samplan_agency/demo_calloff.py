"""Demo data: call-offs in every state, with shifts to come and what invented suppliers answered.

Sites of the region get price zones by the example's agreement, because zones are what prices go by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from samplan.plugin_api import OrgUnit, Site, TenantSession, new_id
from samplan_agency.domain.calloff import Policy, Times, judge_offer
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest, Supplier
from samplan_agency.queries.calloff.wanted import Pricer, WantedShift, suppliers_in_order
from samplan_agency.services.calloff.steps import line_of, policy_values

ZONES = 3
ANSWER_HOURS = 48
USUAL = Policy(lead_hours=24, max_price=Decimal(2900))
DEAR = Policy(times=Times.WEEKENDS_NIGHTS, lead_hours=48, max_price=Decimal(2900))
NURSE, PHYSICIAN = "Legitimerad sjuksköterska", "Specialistläkare"
SKILLS: Mapping[str, str] = {NURSE: "SSK", PHYSICIAN: "LÄK"}
CLOCKS: Mapping[str, tuple[time, time, int]] = {
    "D": (time(7), time(15, 30), 30),
    "K": (time(13, 30), time(22), 30),
    "N": (time(21, 30), time(7, 15), 0),
}
"""When shifts begin and end, and the minutes of their breaks."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a supplier answered, so many hours after it was asked, and whether it was confirmed.

    It offers people for the first `offers` shifts, has said nothing yet of the last `silent` ones, and has
    nobody for those between; its people cost `extra` SEK an hour more than agreed.
    """

    after: int
    offers: int = 0
    silent: int = 0
    extra: int = 0
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """An invented call-off: the unit, the shifts (days ahead, shift), sent so many days ago at an hour.

    `told` has a place for each supplier that was asked, in their order: None for one that did not answer.
    `known` is how many hours before the shifts were handed over.
    """

    unit: str
    level: str
    shifts: tuple[tuple[int, str], ...]
    days_ago: int
    hour: int
    told: tuple[Told | None, ...] = ()
    state: str = "sent"
    policy: Policy = USUAL
    known: int = 20


_NOBODY = Told(5)
EXAMPLES = (
    # All confirmed, some above what is agreed; nobody in the end; withdrawn.
    Example("ex-medicin", NURSE, ((12, "D"), (13, "D"), (14, "K")), 9, 10,
            (Told(7, 2, confirmed=True), Told(20, 3, extra=35, confirmed=True)), "closed", known=31),
    Example("ex-kirurgi", PHYSICIAN, ((16, "N"), (17, "N")), 8, 9, (_NOBODY,) * 6, policy=DEAR, known=44),
    Example("ex-hc-sodra", NURSE, ((15, "D"),), 6, 13, (None,), "withdrawn"),
    # Time has passed for the first; the first had nobody; some of two offered, the rest asked on.
    Example("ex-akut", NURSE, ((18, "K"), (19, "N")), 3, 9, (None, None), known=26),
    Example("ex-bup", NURSE, ((20, "D"),), 2, 11, (_NOBODY, None), known=8),
    Example("ex-vuxenpsykiatri", NURSE, ((21, "N"), (22, "N"), (23, "N")), 2, 8,
            (Told(4, 1), Told(9, 1), None), policy=DEAR, known=18),
    # All offered, not confirmed yet; partly answered; waiting; not sent.
    Example("ex-vuxenpsykiatri", PHYSICIAN, ((24, "D"), (25, "D")), 1, 9, (Told(3, 2, extra=60),), known=52),
    Example("ex-medicin", NURSE, ((26, "D"), (26, "K"), (27, "D")), 1, 13, (Told(2, 1, silent=2),), known=15),
    Example("ex-kirurgi", NURSE, ((28, "N"), (29, "N")), 1, 15, (None,), policy=DEAR, known=12),
    Example("ex-medicin", NURSE, ((33, "K"), (34, "D")), 1, 16, state="draft"),
)  # fmt: skip


def sites_by_zone(session: TenantSession) -> Mapping[str, tuple[Site, int]]:
    """Return a site of each municipality that has one, and the invented price zone of the municipality."""
    wanted = Site.municipality_code.is_not(None), Site.municipality_code != ""
    sites = session.scalars(select(Site).where(*wanted).order_by(Site.code)).all()
    first = {site.municipality_code or "": site for site in reversed(sites)}
    return {code: (first[code], 1 + place % ZONES) for place, code in enumerate(sorted(first))}


def load_call_offs(session: TenantSession, timezone: str, today: date) -> None:
    """Add the examples; the suppliers, their prices and the units are there already."""
    units = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    number = session.scalar(select(func.max(CallOff.number))) or 0
    desk = _Desk(session, ZoneInfo(timezone), today)
    for example in EXAMPLES:
        if example.unit in units:
            number += 1
            desk.add(example, units[example.unit], number)
    session.flush()


class _Desk:
    """Who calls off: the suppliers in their order, what they cost, and the day it is."""

    def __init__(self, session: TenantSession, zone: ZoneInfo, today: date) -> None:
        self._session, self._zone, self._today = session, zone, today
        self._suppliers, self._pricer = suppliers_in_order(session), Pricer(session)
        self._person = 2000

    def add(self, example: Example, unit_id: UUID, number: int) -> None:
        """Add a call-off with its shifts, who was asked, and what they answered."""
        made = self._at(self._today - timedelta(example.days_ago), time(example.hour))
        call_off = CallOff(
            id=new_id(),
            number=number,
            state=example.state,
            policy=policy_values(example.policy),
            answer_hours=ANSWER_HOURS,
            made_at=made - timedelta(minutes=20),
            sent_at=None if example.state == "draft" else made,
        )
        self._session.add(call_off)
        self._session.flush()
        lines = self._lines(call_off, example, unit_id, made)
        ended = self._ask(call_off, example.told, lines, made)
        if example.state in {"closed", "withdrawn"}:
            call_off.ended_at = ended

    def _at(self, on: date, clock: time) -> datetime:
        return datetime.combine(on, clock, self._zone)

    def _lines(self, call_off: CallOff, example: Example, unit_id: UUID, made: datetime) -> list[CallOffLine]:
        wanted = [self._wanted(example, unit_id, ahead, shift) for ahead, shift in example.shifts]
        judged = self._pricer.judge(wanted, example.policy, made, self._zone)
        known = made - timedelta(hours=example.known)
        lines = [line_of(call_off.id, example.policy, priced, known) for priced in judged]
        self._session.add_all(lines)
        self._session.flush()
        return lines

    def _wanted(self, example: Example, unit_id: UUID, ahead: int, shift: str) -> WantedShift:
        begins, ends, pause = CLOCKS[shift]
        on = self._today + timedelta(ahead)
        return WantedShift(
            unit_id=unit_id,
            starts_at=self._at(on, begins),
            ends_at=self._at(on + timedelta(ends < begins), ends),
            break_minutes=pause,
            shift=shift,
            level=example.level,
            people=1,
            skill=SKILLS[example.level],
        )

    def _ask(
        self, call_off: CallOff, told: Sequence[Told | None], lines: Sequence[CallOffLine], asked: datetime
    ) -> datetime:
        """Add who was asked, each when the one before was done, and the answers; return when it was over."""
        left = list(lines)
        for rank, (supplier, said) in enumerate(zip(self._suppliers, told, strict=False), start=1):
            deadline = asked + timedelta(hours=ANSWER_HOURS)
            request = CallOffRequest(
                call_off_id=call_off.id,
                supplier_id=supplier.id,
                rank=rank,
                sent_at=asked,
                deadline=deadline,
                state="sent" if said is None or said.silent else "answered",
            )
            if said is None and call_off.state == "withdrawn":
                request.state, deadline = "withdrawn", asked + timedelta(hours=6)
            self._session.add(request)
            asked = deadline
            if said is not None:
                asked = request.sent_at + timedelta(hours=said.after)
                left = self._answer(supplier, said, left, asked)
        return asked

    def _answer(
        self, supplier: Supplier, said: Told, lines: Sequence[CallOffLine], at: datetime
    ) -> list[CallOffLine]:
        """Add a supplier's answers to these lines, and return those that it has nobody for."""
        refused = []
        for place, line in enumerate(lines[: len(lines) - said.silent]):
            agreed = self._pricer.agreed(line, supplier.id, self._zone)
            answer = CallOffAnswer(line_id=line.id, supplier_id=supplier.id, answered_at=at, state="refused")
            if place < said.offers and agreed is not None:
                self._person += 1
                price = agreed + said.extra
                answer.consultant, answer.price, answer.state = f"K{self._person}", price, "offered"
                answer.outside = judge_offer(price, agreed).value
                if said.confirmed:
                    answer.state, answer.confirmed_at = "confirmed", at + timedelta(hours=1)
            else:
                refused.append(line)
            self._session.add(answer)
        return refused
