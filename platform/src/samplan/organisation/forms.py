"""The forms of units, sites and inhabitants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from samplan.db.session import TenantSession
from samplan.i18n import _, _l
from samplan.ids import parse_uuid
from samplan.organisation.models import OrgUnit
from samplan.organisation.rules import CODE_LENGTH, NAME_LENGTH, kinds_above, kinds_below
from samplan.organisation.service import SiteFields, UnitFields, sites, tree
from samplan.organisation.texts import KIND_LABELS, SITE_LABELS
from samplan.web.forms import PageForm, options

_INDENT = "\N{EM SPACE}"  # a select shows no structure but its text
_NEEDED = _l("Fill this in.")


def _trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


def _uuid(value: object) -> UUID | None:
    return parse_uuid(str(value))


def _code() -> StringField:
    return StringField(
        _l("Code"),
        [DataRequired(_NEEDED), Length(max=CODE_LENGTH)],
        filters=[_trimmed],
        description=_l("Unique, and the same over time."),
    )


def _name() -> StringField:
    return StringField(_l("Name"), [DataRequired(_NEEDED), Length(max=NAME_LENGTH)], filters=[_trimmed])


class UnitForm(PageForm):
    """A unit: new, or as it stands."""

    kind = SelectField(_l("Kind"), [InputRequired(_NEEDED)])
    code = _code()
    name = _name()
    parent_id = SelectField(_l("Unit above"), [InputRequired(_NEEDED)], coerce=_uuid)
    site_id = SelectField(_l("Site"), coerce=_uuid, validate_choice=False)
    active = BooleanField(_l("In use"), default=True)
    version = HiddenField()

    def fields(self, parent_id: UUID | None) -> UnitFields:
        """Return what was entered; `parent_id` holds where the form does not ask for it."""
        parent = self.parent_id.data if "parent_id" in self else parent_id
        return UnitFields(self.name.data, parent, self.site_id.data, bool(self.active.data))


class SiteForm(PageForm):
    """A site: new, or as it stands."""

    code = _code()
    name = _name()
    kind = SelectField(_l("Kind"), [InputRequired(_NEEDED)], choices=options(SITE_LABELS.items()))
    municipality_code = StringField(
        _l("Municipality code"),
        [Optional(), Regexp(r"^[0-9]{4}$", message=_l("Four digits, such as 2080."))],
        filters=[_trimmed],
    )
    municipality = StringField(_l("Municipality"), [Length(max=NAME_LENGTH)], filters=[_trimmed])
    latitude = DecimalField(
        _l("Latitude"),
        [Optional(), NumberRange(54, 70)],
        places=None,
        description=_l("Degrees north (WGS 84)"),
        render_kw={"step": "any"},
    )
    longitude = DecimalField(
        _l("Longitude"),
        [Optional(), NumberRange(10, 25)],
        places=None,
        description=_l("Degrees east (WGS 84)"),
        render_kw={"step": "any"},
    )
    version = HiddenField()

    def validate_longitude(self, field: Any) -> None:
        """Ask for both halves of a coordinate, or none."""
        if (field.data is None) != (self.latitude.data is None):
            raise ValidationError(_("Give both latitude and longitude, or neither."))

    def fields(self) -> SiteFields:
        """Return what was entered."""
        return SiteFields(
            name=self.name.data,
            kind=self.kind.data,
            municipality_code=self.municipality_code.data or None,
            municipality=self.municipality.data or None,
            latitude=None if self.latitude.data is None else float(self.latitude.data),
            longitude=None if self.longitude.data is None else float(self.longitude.data),
        )


class PopulationForm(PageForm):
    """The inhabitants on 31 December of a year."""

    year = IntegerField(_l("Year"), [InputRequired(_NEEDED), NumberRange(1950, 2100)])
    inhabitants = IntegerField(
        _l("Inhabitants on 31 December"), [InputRequired(_NEEDED), NumberRange(0, 100_000_000)]
    )
    source = StringField(
        _l("Source"),
        [DataRequired(_NEEDED), Length(max=NAME_LENGTH)],
        filters=[_trimmed],
        description=_l("For instance: Statistics Sweden, 31 December 2025"),
    )


class UploadForm(PageForm):
    """A workbook to look at before it is imported."""

    file = FileField(_l("Workbook"), [FileRequired(_l("Choose a file."))], render_kw={"accept": ".xlsx"})


def new_unit_form(session: TenantSession, parent_id: UUID | None) -> UnitForm:
    """Return the form of a new unit; without a tree, the first unit is the region's."""
    form = UnitForm(data={"parent_id": parent_id})
    rows = tree(session)
    kinds = kinds_below("region") if rows else ("region",)
    form.kind.choices = options((kind, KIND_LABELS[kind]) for kind in kinds)
    if rows:
        form.parent_id.choices = _parents(session, "ward")
    else:
        del form.parent_id
    form.site_id.choices = _sites(session)
    del form.version
    return form


def unit_form(session: TenantSession, unit: OrgUnit) -> UnitForm:
    """Return the form of a unit as it stands; kind and code do not change."""
    form = UnitForm(obj=unit)
    del form.kind, form.code
    if unit.parent_id is None:
        del form.parent_id
    else:
        form.parent_id.choices = _parents(session, unit.kind)
    form.site_id.choices = _sites(session)
    return form


def _parents(session: TenantSession, kind: str) -> list[SelectChoice]:
    allowed = kinds_above(kind)
    rows = [row for row in tree(session) if row.unit.kind in allowed]
    return options((row.unit.id, _INDENT * row.depth + row.unit.name) for row in rows)


def _sites(session: TenantSession) -> list[SelectChoice]:
    return options([("", _("None")), *((site.id, site.name) for site in sites(session))])
