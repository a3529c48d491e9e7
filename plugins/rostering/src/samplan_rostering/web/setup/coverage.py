"""The pages of a ward's coverage templates: the list, and a page for each with what it asks for by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import (
    Conflict,
    Invalid,
    PageForm,
    Text,
    VersionForm,
    _,
    _l,
    current_session,
    option,
    requires,
    trimmed,
)
from samplan_rostering.coverage_words import COVERAGE_DAYS
from samplan_rostering.domain.coverage import Template
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.coverage import (
    StoredTemplate,
    get_template,
    newest_week,
    templates_of,
)
from samplan_rostering.queries.setup.used import locked_ward
from samplan_rostering.queries.setup.wards import get_ward, shift_types_of, skills_of
from samplan_rostering.services.setup import coverage as service
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.setup.forms import NEEDED, OUTDATED

Answer = Response | tuple[str, int]
NEWEST = "newest"
_COUNT = NumberRange(0, service.MOST)


class SeasonForm(VersionForm):
    """The name of a template, and its season if it is not for the whole year."""

    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=60)], filters=[trimmed])
    first = DateField(
        _l("First date"), [Optional()], description=_l("Of a season such as summer. Empty: the whole year.")
    )
    last = DateField(_l("Last date"), [Optional()])

    @property
    def season(self) -> tuple[date | None, date | None]:
        """The season's first and last date."""
        return self.first.data, self.last.data


class NewTemplateForm(SeasonForm):
    """A new template, which may begin as another one or as the newest period's week."""

    like = SelectField(_l("Begin with"), [Optional()], default="")


class NeedsForm(PageForm):
    """How many are needed on a shift, on the days that are chosen."""

    version = HiddenField()
    shift = SelectField(_l("Shift"), [InputRequired(NEEDED)])
    skill = SelectField(_l("Skill"), [Optional()], default="")
    days = SelectMultipleField(
        _l("Days"), [InputRequired(_l("Choose at least one day."))], option_widget=CheckboxInput()
    )
    minimum = IntegerField(_l("Minimum"), [Optional(), _COUNT])
    target = IntegerField(_l("Target"), [Optional(), _COUNT], description=_l("Empty: as the minimum."))
    maximum = IntegerField(_l("Maximum"), [Optional(), _COUNT], description=_l("Empty: none."))
    action = HiddenField()

    @classmethod
    def of_ward(cls, ward_id: UUID, **kwargs: object) -> NeedsForm:
        """Return the form with a ward's shift types and skills."""
        form: NeedsForm = cls(**kwargs)
        session = current_session()
        form.shift.choices = [
            option(row.code, f"{row.code} {row.name}") for row in shift_types_of(session, ward_id)
        ]
        skills = [option(row.code, f"{row.code} {row.name}") for row in skills_of(session, ward_id)]
        form.skill.choices = [option("", _("everybody counts")), *skills]
        form.days.choices = [option(day, text) for day, text in COVERAGE_DAYS.items()]
        return form


@blueprint.get("/wards/<uuid:ward_id>/coverage")
@requires(Allow.READ_WARD)
def ward_coverage(ward_id: UUID) -> str:
    """List a ward's coverage templates."""
    return _list(ward_id, _new_form(ward_id, sent=False))


@blueprint.post("/wards/<uuid:ward_id>/coverage")
@requires(Allow.WRITE_WARD)
def add_coverage_template(ward_id: UUID) -> Answer:
    """Add a coverage template to a ward."""
    session = current_session()
    ward, form = locked_ward(session, ward_id), _new_form(ward_id)
    if form.validate_on_submit():
        try:
            added = service.add_template(
                session, ward.id, form.name.data, form.season, _like(ward_id, form.like.data)
            )
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The template has been added. Enter what it asks for."), "success")
            return redirect(url_for("rostering.coverage_template", template_id=added.id), 303)
    return _list(ward_id, form), 422


@blueprint.get("/coverage-templates/<uuid:template_id>")
@requires(Allow.READ_WARD)
def coverage_template(template_id: UUID) -> str:
    """Show a coverage template."""
    return _page(get_template(current_session(), template_id))


@blueprint.post("/coverage-templates/<uuid:template_id>")
@requires(Allow.WRITE_WARD)
def change_coverage_template(template_id: UUID) -> Answer:
    """Give a template another name or season."""
    found, form = _locked(template_id), SeasonForm()

    def change() -> None:
        service.change_template(current_session(), found.row, form.name.data, form.season)

    return _made(found, form, change, _("The template has been saved."))


@blueprint.post("/coverage-templates/<uuid:template_id>/needs")
@requires(Allow.WRITE_WARD)
def set_coverage_needs(template_id: UUID) -> Answer:
    """Set or take away what a template asks for on some days."""
    found = _locked(template_id)
    form = NeedsForm.of_ward(found.row.ward_id)
    removing = form.action.data == "remove"

    def change() -> None:
        minimum = form.minimum.data
        if minimum is None and not removing:
            raise Invalid(str(NEEDED), {"minimum": [str(NEEDED)]})
        target = minimum if form.target.data is None else form.target.data
        numbers = None if removing else (minimum, target, form.maximum.data)
        key = form.shift.data, form.skill.data or None
        service.set_needs(current_session(), found, key, [int(day) for day in form.days.data], numbers)

    done = _("Taken away.") if removing else _("Saved.")
    return _made(found, form, change, done)


@blueprint.post("/coverage-templates/<uuid:template_id>/delete")
@requires(Allow.WRITE_WARD)
def delete_coverage_template(template_id: UUID) -> Answer:
    """Delete a template."""
    found = _locked(template_id)
    back = url_for("rostering.ward_coverage", ward_id=found.row.ward_id)

    def change() -> None:
        service.delete_template(current_session(), found.row)

    return _made(found, VersionForm(), change, _("The template has been deleted."), back)


def _locked(template_id: UUID) -> StoredTemplate:
    session = current_session()
    locked_ward(session, get_template(session, template_id).row.ward_id)
    return get_template(session, template_id)


def _made(
    found: StoredTemplate,
    form: VersionForm | NeedsForm,
    change: Callable[[], None],
    done: Text,
    back: str = "",
) -> Answer:
    """Make a change that a valid form of the newest version asks for, or show the page with what is wrong."""
    if not form.validate_on_submit():
        return _page(found, form), 422
    if whole_number(form.version.data, None) != found.row.version:
        form.form_errors.append(str(OUTDATED))
        return _page(found, form), 409
    try:
        change()
    except (Conflict, Invalid) as error:
        form.show(error)
        return _page(found, form), 422
    flash(str(done), "success")
    return redirect(back or url_for("rostering.coverage_template", template_id=found.row.id), 303)


def _new_form(ward_id: UUID, *, sent: bool = True) -> NewTemplateForm:
    form: NewTemplateForm = NewTemplateForm() if sent else NewTemplateForm(formdata=None)
    session = current_session()
    choices = [option("", _("nothing"))]
    if newest_week(session, ward_id) is not None:
        choices.append(option(NEWEST, _("the week of the newest period")))
    form.like.choices = [
        *choices,
        *(option(item.row.id, item.row.name) for item in templates_of(session, ward_id)),
    ]
    return form


def _like(ward_id: UUID, choice: str) -> Template:
    """Return what a new template begins with."""
    session = current_session()
    if choice == NEWEST:
        return newest_week(session, ward_id) or Template("")
    found = next((item for item in templates_of(session, ward_id) if str(item.row.id) == choice), None)
    return Template("") if found is None else found.value


def _list(ward_id: UUID, form: NewTemplateForm) -> str:
    session = current_session()
    return render_template(
        "rostering/coverage_templates.html",
        ward=get_ward(session, ward_id),
        templates=templates_of(session, ward_id),
        form=form,
    )


def _page(found: StoredTemplate, sent: VersionForm | NeedsForm | None = None) -> str:
    row = found.row
    needs = sent if isinstance(sent, NeedsForm) else NeedsForm.of_ward(row.ward_id, formdata=None)
    season = sent
    if not isinstance(season, SeasonForm):
        stored = {"name": row.name, "first": row.first_date, "last": row.last_date}
        season = SeasonForm(formdata=None, data=stored)
    season.version.data = needs.version.data = str(row.version)
    return render_template(
        "rostering/coverage_template.html",
        ward=get_ward(current_session(), row.ward_id),
        template=found,
        days=COVERAGE_DAYS,
        needs=needs,
        season=season,
        extra=sent if sent is not needs and sent is not season else None,
        opened=sent is season,
    )
