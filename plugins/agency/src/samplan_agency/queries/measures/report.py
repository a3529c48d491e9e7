"""What the board is told of the measures: the report's text and tables, from how the measures go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from babel.numbers import format_decimal
from flask_babel import force_locale, get_locale
from sqlalchemy import select

from samplan.plugin_api import TenantSession, _, show_month
from samplan_agency.domain.measures import Status
from samplan_agency.files.report import Report, ReportColumn, ReportSection
from samplan_agency.measure_words import STATUSES
from samplan_agency.models import Delivery, MeasureReport
from samplan_agency.queries.measures.standing import Standing
from samplan_agency.queries.rows import get_row

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report that was made: for which month, the how manieth, for which board, and when."""

    id: UUID
    due_month: date
    number: int
    board: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division with the planned effects of the years, in their order."""

    name: str
    planned: tuple[Decimal, ...]


def made_reports(session: TenantSession) -> list[MadeReport]:
    """Return the reports that were made, the newest first."""
    columns = (
        MeasureReport.id,
        MeasureReport.due_month,
        MeasureReport.number,
        MeasureReport.board,
        MeasureReport.made_at,
    )
    newest = (MeasureReport.due_month.desc(), MeasureReport.number.desc())
    return [MadeReport(*row) for row in session.execute(select(*columns).order_by(*newest))]


def get_report(session: TenantSession, report_id: UUID) -> MeasureReport:
    """Return a report as it was frozen; raises `NotFound`."""
    return get_row(session, MeasureReport, report_id, _("There is no such report."))


def by_division(found: Iterable[Standing], years: Sequence[int]) -> list[DivisionLine]:
    """Return the planned effects by division and year, of what is decided; divisions by name."""
    sums: dict[str, list[Decimal]] = {}
    for standing in found:
        if standing.plan.decided:
            line = sums.setdefault(standing.plan.division, [Decimal(0)] * len(years))
            for place, year in enumerate(years):
                line[place] += standing.plan.planned_in(year)
    return [DivisionLine(name, tuple(sums[name])) for name in sorted(sums)]


def total_of(lines: Iterable[DivisionLine], years: Sequence[int]) -> DivisionLine:
    """Return the sum of the divisions."""
    columns = list(zip(*(line.planned for line in lines), strict=True)) or [()] * len(years)
    return DivisionLine(_("Sum"), tuple(sum(column, Decimal(0)) for column in columns))


def newest_delivery(session: TenantSession) -> Delivery | None:
    """Return the ledger's newest delivery that was read in."""
    query = select(Delivery).where(Delivery.kind == "ledger", Delivery.state == "read")
    return session.scalar(query.order_by(Delivery.number.desc()).limit(1))


def write_report(
    session: TenantSession, found: Sequence[Standing], due: date, *, board: str, region: str, made: date
) -> Report:
    """Return the report to the board for a month, in Swedish whatever the reader's own language is."""
    with force_locale("sv"):
        title = _("Measures against the cost of hired staff: report to %(board)s", board=board)
        month = show_month(due, "long")
        source = _source(session)
        return Report(
            title=title,
            lead=_(
                "%(region)s, %(month)s. Made %(made)s.", region=region, month=month, made=made.isoformat()
            ),
            author=region,
            foot=f"{title}, {month}",
            language="sv",
            sections=(
                _summary(found, due.year),
                _divisions(found, (due.year, due.year + 1)),
                _measures(found, due.year),
                _method(source),
            ),
        )


def _summary(found: Sequence[Standing], year: int) -> ReportSection:
    decided = [standing for standing in found if standing.plan.decided]
    months = sorted({month for standing in decided for month in standing.months(year)})
    lines = [
        _(
            "Decided measures: %(count)s. Planned effect in %(year)s: %(amount)s mkr.",
            count=len(decided),
            year=year,
            amount=_millions(_total(decided, lambda one: one.plan.planned_in(year))),
        )
    ]
    if months:
        lines.append(
            _(
                "Expected for the fully invoiced months to %(month)s: %(expected)s mkr."
                " Realised by the ledger: %(realised)s mkr.",
                month=show_month(months[-1], "long"),
                expected=_millions(_total(decided, lambda one: one.expected_so_far(year))),
                realised=_millions(_total(decided, lambda one: one.realised_so_far(year))),
            )
        )
    else:
        lines.append(_("No month of %(year)s is fully invoiced yet.", year=year))
    counts = [
        (str(words), sum(standing.status == status for standing in found))
        for status, words in STATUSES.items()
    ]
    lines.append("; ".join(f"{words}: {count}" for words, count in counts if count) or _("No measures."))
    return ReportSection(_("In short"), tuple(lines))


def _divisions(found: Sequence[Standing], years: tuple[int, ...]) -> ReportSection:
    lines = by_division(found, years)
    return ReportSection(
        _("Planned effect by division, mkr"),
        columns=(ReportColumn(_("Division"), wide=True), *(ReportColumn(str(year), True) for year in years)),
        rows=tuple(
            (line.name, *(_millions(amount) for amount in line.planned))
            for line in [*lines, total_of(lines, years)]
        ),
    )


def _measures(found: Sequence[Standing], year: int) -> ReportSection:
    labels = (
        (_("Measure"), False, True), (_("Division"), False, True), (_("Owner"), False, True),
        (_("Decision"), False, True), (_("Begins"), False, False), (_("Planned, mkr"), True, False),
        (_("Expected so far, mkr"), True, False), (_("Realised so far, mkr"), True, False),
        (_("Status"), False, False),
    )  # fmt: skip
    return ReportSection(
        _("The measures, %(year)s", year=year),
        columns=tuple(ReportColumn(*label) for label in labels),
        rows=tuple(_measure_row(standing, year) for standing in found),
    )


def _measure_row(standing: Standing, year: int) -> tuple[str, ...]:
    row, plan = standing.plan.row, standing.plan
    decided = "–"
    if row.decided_on is not None:
        decided = ", ".join(filter(None, (row.decided_by, row.decided_on.isoformat(), row.diary_number)))
    measured = bool(standing.months(year))
    return (
        f"{row.code} {row.title}",
        plan.division,
        row.owner,
        decided,
        show_month(row.first_month),
        _millions(plan.planned_in(year)),
        _millions(standing.expected_so_far(year)) if measured else "–",
        _millions(standing.realised_so_far(year)) if measured else "–",
        str(STATUSES[Status(standing.status)]),
    )


def _method(source: str) -> ReportSection:
    lines = [
        _(
            "Realised effect: what the same costs were in the same month before the measure began, less what"
            " they are now, by month of work. Where several measures act on the same costs, the change is"
            " shared in proportion to the planned effects and counted once."
        ),
        _("Months that are not fully invoiced are left out."),
        source,
    ]
    return ReportSection(_("How the effect is computed"), tuple(lines))


def _source(session: TenantSession) -> str:
    delivery = newest_delivery(session)
    if delivery is None:
        return _("Source: no ledger has been read in.")
    text = _(
        "Source: the ledger, newest delivery %(number)s, %(file)s, %(date)s.",
        number=delivery.number,
        file=delivery.filename,
        date=delivery.delivered_at.date().isoformat(),
    )
    return f"{text} {_('Example data')}." if delivery.source == "exempeldata" else text


def _total(found: Iterable[Standing], amount: Callable[[Standing], Decimal]) -> Decimal:
    return sum((amount(standing) for standing in found), Decimal(0))


def _millions(amount: Decimal) -> str:
    return str(format_decimal(amount / MILLION, "#,##0.0", locale=_locale())).replace("-", "−")


def _locale() -> str:
    return str(get_locale() or "sv")
