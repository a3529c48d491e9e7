"""The page of a ward's skills: which there are, and who holds each between which dates."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from samplan.plugin_api import (
    Conflict,
    Invalid,
    PageForm,
    Text,
    _,
    _l,
    current_session,
    requires,
    today,
    trimmed,
)
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.used import SkillLine, get_skill, locked_ward, skill_lines
from samplan_rostering.queries.setup.wards import get_ward
from samplan_rostering.services.setup import skills as service
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.setup.forms import NEEDED, OUTDATED

Answer = Response | tuple[str, int]
CODE = Regexp(r"[^,;]*\Z", message=_l("Without commas and semicolons."))


class NewSkillForm(PageForm):
    """A skill of a ward."""

    code = StringField(
        _l("Code"),
        [DataRequired(NEEDED), Length(max=20), CODE],
        filters=[trimmed],
        description=_l("Such as SSK or USK. For who helps from the internal unit: the code of this unit."),
    )  # fmt: skip
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=60)], filters=[trimmed])


class SkillNameForm(PageForm):
    """Another name of a skill; `mark` names the state that the form was shown with."""

    mark = HiddenField()
    name = StringField(_l("Name"), [Optional(), Length(max=60)], filters=[trimmed])


@blueprint.get("/wards/<uuid:ward_id>/skills")
@requires(Allow.READ_WARD)
def ward_skills(ward_id: UUID) -> str:
    """Show a ward's skills."""
    return _page(ward_id, NewSkillForm(formdata=None))


@blueprint.post("/wards/<uuid:ward_id>/skills")
@requires(Allow.WRITE_WARD)
def add_ward_skill(ward_id: UUID) -> Answer:
    """Add a skill to a ward."""
    session, form = current_session(), NewSkillForm()
    ward = locked_ward(session, ward_id)
    if form.validate_on_submit():
        try:
            added = service.add_skill_of_ward(session, ward.id, form.code.data, form.name.data, today())
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The skill %(code)s has been added.", code=added.code), "success")
            return redirect(url_for("rostering.ward_skills", ward_id=ward_id), 303)
    return _page(ward_id, form), 422


@blueprint.post("/skills/<uuid:skill_id>")
@requires(Allow.WRITE_WARD)
def rename_skill(skill_id: UUID) -> Answer:
    """Give a skill another name."""
    line, form = _locked(skill_id), SkillNameForm()
    if form.is_submitted() and not form.name.data:
        form.name.errors = [NEEDED]
        return _page(line.row.ward_id, NewSkillForm(formdata=None), (line, form)), 422

    def change() -> None:
        service.rename_skill(current_session(), line.row, form.name.data, today())

    return _made(line, form, change, _("The skill has been saved."))


@blueprint.post("/skills/<uuid:skill_id>/retire")
@requires(Allow.WRITE_WARD)
def retire_skill(skill_id: UUID) -> Answer:
    """Take a skill out of use."""
    line = _locked(skill_id)

    def change() -> None:
        service.retire_skill(current_session(), line.row, today())

    return _made(line, SkillNameForm(), change, _("The skill is out of use."))


@blueprint.post("/skills/<uuid:skill_id>/restore")
@requires(Allow.WRITE_WARD)
def restore_skill(skill_id: UUID) -> Answer:
    """Take a skill into use again."""
    line = _locked(skill_id)

    def change() -> None:
        service.restore_skill(current_session(), line.row, today())

    return _made(line, SkillNameForm(), change, _("The skill is in use again."))


def _locked(skill_id: UUID) -> SkillLine:
    session = current_session()
    locked_ward(session, get_skill(session, skill_id).row.ward_id)
    return get_skill(session, skill_id)


def _made(line: SkillLine, form: SkillNameForm, change: Callable[[], None], done: Text) -> Answer:
    """Make a change that a valid form of the newest state asks for, or show the page with what is wrong."""
    ward_id = line.row.ward_id
    if not form.validate_on_submit():
        return _page(ward_id, NewSkillForm(formdata=None), (line, form)), 422
    if form.mark.data != line.mark:
        form.form_errors.append(str(OUTDATED))
        return _page(ward_id, NewSkillForm(formdata=None), (line, form)), 409
    try:
        change()
    except Conflict as error:
        form.show(error)
        return _page(ward_id, NewSkillForm(formdata=None), (line, form)), 422
    flash(str(done), "success")
    return redirect(url_for("rostering.ward_skills", ward_id=ward_id), 303)


def _page(ward_id: UUID, form: NewSkillForm, faulty: tuple[SkillLine, SkillNameForm] | None = None) -> str:
    session = current_session()
    return render_template(
        "rostering/skills.html",
        ward=get_ward(session, ward_id),
        lines=skill_lines(session, ward_id),
        form=form,
        faulty=faulty,
        today=today(),
    )
