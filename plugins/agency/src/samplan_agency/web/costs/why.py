"""Why the cost changed between two periods: hours, mix and price, by unit, and down to the lines."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask import Response, render_template, request
from flask_babel import format_decimal

from samplan.plugin_api import (
    Cell,
    Invalid,
    Text,
    _,
    _l,
    current_session,
    download,
    requires,
    write_separated,
)
from samplan_agency.domain.change import Split
from samplan_agency.domain.months import Months
from samplan_agency.domain.ratios import change
from samplan_agency.domain.spelling import spell_months
from samplan_agency.labels import TIME_CLASSES
from samplan_agency.models import CostLine
from samplan_agency.permissions import Allow
from samplan_agency.queries.costs.figures import vintages
from samplan_agency.queries.costs.line_facts import line_facts
from samplan_agency.queries.costs.sums import Choice
from samplan_agency.queries.costs.why import LineChoice, Reasons, line_groups, line_page, lines_of, reasons
from samplan_agency.queries.names import supplier_names
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.charts import waterfall
from samplan_agency.web.choosing import (
    Chosen,
    asked_months,
    chosen,
    month_options,
    nothing_page,
    period_options,
    region_tree,
    unit_options,
)
from samplan_agency.web.formats import period

PARTS: tuple[Text, ...] = (
    _l("Hours"),
    _l("Mix of professions"),
    _l("Mix of suppliers"),
    _l("Mix of zones"),
    _l("Mix of unsocial hours"),
    _l("Price"),
    _l("Without hours, such as travel"),
)
"""What the change is split into, in order."""
LINES, MOST_LINES = 25, 50_000
_LATIN_LIMIT = 200


def parts_of(split: Split) -> tuple[Decimal, ...]:
    """Return the parts of a split in the order of `PARTS`."""
    return (split.hours, *split.mix, split.price, split.lump_sums)


@blueprint.get("/why")
@requires(Allow.READ)
def why() -> str | tuple[str, int]:
    """Show what the change between two periods is made of."""
    try:
        choice = chosen(("to",))
        before = asked_months("from", choice.asked.months.year_before()) if choice else None
    except Invalid as invalid:
        return nothing_page(str(invalid)), 422
    if choice is None or before is None:
        return nothing_page()
    found = _reasons(choice, before)
    after = choice.asked.months
    names = _unit_names()
    options = period_options(choice.there, [before, after]) + month_options(choice.there)
    return render_template(
        "agency/why.html",
        choice=choice,
        before=before,
        address=_address(choice, before),
        found=found,
        parts=PARTS,
        parts_of=parts_of,
        told=told(found.whole),
        bars=waterfall(
            (period(before), found.whole.before),
            list(zip(map(str, PARTS), parts_of(found.whole), strict=True)),
            (period(after), found.whole.after),
        ),
        names=names,
        periods=list(dict(options).items()),
        units=unit_options(),
        sources=vintages(
            current_session(),
            Months(min(before.first, after.first), max(before.last, after.last)),
            (choice.asked.source,),
        ),
    )


def told(split: Split) -> str:
    """Return in words how much the cost changed, and by what most of all."""
    part, most = max(zip(PARTS, parts_of(split), strict=True), key=lambda one: abs(one[1]))
    percent = change(split.after, split.before)
    words = {
        "amount": format_decimal(abs(split.total) / 1_000_000, "0.0"),
        "percent": "–" if percent is None else format_decimal(abs(percent), "0.0"),
        "part": str(part).lower(),
        "most": f"{'+' if most > 0 else '−'}{format_decimal(abs(most) / 1_000_000, '0.0')}",
    }
    if split.total < 0:
        return _(
            "The cost fell by SEK %(amount)s million (%(percent)s %%). "
            "Most of all: %(part)s, %(most)s million.",
            **words,
        )
    return _(
        "The cost rose by SEK %(amount)s million (%(percent)s %%). Most of all: %(part)s, %(most)s million.",
        **words,
    )


@blueprint.get("/why.csv")
@requires(Allow.READ)
def why_file() -> Response:
    """Answer the split of the whole and of each unit as a file."""
    choice = chosen(("to",))
    if choice is None:
        raise Invalid(_("No costs have been read in"))
    before = asked_months("from", choice.asked.months.year_before())
    found, names = _reasons(choice, before), _unit_names()
    headings = [
        _("Unit"),
        spell_months(before),
        spell_months(choice.asked.months),
        _("Difference"),
        *map(str, PARTS),
    ]
    rows: list[list[Cell]] = [_row(_("Total"), found.whole)]
    rows += [_row(names.get(unit) or _("No unit"), split) for unit, split in found.by_unit.items()]
    name = f"forandring-{spell_months(choice.asked.months)}"
    return download(write_separated(headings, rows), name, "csv")


@blueprint.get("/why/lines")
@requires(Allow.READ_INVOICE)
def lines() -> str | tuple[str, int]:
    """Show the lines of a unit and period by shift type, then by order, and one by one."""
    try:
        choice = chosen()
        if choice is None:
            return nothing_page()
        wanted, cursor = _line_choice(choice), _cursor()
    except Invalid as invalid:
        return nothing_page(str(invalid)), 422
    session = current_session()
    page = line_page(session, wanted, cursor, LINES)
    return render_template(
        "agency/lines.html",
        choice=choice,
        wanted=wanted,
        address=choice.address | _line_address(wanted),
        groups=[] if wanted.order is not None else line_groups(session, wanted),
        page=page,
        facts=line_facts(session, page.items),
        names=_unit_names(),
        suppliers=supplier_names(current_session()),
        first=cursor is None,
        sources=vintages(session, wanted.months, (wanted.source,)),
    )


@blueprint.get("/why/lines.csv")
@requires(Allow.READ_INVOICE)
def lines_file() -> Response:
    """Answer the chosen lines as a file; `Invalid` for more than a spreadsheet is for."""
    choice = chosen()
    if choice is None:
        raise Invalid(_("No costs have been read in"))
    session, wanted = current_session(), _line_choice(choice)
    found = session.scalars(lines_of(wanted).order_by(CostLine.id).limit(MOST_LINES + 1)).all()
    if len(found) > MOST_LINES:
        raise Invalid(_("More than %(count)s lines: choose a shorter period or a unit.", count=MOST_LINES))
    headings = [
        _("Month of work"), _("Booked"), _("Date"), _("Account"), _("Unit"), _("Professional group"),
        _("Professional category"), _("Supplier"), _("Zone"), _("Time"), _("Shift"), _("Hours"),
        _("Price an hour"), _("SEK"), _("Invoice"), _("Call-off"), _("Consultant"),
    ]  # fmt: skip
    suppliers = supplier_names(current_session())
    rows = [_line_cells(line, suppliers) for line in found]
    name = f"rader-{spell_months(wanted.months)}"
    return download(write_separated(headings, rows), name, "csv")


def _line_cells(line: CostLine, suppliers: dict[UUID, str]) -> list[Cell]:
    supplier = suppliers.get(line.supplier_id) if line.supplier_id else None
    return [
        f"{line.work_month:%Y-%m}", f"{line.booked_month:%Y-%m}", line.work_date, line.account, line.unit,
        line.category, line.level, supplier, line.zone, str(TIME_CLASSES[line.time_class]), line.shift,
        line.hours, line.unit_price, line.amount, line.invoice, line.order_reference, line.consultant,
    ]  # fmt: skip


def _line_choice(choice: Chosen) -> LineChoice:
    texts = {name: request.args.get(name) or None for name in ("time", "shift", "order")}
    if any(text and (len(text) > _LATIN_LIMIT or "\0" in text) for text in texts.values()):
        raise Invalid(_("There is no such order or shift."))
    if texts["time"] is not None and texts["time"] not in TIME_CLASSES:
        raise Invalid(_("There is no such order or shift."))
    asked = choice.asked
    return LineChoice(asked.months, asked.source, asked.units, texts["time"], texts["shift"], texts["order"])


def _line_address(wanted: LineChoice) -> dict[str, str]:
    texts = {"time": wanted.time_class, "shift": wanted.shift, "order": wanted.order}
    return {name: text for name, text in texts.items() if text is not None}


def _cursor() -> UUID | None:
    text = request.args.get("cursor", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(_("That page is not there.")) from None


def _reasons(choice: Chosen, before: Months) -> Reasons:
    asked = choice.asked
    now = Choice(asked.months, asked.source, units=asked.units)
    return reasons(current_session(), before, now, choice.unit)


def _address(choice: Chosen, before: Months) -> dict[str, str]:
    address = choice.address
    return {"from": spell_months(before), "to": address["period"], "source": address["source"]} | (
        {"unit": address["unit"]} if "unit" in address else {}
    )


def _row(name: str, split: Split) -> list[Cell]:
    return [name, split.before, split.after, split.total, *parts_of(split)]


def _unit_names() -> dict[UUID | None, str]:
    return {key: unit.name for key, unit in region_tree().units.items()}
