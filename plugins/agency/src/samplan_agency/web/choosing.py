"""What a page of figures is asked for in its address: period, unit, denominator, source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import g, render_template, request
from sqlalchemy import exists, select

from samplan.plugin_api import Invalid, NotFound, Text, _, current_session, show_month
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.ratios import Denominator
from samplan_agency.domain.spelling import read_months, spell_months
from samplan_agency.labels import DENOMINATORS, SOURCES
from samplan_agency.models import Account
from samplan_agency.queries.costs.extent import Extent, extent
from samplan_agency.queries.costs.figures import Asked, usual_period
from samplan_agency.queries.unit_tree import UnitTree, unit_tree
from samplan_agency.web.formats import period


@dataclass(frozen=True, slots=True)
class UnitOption:
    """A unit to choose, with its depth below the region."""

    id: UUID
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for: as the queries take it, as an address has it, and what else could be chosen."""

    asked: Asked
    unit: UUID | None
    there: Extent
    own: Extent | None = None
    fault: str = ""

    @property
    def address(self) -> dict[str, str]:
        """Return the choice as arguments of an address."""
        found = {
            "period": spell_months(self.asked.months),
            "denominator": self.asked.denominator,
            "source": self.asked.source,
        }
        return found | ({"unit": str(self.unit)} if self.unit else {})

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """Return what the period or the year before lacks, each as `warning` or `info` with a sentence."""
        asked, there, found = self.asked, self.there, []
        booked, first = show_month(there.booked), show_month(there.first)
        if there.booked < asked.months.last:
            told = _("The newest costs are booked in %(month)s: the period is not over.", month=booked)
            found.append(("warning", told))
        if asked.months.first < there.first:
            told = _("There are costs from %(month)s: the period is not whole.", month=first)
            found.append(("warning", told))
        elif not asked.compared:
            told = _("There are costs from %(month)s: nothing to compare with a year before.", month=first)
            found.append(("info", told))
        elif asked.months.year_before().first < there.first:
            told = _("There are costs from %(month)s: the year before is not whole.", month=first)
            found.append(("info", told))
        return found + self._gaps_of_own()

    def _gaps_of_own(self) -> list[tuple[str, str]]:
        """Return what months lack own staff's cost, before or after all that is known of it."""
        asked, there, own, found = self.asked, self.there, self.own, []
        if own is None:
            return []
        first, last = show_month(own.first), show_month(own.last)
        if own.last < min(asked.months.last, there.last):
            told = _("Own staff's cost is known to %(month)s only: shares are too high.", month=last)
            found.append(("warning", told))
        if own.first > max(asked.months.first, there.first):
            told = _("Own staff's cost is known from %(month)s only: shares are too high.", month=first)
            found.append(("warning", told))
        elif asked.compared and own.first > max(asked.months.year_before().first, there.first):
            told = _(
                "Own staff's cost is known from %(month)s only: the share a year before is too high.",
                month=first,
            )
            found.append(("info", told))
        return found


def chosen(periods: Sequence[str] = ("period",)) -> Chosen | None:
    """Return what the address asks for; None without any costs, `Invalid` for what is no choice."""
    session = current_session()
    source = one_of("source", SOURCES)
    there = extent(session, source)
    if there is None:
        if source == "ledger":
            return None
        raise Invalid(_("No invoices have been read in."))
    denominator = cast("Denominator", one_of("denominator", DENOMINATORS))
    unit = unit_asked()
    units = region_tree().below(unit) if unit else frozenset()
    months = asked_months(periods[0], usual_period(there))
    # Of more than a year, the year before is a part of the period itself.
    compared = len(months) <= 12 and months.year_before().last >= there.first
    own = extent(session, "ledger", ("own",))
    return Chosen(Asked(months, source, denominator, units, compared), unit, there, own)


def one_of(name: str, known: Any) -> str:
    """Return the word of an argument; the first known where it is missing, `Invalid` for another."""
    word = request.args.get(name) or next(iter(known))
    if word not in known:
        raise Invalid(_("There is no choice %(word)s.", word=repr(word[:40])))
    return word


def unit_asked() -> UUID | None:
    """Return the unit of the address; `NotFound` for one that is not there."""
    text = request.args.get("unit", "")
    if not text:
        return None
    try:
        unit = region_tree().units.get(UUID(text))
    except ValueError:
        unit = None
    if unit is None:
        raise NotFound(_("There is no such unit."))
    return unit.id


def asked_months(name: str, usual: Months) -> Months:
    """Return the period of an argument; `Invalid` for what is none."""
    text = request.args.get(name, "")
    if not text:
        return usual
    try:
        return read_months(text)
    except ValueError:
        raise Invalid(_("Write a period as 2026, 2026H1, 2026Q2, 2026-05 or 2026-01..2026-10.")) from None


def region_tree() -> UnitTree:
    """Return the region's units; they are looked up once for a page."""
    if "agency_units" not in g:
        g.agency_units = unit_tree(current_session())
    return cast("UnitTree", g.agency_units)


def unit_options() -> list[UnitOption]:
    """Return the units below the region, each after the one it belongs to."""
    return [UnitOption(unit.id, unit.name, depth - 1) for depth, unit in region_tree().rows() if depth]


def period_options(there: Extent, also: Sequence[Months] = ()) -> list[tuple[str, Text]]:
    """Return the periods to choose, the newest first: half-years, years, the last 12 months."""
    found = [Months.rolling(min(there.booked, there.last))]
    for year in range(there.booked.year, there.first.year - 1, -1):
        found += [Months.half_year(year, 2), Months.half_year(year, 1), Months.year(year)]
    kept = [months for months in found if months.last >= there.first and months.first <= there.last]
    kept += [months for months in also if months not in kept]
    return [(spell_months(months), period(months)) for months in kept]


def month_options(there: Extent) -> list[tuple[str, Text]]:
    """Return the single months that there are costs of, the newest first."""
    months = [plus_months(there.last, -back) for back in range(36)]
    return [(f"{month:%Y-%m}", show_month(month)) for month in months if month >= there.first]


def nothing_page(fault: str = "") -> str:
    """Return what stands where there is nothing to show: what is wrong, or what to begin with."""
    session = current_session()
    return render_template(
        "agency/nothing.html",
        fault=fault,
        has_accounts=session.scalar(select(exists().where(Account.kind == "hired"))),
        has_units=len(region_tree().units) > 1,
    )
