"""The forms of the pages of accruals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import request
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from samplan.plugin_api import Invalid, PageForm, VersionForm, _, _l, as_uuid, options, show_month
from samplan_agency.accrual_words import HOURS, METHODS, PATTERNS
from samplan_agency.domain.months import Months
from samplan_agency.domain.spelling import read_month
from samplan_agency.labels import CATEGORIES, SOURCES
from samplan_agency.models import Exposure, JournalTemplate
from samplan_agency.queries.accrual.valuing import Wanted
from samplan_agency.services.accrual.exposure import GivenHours
from samplan_agency.services.accrual.valuations import LONGEST_CODE
from samplan_agency.web.forms import NEEDED, SekField

MONTHS, PERIODS = 24, 12
"""Work months back, and months until all is booked, where nobody says otherwise."""


class MonthsField(SelectMultipleField):  # type: ignore[misc] # WTForms ships no annotations
    """Months to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ValuationForm(PageForm):
    """What a valuation is asked for by; `seen` is the total that was shown."""

    booked_to = SelectField(_l("Booked up to"), validate_choice=False)
    source = SelectField(_l("Costs from"), choices=options(SOURCES.items()), default="ledger")
    method = SelectField(
        _l("Method"), choices=options([("", _l("Recommended")), *METHODS.items()]), default=""
    )
    hours = SelectField(
        _l("Hours from"),
        choices=options([("", _l("Rosters where they are enough")), *HOURS.items()]),
        default="",
    )
    pattern = SelectField(_l("How late invoices are"), choices=options(PATTERNS.items()), default="suppliers")
    months = IntegerField(_l("Work months back"), [Optional(), NumberRange(3, 60)], default=MONTHS)
    periods = IntegerField(
        _l("Months until all is booked"), [Optional(), NumberRange(2, 24)], default=PERIODS
    )
    uncertainty = IntegerField(
        _l("How uncertain hours and prices are, per cent"), [Optional(), NumberRange(0, 100)], default=5
    )
    work_months = MonthsField(_l("Work months that do not count"))
    booked_months = MonthsField(_l("Booking months that do not count"))
    halved = MonthsField(_l("Booking months that count half"))
    seen = HiddenField()

    @classmethod
    def asked(cls, booked: Sequence[date], usual: date) -> ValuationForm:
        """Return the form as it was sent, in the address or posted, with the months to choose from.

        `usual` stands for a month in which nothing is booked by the chosen source.
        """
        form: ValuationForm = cls() if request.method == "POST" else cls(request.args, meta={"csrf": False})
        form.booked_to.choices = options((f"{month:%Y-%m}", show_month(month, "long")) for month in booked)
        chosen = read_month(form.booked_to.data or "")
        if not form.booked_to.data or (chosen and chosen not in booked):
            form.booked_to.data = f"{usual:%Y-%m}"
        last = booked[0] if booked else usual
        known = Months.rolling(last, form._number(form.months, MONTHS) or MONTHS)
        months = options((f"{month:%Y-%m}", show_month(month)) for month in reversed(list(known)))
        for field in (form.work_months, form.booked_months, form.halved):
            field.choices = months
        return form

    def validate_booked_to(self, field: Any) -> None:
        """Refuse what is no month."""
        if read_month(field.data or "") is None:
            raise ValidationError(_("Choose a month, such as 2026-03."))

    @staticmethod
    def _number(field: Field, usual: int) -> int:
        return field.data if isinstance(field.data, int) and 0 <= field.data <= 60 else usual

    def wanted(self, usual: date) -> Wanted:
        """Return what is asked for; `usual` is the booking month where none is chosen."""
        return Wanted(
            read_month(self.booked_to.data or "") or usual,
            self.source.data or "ledger",
            self._number(self.months, MONTHS) or MONTHS,
            self._number(self.periods, PERIODS) or PERIODS,
            self.method.data or None,
            self.hours.data or None,
            Decimal(5 if self.uncertainty.data is None else self.uncertainty.data) / 100,
            self._months(self.work_months),
            self._months(self.booked_months),
            self._months(self.halved),
            self.pattern.data or "suppliers",
        )

    @staticmethod
    def _months(field: Field) -> frozenset[date]:
        return frozenset(month for text in field.data or () if (month := read_month(text)) is not None)


def asked_fields(wanted: Wanted) -> list[tuple[str, str]]:
    """Return what a valuation is asked for by, as fields of an address or of a form."""
    fields = [
        ("booked_to", f"{wanted.booked_to:%Y-%m}"),
        ("source", wanted.source),
        ("method", wanted.method or ""),
        ("hours", wanted.hours or ""),
        ("pattern", wanted.pattern),
        ("months", str(wanted.months)),
        ("periods", str(wanted.periods)),
        ("uncertainty", f"{100 * wanted.prior_cv:.0f}"),
    ]
    for name in ("work_months", "booked_months", "halved"):
        fields += [(name, f"{month:%Y-%m}") for month in sorted(getattr(wanted, name))]
    return fields


class HoursForm(VersionForm):
    """Hours of a month, unit and profession."""

    month = StringField(_l("Month"), [InputRequired(NEEDED)], description=_l("Such as 2026-03."))
    unit_id = SelectField(_l("Unit"))
    category = SelectField(_l("Professional group"), choices=options(CATEGORIES.items()))
    hours = SekField(_l("Hours"), [InputRequired(NEEDED)], places=2)
    per_hour = SekField(
        _l("Price per hour, SEK"),
        [Optional()],
        places=2,
        description=_l("Leave empty to use the agreement's price."),
    )
    price_source = StringField(_l("Where the price is from"), [Optional(), Length(max=200)])
    version = HiddenField(default="0")

    @classmethod
    def of(cls, row: Exposure | None, units: Iterable[tuple[UUID, str]]) -> HoursForm:
        """Return the form, filled in with hours that are there already; `units` are those to choose from."""
        form: HoursForm = cls()
        form.unit_id.choices = options([("", _l("The whole region")), *units])
        if row is not None:
            form.fill(row)
        return form

    def fill(self, row: Exposure) -> None:
        """Show hours as they are."""
        self.month.data, self.unit_id.data = f"{row.month:%Y-%m}", str(row.unit_id or "")
        self.category.data, self.hours.data, self.per_hour.data = row.category, row.hours, row.per_hour
        self.price_source.data, self.version.data = row.price_source, str(row.version)
        for field in (self.hours, self.per_hour):
            field.raw_data = None  # a number shows what was typed as long as there is such

    def given(self) -> GivenHours:
        """Return what was entered; raises `Invalid` for what is no month or number."""
        month = read_month((self.month.data or "").strip())
        if month is None:
            wrong = {"month": [_("Write the month as 2026-03.")]}
            raise Invalid(_("The hours cannot be entered like this."), wrong)
        source = (self.price_source.data or "").strip()
        return GivenHours(
            month,
            as_uuid(self.unit_id.data),
            self.category.data,
            self.hours.data,
            self.per_hour.data,
            source,
        )


class JournalForm(VersionForm):
    """The accounts that a valuation is booked on."""

    physician = StringField(_l("Cost account, physicians"), [InputRequired(NEEDED), Length(max=LONGEST_CODE)])
    nurse = StringField(_l("Cost account, nurses"), [InputRequired(NEEDED), Length(max=LONGEST_CODE)])
    other = StringField(
        _l("Cost account, other professions"), [InputRequired(NEEDED), Length(max=LONGEST_CODE)]
    )
    counter_account = StringField(
        _l("Counter account"),
        [InputRequired(NEEDED), Length(max=LONGEST_CODE)],
        description=_l("Accrued costs."),
    )
    cost_centre = StringField(
        _l("Cost centre where none is known"), [InputRequired(NEEDED), Length(max=LONGEST_CODE)]
    )
    version = HiddenField(default="0")

    @classmethod
    def of(cls, row: JournalTemplate | None) -> JournalForm:
        """Return the form with the accounts that are chosen."""
        if row is None:
            return cls(formdata=None)
        form: JournalForm = cls(
            formdata=None,
            **{name: row.accounts.get(name, "") for name in CATEGORIES},
            counter_account=row.counter_account,
            cost_centre=row.cost_centre,
            version=str(row.version),
        )
        return form
