"""The form in which a value of a manual series is entered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from samplan.i18n import _l
from samplan.indicators.periods import CHOICES, ended, period_code, period_label, period_of
from samplan.indicators.service import LARGEST
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period
from samplan.web.forms import PageForm, options

_NEEDED = _l("Fill this in.")
_BOUNDS = NumberRange(-LARGEST, LARGEST, message=_l("The number is out of reason."))
_ANY = {"step": "any"}
LONGEST_COMMENT = 1000


def _trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


class ValueForm(PageForm):
    """A value of one period, with what is known about it."""

    period = SelectField(_l("Period"), [InputRequired(_NEEDED)])
    value = DecimalField(_l("Value"), [InputRequired(_NEEDED), _BOUNDS], places=None, render_kw=_ANY)
    numerator = DecimalField(_l("Numerator"), [Optional(), _BOUNDS], places=None, render_kw=_ANY)
    denominator = DecimalField(_l("Denominator"), [Optional(), _BOUNDS], places=None, render_kw=_ANY)
    n = IntegerField(
        _l("Number of observations"),
        [Optional(), NumberRange(0, 2**31 - 1)],
        description=_l("How many are behind the value; needed where small numbers are not to be shown."),
    )
    source = StringField(_l("Source"), [DataRequired(_NEEDED), Length(max=200)], filters=[_trimmed])
    comment = TextAreaField(_l("Comment"), [Length(max=LONGEST_COMMENT)], filters=[_trimmed])
    provisional = BooleanField(_l("Provisional: the value may still change"))

    def entered(self) -> IndicatorValue:
        """Return what was entered."""
        return IndicatorValue(
            value=float(self.value.data),
            numerator=_number(self, "numerator"),
            denominator=_number(self, "denominator"),
            n=self.n.data,
            provisional=bool(self.provisional.data),
        )

    def chosen(self, spec: IndicatorSpec) -> Period:
        """Return the period that was chosen, which is one of those offered."""
        return period_of(spec.period, date.fromisoformat(self.period.data))


def value_form(spec: IndicatorSpec, today: date, locale: str) -> ValueForm:
    """Return the form for `spec`: periods that are over, the newest first; the present one last."""
    form = ValueForm(data={"source": str(spec.source)})
    periods = [*islice(ended(spec.period, today), CHOICES[spec.period]), period_of(spec.period, today)]
    form.period.choices = options(
        (p.start.isoformat(), f"{period_label(spec.period, p, locale)} ({period_code(spec.period, p)})")
        for p in periods
    )
    for name, text in (("numerator", spec.numerator), ("denominator", spec.denominator)):
        if str(text):
            form[name].description = text
        else:
            del form[name]
    return form


def _number(form: Any, name: str) -> float | None:
    value: Decimal | None = form[name].data if name in form else None
    return None if value is None else float(value)
