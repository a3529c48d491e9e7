"""The forms of plans for independence and their actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from samplan.plugin_api import Text, VersionForm, _l, options
from samplan_agency.labels import CATEGORIES
from samplan_agency.services.independence import LONGEST_NAME
from samplan_agency.web.forms import NEEDED, MonthField, SekField, filled

KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "own_positions": _l("Own positions instead of hired staff"),
        "weekends_only": _l("Hire for weekends only"),
        "internal_unit": _l("Internal unit"),
    }
)


class PlanForm(VersionForm):
    """A plan's name and months."""

    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=LONGEST_NAME)], filters=[filled])
    first_month = MonthField(_l("First month"), [InputRequired(NEEDED)])
    months = IntegerField(_l("Number of months"), [InputRequired(NEEDED)], default=48)

    def values(self) -> tuple[str, date, int]:
        """Return name, first month and number of months."""
        return self.name.data or "", self.first_month.data, self.months.data


class ActionForm(VersionForm):
    """What every action says."""

    category = SelectField(_l("Professional group"), choices=options(CATEGORIES.items()))
    first = MonthField(_l("From"), [InputRequired(NEEDED)])

    def content(self, kind: str) -> dict[str, Any]:
        """Return the action as it is kept, yet to be checked."""
        skipped = {"version", "csrf_token"}
        values = {field.name: field.data for field in self if field.name not in skipped}
        plain = {name: float(of) if isinstance(of, Decimal) else of for name, of in values.items()}
        return {"kind": kind, **plain, "first": self.first.data.isoformat()}


def _number(label: Text, default: object = None, description: Text = "") -> SekField:
    return SekField(label, [InputRequired(NEEDED)], places=None, default=default, description=description)


class PaidForm(ActionForm):
    """An action with people of one's own, who are paid."""

    salary = _number(_l("Salary, SEK a month"), description=_l("Without employer's contributions."))
    other_cost = _number(_l("Pension and other, SEK a month"), 0)


class OwnPositionsForm(PaidForm):
    """Own positions."""

    positions = IntegerField(_l("Number of positions"), [InputRequired(NEEDED)])
    replaces = _number(_l("Hired full-time equivalents that each replaces"), 1)
    quickest = _number(_l("Months to recruit, quickest"), 2)
    usual = _number(_l("Months to recruit, usually"), 4)
    slowest = _number(_l("Months to recruit, slowest"), 9)
    filled_percent = _number(
        _l("Probability of filling, per cent a month"),
        50,
        _l("For each position and month, once the recruiting time has passed."),
    )
    introduction = IntegerField(
        _l("Months of introduction"),
        [InputRequired(NEEDED)],
        default=3,
        description=_l("Hired staff works beside the new employee."),
    )


class WeekendsOnlyForm(ActionForm):
    """Hiring for weekends only."""

    remains_percent = _number(_l("Hours that remain, per cent"), 30)


class InternalUnitForm(PaidForm):
    """An internal unit."""

    fte = _number(_l("Full-time equivalents"))
    used_percent = _number(
        _l("Utilisation, per cent"), 80, _l("The part of its hours that replaces hired staff.")
    )


FORMS: Mapping[str, type[ActionForm]] = MappingProxyType(
    {
        "own_positions": OwnPositionsForm,
        "weekends_only": WeekendsOnlyForm,
        "internal_unit": InternalUnitForm,
    }
)


def filled_form(kept: Mapping[str, Any], version: int) -> ActionForm:
    """Return the form of an action that is kept."""
    values = {**kept, "first": date.fromisoformat(kept["first"]), "version": str(version)}
    values.pop("kind")
    return FORMS[kept["kind"]](formdata=None, **values)
