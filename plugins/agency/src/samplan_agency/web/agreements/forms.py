"""The forms of suppliers, agreements, prices and zones."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from samplan.plugin_api import VersionForm, _l, as_uuid, options, trimmed
from samplan_agency import labels
from samplan_agency.models.reference import ZONES
from samplan_agency.services.agreements.edit import EMAIL
from samplan_agency.web.forms import NEEDED, DayField, SekField, filled

UNTIL = _l("The last day. Empty: until further notice.")
_MAIL = Regexp(EMAIL, message=_l("An e-mail address, such as avrop@example.se."))
_CODE = Regexp(r"[0-9]{4}\Z", message=_l("Four digits, such as 2380."))


class SupplierForm(VersionForm):
    """A supplier of hired staff."""

    code = StringField(
        _l("Code"),
        [DataRequired(NEEDED), Length(max=40)],
        filters=[trimmed],
        description=_l("As in the economy system."),
    )
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=120)], filters=[trimmed])
    organisation_number = StringField(
        _l("Organisation number"), [Optional(), Length(max=20)], filters=[filled]
    )
    email = StringField(_l("E-mail for call-offs"), [Optional(), Length(max=200), _MAIL], filters=[filled])
    rank = IntegerField(_l("Place in the order of call-offs"), [Optional(), NumberRange(1, 10_000)])
    active = BooleanField(_l("In use"), default=True)

    def values(self) -> dict[str, Any]:
        """Return what was entered."""
        names = ("code", "name", "organisation_number", "email", "rank", "active")
        return {name: self[name].data for name in names}


class DatedForm(VersionForm):
    """What holds between two dates, by a source."""

    valid_from = DayField(_l("Valid from"), [InputRequired(NEEDED)])
    valid_to = DayField(_l("Valid to"), [Optional()], description=UNTIL)
    source = StringField(
        _l("Source"),
        [DataRequired(NEEDED), Length(max=300)],
        filters=[trimmed],
        description=_l("Where it is written."),
    )
    confirmed = BooleanField(_l("Confirmed"), description=_l("The source is the agreement itself."))

    def dated(self) -> dict[str, Any]:
        """Return the dates, the source and its certainty."""
        return {name: self[name].data for name in ("valid_from", "valid_to", "source", "confirmed")}


class AgreementForm(DatedForm):
    """A framework agreement."""

    reference = StringField(_l("Diary number"), [DataRequired(NEEDED), Length(max=60)], filters=[trimmed])
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=200)], filters=[trimmed])

    def values(self) -> dict[str, Any]:
        """Return what was entered."""
        return {"reference": self.reference.data, "name": self.name.data} | self.dated()


class PriceChangeForm(DatedForm):
    """What an hour costs; the price that it is about stands beside."""

    per_hour = SekField(
        _l("SEK an hour"),
        [InputRequired(NEEDED), NumberRange(min=1, max=99_999)],
        places=2,
        description=_l("Without VAT."),
    )


class PriceForm(PriceChangeForm):
    """A price of an agreement."""

    level = StringField(
        _l("Professional category"),
        [DataRequired(NEEDED), Length(max=120)],
        filters=[trimmed],
        description=_l("As the agreement names it."),
    )
    category = SelectField(_l("Professional group"), choices=options(labels.CATEGORIES.items()))
    zone = SelectField(_l("Zone"), choices=options(zip(ZONES, ZONES, strict=True)), coerce=int)
    time_class = SelectField(_l("Time of day"), choices=options(labels.TIME_CLASSES.items()))
    supplier_id = SelectField(_l("Supplier"), [Optional()], coerce=as_uuid, validate_choice=False)

    def values(self) -> dict[str, Any]:
        """Return what was entered."""
        names = ("level", "category", "zone", "time_class", "supplier_id", "per_hour")
        return {name: self[name].data for name in names} | self.dated()


class ZoneForm(VersionForm):
    """The price zone of a municipality."""

    municipality_code = StringField(_l("Municipality code"), [DataRequired(NEEDED), _CODE], filters=[trimmed])
    municipality = StringField(_l("Municipality"), [DataRequired(NEEDED), Length(max=60)], filters=[trimmed])
    zone = SelectField(_l("Zone"), choices=options(zip(ZONES, ZONES, strict=True)), coerce=int)

    def values(self) -> dict[str, Any]:
        """Return what was entered."""
        return {name: self[name].data for name in ("municipality_code", "municipality", "zone")}
