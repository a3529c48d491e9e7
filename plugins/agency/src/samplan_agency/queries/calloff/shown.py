"""Call-offs as pages and files show them: the shifts, who was asked, who answered what, and the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from samplan.plugin_api import OrgUnit, TenantSession, _
from samplan_agency.domain.calloff import Figures, Preview, Shift, preview
from samplan_agency.domain.matching import reference_key
from samplan_agency.domain.time_classes import CLOCK_CLASSES
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.queries.costs.remembered import remembered_by
from samplan_agency.queries.names import supplier_names
from samplan_agency.queries.rows import get_row

PAGE = 50
"""How many call-offs a page lists."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with the supplier's name."""

    row: CallOffAnswer
    supplier: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A shift of a call-off by its number, with the region's clock times, and the answers to it."""

    number: int
    row: CallOffLine
    unit: str
    begins: datetime
    ends: datetime
    answers: tuple[AnswerView, ...]

    @property
    def shift(self) -> Shift:
        """The shift as it is priced."""
        row = self.row
        prices = {name: Decimal(price) for name, price in row.prices.items()}
        if not prices and row.expected_price is not None:  # kept before hours were priced by class
            prices = dict.fromkeys(CLOCK_CLASSES, row.expected_price)
        return Shift(self.begins, self.ends, row.break_minutes, row.people, prices)

    @property
    def confirmed(self) -> int:
        """How many people are confirmed."""
        return sum(answer.row.state == "confirmed" for answer in self.answers)

    @property
    def missing(self) -> int:
        """How many people nobody has offered for what the call-off may cost."""
        taken = sum(
            answer.row.state == "confirmed" or (answer.row.state == "offered" and not self.too_dear(answer))
            for answer in self.answers
        )
        return max(self.row.people - taken, 0)

    def too_dear(self, answer: AnswerView) -> bool:
        """Tell whether an offer costs more than the highest price."""
        most, price = self.row.max_price, answer.row.price
        return most is not None and price is not None and price > most


@dataclass(frozen=True, slots=True)
class RequestView:
    """A supplier who was asked, by name."""

    row: CallOffRequest
    supplier: str


@dataclass(frozen=True, slots=True)
class CallOffView:
    """A call-off with everything that belongs to it."""

    row: CallOff
    lines: tuple[LineView, ...]
    requests: tuple[RequestView, ...]

    @property
    def reference(self) -> str:
        """What suppliers state on invoices."""
        return reference_of(self.row.number)

    def wanted(self, since: datetime) -> list[LineView]:
        """Return the shifts that lack people and had not begun at a moment."""
        return [line for line in self.lines if line.missing and line.row.starts_at > since]

    @property
    def preview(self) -> Preview:
        """What it is expected to cost."""
        return preview(line.shift for line in self.lines)

    @property
    def confirmed(self) -> int:
        """How many people are confirmed."""
        return sum(line.confirmed for line in self.lines)


@dataclass(frozen=True, slots=True)
class CallOffSummary:
    """A call-off in the list: people asked for and confirmed, units, and when the first shift begins."""

    row: CallOff
    units: str
    people: int
    confirmed: int
    first: datetime | None
    last: datetime | None


def reference_of(number: int) -> str:
    """Return the reference of a call-off, such as AVROP-12: the same word in every language."""
    return f"AVROP-{number}"


def newest_call_off(session: TenantSession) -> CallOff | None:
    """Return the call-off that was made last; its policy is the usual one until something else is said."""
    return session.scalars(select(CallOff).order_by(CallOff.number.desc()).limit(1)).first()


def named_call_offs(session: TenantSession, references: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of the call-offs that references name, by the reference as it stands."""
    numbers = {}
    for reference in references:
        number = reference_key(reference).removeprefix(reference_key(reference_of(0))[:-1])
        if number.isascii() and number.isdigit() and len(number) < 10:
            numbers[reference] = int(number)
    rows = session.execute(
        select(CallOff.number, CallOff.id).where(CallOff.number.in_(sorted(set(numbers.values()))))
    )
    ids = dict(rows.all())
    return {reference: ids[number] for reference, number in numbers.items() if number in ids}


def call_off_view(session: TenantSession, call_off_id: UUID, zone: ZoneInfo) -> CallOffView:
    """Return a call-off; raises `NotFound`."""
    row = get_row(session, CallOff, call_off_id, _("There is no such call-off."))
    names = supplier_names(session)
    lines = session.execute(
        select(CallOffLine, OrgUnit.name)
        .join(OrgUnit, OrgUnit.id == CallOffLine.unit_id)
        .where(CallOffLine.call_off_id == row.id)
        .order_by(CallOffLine.starts_at, CallOffLine.id)
    ).all()
    answers = _answers(session, [line.id for line, _unit in lines], names)
    requests = session.scalars(
        select(CallOffRequest).where(CallOffRequest.call_off_id == row.id).order_by(CallOffRequest.rank)
    )
    return CallOffView(
        row,
        tuple(
            LineView(
                number,
                line,
                unit,
                line.starts_at.astimezone(zone),
                line.ends_at.astimezone(zone),
                tuple(answers.get(line.id, ())),
            )
            for number, (line, unit) in enumerate(lines, start=1)
        ),
        tuple(RequestView(request, names[request.supplier_id]) for request in requests),
    )


def _answers(
    session: TenantSession, lines: Sequence[UUID], names: Mapping[UUID, str]
) -> dict[UUID, list[AnswerView]]:
    found: dict[UUID, list[AnswerView]] = {}
    rows = session.scalars(
        select(CallOffAnswer)
        .where(CallOffAnswer.line_id.in_(lines))
        .order_by(CallOffAnswer.answered_at, CallOffAnswer.consultant, CallOffAnswer.id)
    )
    for row in rows:
        found.setdefault(row.line_id, []).append(AnswerView(row, names[row.supplier_id]))
    return found


def call_off_list(
    session: TenantSession, before: int | None = None, limit: int = PAGE
) -> tuple[list[CallOffSummary], int | None]:
    """Return call-offs, the newest first, and the number below which the next page begins."""
    # Those of the page are chosen first: all that there are would be summed otherwise.
    first = [] if before is None else [CallOff.number < before]
    wanted = select(CallOff.id).where(*first).order_by(CallOff.number.desc()).limit(limit + 1).subquery()
    confirmed = (
        select(CallOffLine.call_off_id, func.count().label("people"))
        .join(wanted, wanted.c.id == CallOffLine.call_off_id)
        .join(CallOffAnswer, CallOffAnswer.line_id == CallOffLine.id)
        .where(CallOffAnswer.state == "confirmed")
        .group_by(CallOffLine.call_off_id)
        .subquery()
    )
    lines = (
        select(
            CallOffLine.call_off_id,
            func.sum(CallOffLine.people).label("people"),
            func.min(CallOffLine.starts_at).label("first"),
            func.max(CallOffLine.starts_at).label("last"),
            func.string_agg(OrgUnit.name.distinct(), ", ").label("units"),
        )
        .join(wanted, wanted.c.id == CallOffLine.call_off_id)
        .join(OrgUnit, OrgUnit.id == CallOffLine.unit_id)
        .group_by(CallOffLine.call_off_id)
        .subquery()
    )
    rows = session.execute(
        select(CallOff, lines.c.units, lines.c.people, confirmed.c.people, lines.c.first, lines.c.last)
        .join(wanted, wanted.c.id == CallOff.id)
        .outerjoin(lines, lines.c.call_off_id == CallOff.id)
        .outerjoin(confirmed, confirmed.c.call_off_id == CallOff.id)
        .order_by(CallOff.number.desc())
    )
    found = [
        CallOffSummary(row, units or "", people or 0, count or 0, first, last)
        for row, units, people, count, first, last in rows
    ]
    return found[:limit], found[limit - 1].row.number if len(found) > limit else None


def call_off_figures(session: TenantSession, since: datetime, until: datetime) -> Figures:
    """Return the figures of the call-offs that were sent in a time, without those that were withdrawn."""
    sent = CallOff.state.in_(("sent", "closed")), CallOff.sent_at.between(since, until)
    # Whatever changes in a call-off, its version is the next one; one may leave the figures as another comes.
    state = session.execute(
        select(func.count(), func.sum(CallOff.version), func.max(CallOff.updated_at))
    ).one()
    asked = "call-offs", since, until.date()
    return remembered_by(
        session, tuple(state), asked, lambda: _figures(session, select(CallOff.id).where(*sent))
    )


def _figures(session: TenantSession, call_offs: Select[UUID]) -> Figures:
    of_line = CallOffLine.call_off_id.in_(call_offs)
    after = func.extract("epoch", CallOffAnswer.confirmed_at - CallOffLine.known_at)
    asked = select(func.coalesce(func.sum(CallOffLine.people), 0)).where(of_line).scalar_subquery()
    people, confirmed, within, seconds = session.execute(
        select(
            asked,
            func.count(),
            func.count().filter(CallOffAnswer.outside == ""),
            func.percentile_cont(0.5).within_group(after),
        )
        .select_from(CallOffAnswer)
        .join(CallOffLine, CallOffLine.id == CallOffAnswer.line_id)
        .where(CallOffAnswer.state == "confirmed", of_line)
    ).one()
    lead = None if seconds is None else (Decimal(str(seconds)) / 3600).quantize(Decimal("0.1"))
    return Figures(people, confirmed, within, lead)
