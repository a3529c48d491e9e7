"""The forms of the pages of measures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import OrgUnit, PageForm, VersionForm, _l, as_uuid, options
from samplan_agency.labels import CATEGORIES
from samplan_agency.measure_words import KINDS
from samplan_agency.queries.measures.plans import Plan, Targets, YearEffect
from samplan_agency.services.measures.edit import Wanted
from samplan_agency.web.forms import NEEDED, DayField, MonthField, SekField, filled

THOUSAND = Decimal(1000)


class MeasureForm(VersionForm):
    """A measure: what, whose, since when, decided by whom, and what it acts on."""

    code = StringField(
        _l("Number"),
        [DataRequired(NEEDED), Length(max=20)],
        filters=[filled],
        description=_l("Such as A1."),
    )
    title = StringField(_l("Measure"), [DataRequired(NEEDED), Length(max=120)], filters=[filled])
    description = TextAreaField(_l("Description"), [Optional(), Length(max=2000)], filters=[filled])
    owner = StringField(
        _l("Owner"),
        [DataRequired(NEEDED), Length(max=80)],
        filters=[filled],
        description=_l("A function, such as head of the surgical clinic; no person's name."),
    )
    division_id = SelectField(_l("Division"), [InputRequired(NEEDED)], coerce=as_uuid)
    first_month = MonthField(_l("Begins"), [InputRequired(NEEDED)])
    ended_month = MonthField(_l("Ended"), [Optional()], description=_l("The last month in which it acted."))
    baseline_month = MonthField(
        _l("Compared with the twelve months from"),
        [Optional()],
        description=_l("Empty: the twelve months before it begins."),
    )
    decided_by = StringField(
        _l("Decided by"),
        [Optional(), Length(max=80)],
        filters=[filled],
        description=_l("The board or function that decided. Empty while it is proposed."),
    )
    decided_on = DayField(_l("Decided on"), [Optional()])
    diary_number = StringField(_l("Diary number"), [Optional(), Length(max=40)], filters=[filled])
    units = SelectMultipleField(
        _l("Units that it acts on"),
        coerce=as_uuid,
        option_widget=CheckboxInput(),
        description=_l("None: the whole division."),
    )
    categories = SelectMultipleField(
        _l("Professional groups"),
        choices=options(CATEGORIES.items()),
        option_widget=CheckboxInput(),
        description=_l("None: all."),
    )
    suppliers = SelectMultipleField(
        _l("Suppliers"), coerce=as_uuid, option_widget=CheckboxInput(), description=_l("None: all.")
    )
    kinds = SelectMultipleField(
        _l("Kinds of cost"),
        choices=options(KINDS.items()),
        option_widget=CheckboxInput(),
        description=_l("None: hired staff."),
    )

    def offer(self, units: Iterable[OrgUnit], suppliers: Iterable[tuple[UUID, str]]) -> None:
        """Give the selects what there is to choose from."""
        known = list(units)
        self.division_id.choices = options(
            (unit.id, unit.name) for unit in known if unit.kind in {"division", "region"}
        )
        self.units.choices = options((unit.id, unit.name) for unit in known if unit.kind != "region")
        self.suppliers.choices = options(suppliers)

    def fill(self, plan: Plan) -> None:
        """Show a measure as it is."""
        for name in Wanted.__dataclass_fields__.keys() - {"targets"}:
            self[name].data = getattr(plan.row, name)
        for name in ("units", "categories", "suppliers", "kinds"):
            self[name].data = sorted(getattr(plan.targets, name))
        self.version.data = str(plan.row.version)

    def wanted(self) -> Wanted:
        """Return the measure that was sent."""
        own = {name: self[name].data for name in Wanted.__dataclass_fields__.keys() - {"targets"}}
        own["description"] = own["description"] or ""
        names = ("units", "categories", "suppliers", "kinds")
        targets = Targets(**{name: frozenset(self[name].data or ()) for name in names})
        return Wanted(**own, targets=targets)


class EffectForm(VersionForm):
    """What a measure is planned to save in a year."""

    year = IntegerField(_l("Year"), [InputRequired(NEEDED)])
    amount = SekField(
        _l("Planned effect (tkr)"),
        [InputRequired(NEEDED)],
        places=None,
        description=_l("Lower cost in the year, in thousands of SEK. Zero removes the year."),
    )
    weights = StringField(
        _l("Spread over months"),
        [Optional(), Length(max=120)],
        filters=[filled],
        description=_l(
            "Twelve numbers, January to December, such as 0 0 0 1 1 1 2 2 2 2 2 2. Empty: evenly."
        ),
    )

    def validate_weights(self, field: Any) -> None:
        """Refuse what is not twelve numbers."""
        if field.data and not re.fullmatch(
            r"(\d{1,4}([.,]\d{1,3})?[;\s]+){11}\d{1,4}([.,]\d{1,3})?", field.data
        ):
            raise ValidationError(_l("Twelve numbers from 0 to 1,000, January to December, or nothing."))

    def effect(self) -> YearEffect:
        """Return the effect that was sent."""
        words = re.split(r"[;\s]+", self.weights.data or "")
        weights = tuple(Decimal(word.replace(",", ".")) for word in words if word)
        amount = (self.amount.data * THOUSAND).quantize(Decimal("0.01"))
        return YearEffect(self.year.data, amount, weights)


class BookForm(PageForm):
    """A workbook of measures."""

    file = FileField(
        _l("Workbook"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A workbook (.xlsx) made from the template."),
    )


class ReportForm(PageForm):
    """The month for which the board gets a report."""

    due = MonthField(_l("Month"), [InputRequired(NEEDED)])
