"""The pages of a ward's shift types: the list, and a page for each to change, replace or retire it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, ColorField, HiddenField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from samplan.plugin_api import (
    Conflict,
    Invalid,
    PageForm,
    Text,
    _,
    _l,
    current_session,
    option,
    requires,
    today,
    trimmed,
)
from samplan_rostering import labels
from samplan_rostering.domain.validation import ordinary_minutes
from samplan_rostering.domain.ward import ShiftKind
from samplan_rostering.domain.ward import ShiftType as ShiftValue
from samplan_rostering.models import ShiftType
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.used import ShiftLine, get_shift, locked_ward, shift_lines
from samplan_rostering.queries.setup.wards import get_ward
from samplan_rostering.services.setup import shift_types as service
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import minutes_of
from samplan_rostering.web.setup.forms import NEEDED, OUTDATED

Answer = Response | tuple[str, int]
CODE = Regexp(r"[^\s/,;]*\Z", message=_l("Without spaces, commas, semicolons and slashes."))
COLOUR = Regexp(r"#[0-9a-fA-F]{6}\Z", message=_l("A colour such as #0b5a6f."))
DUTY = ("on_call_minutes", "standby_minutes")
USUAL_COLOUR = "#0b5a6f"


class ShiftForm(PageForm):
    """A shift type; `mark` names the state that the form was shown with."""

    mark = HiddenField()
    code = StringField(
        _l("Code"), [DataRequired(NEEDED), Length(max=12), CODE], filters=[trimmed],
        description=_l("What the roster shows, such as D or N2."),
    )  # fmt: skip
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=60)], filters=[trimmed])
    kind = SelectField(_l("Category"), [InputRequired(NEEDED)])
    start = TimeField(_l("Begins"), [InputRequired(NEEDED)])
    end = TimeField(
        _l("Ends"), [InputRequired(NEEDED)], description=_l("Not later than it begins: the next day.")
    )
    break_minutes = IntegerField(
        _l("Break (minutes)"), [InputRequired(NEEDED), NumberRange(0, 1439)], default=30
    )
    paid_minutes = StringField(
        _l("Paid time"),
        filters=[trimmed],
        description=_l("Such as 8:00. Empty: from begin to end without break, on-call duty and standby."),
    )
    on_call_minutes = StringField(
        _l("On-call duty at the end"),
        filters=[trimmed],
        description=_l("So much of the shift's end, such as 16:00. Empty: none."),
    )
    standby_minutes = StringField(
        _l("Standby last"),
        filters=[trimmed],
        description=_l("So much of the shift's end, after work and on-call duty. Empty: none."),
    )
    own_colour = BooleanField(_l("Colour in the workbook"))
    colour = ColorField(_l("Colour"), [Optional(), COLOUR], default=USUAL_COLOUR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [option(kind.value, text) for kind, text in labels.SHIFT_KINDS.items()]

    @classmethod
    def of(cls, line: ShiftLine, **changed: Any) -> ShiftForm:
        """Return the form as a shift type is stored."""
        row = line.row
        data: dict[str, Any] = {
            "mark": line.mark,
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "start": row.start_time,
            "end": row.end_time,
            "break_minutes": row.break_minutes,
            "paid_minutes": labels.clock_minutes(row.paid_minutes),
            **{name: labels.clock_minutes(getattr(row, name)) if getattr(row, name) else "" for name in DUTY},
            "own_colour": row.colour is not None,
            "colour": row.colour or USUAL_COLOUR,
        }
        form: ShiftForm = cls(formdata=None, data=data | changed)
        return form

    def validate_paid_minutes(self, field: Any) -> None:
        """Refuse what is not hours and minutes."""
        if field.data and minutes_of(field.data) is None:
            raise ValidationError(_("Hours and minutes such as 8:00."))

    validate_on_call_minutes = validate_paid_minutes
    validate_standby_minutes = validate_paid_minutes

    def value(self) -> ShiftValue:
        """Return what was entered."""
        shift = ShiftValue(
            code=self.code.data or "",
            name=self.name.data,
            kind=ShiftKind(self.kind.data),
            start=self.start.data,
            end=self.end.data,
            break_minutes=self.break_minutes.data,
            paid_minutes=0,
            colour=(self.colour.data or None) if self.own_colour.data else None,
            on_call_minutes=minutes_of(self.on_call_minutes.data or "0") or 0,
            standby_minutes=minutes_of(self.standby_minutes.data or "0") or 0,
        )
        stated = minutes_of(self.paid_minutes.data) if self.paid_minutes.data else None
        whole = max(ordinary_minutes(shift) - shift.break_minutes, 0)
        return replace(shift, paid_minutes=whole if stated is None else stated)


class MarkForm(PageForm):
    """A button that names the state that it was shown with."""

    mark = HiddenField()


@blueprint.get("/wards/<uuid:ward_id>/shift-types")
@requires(Allow.READ_WARD)
def ward_shift_types(ward_id: UUID) -> str:
    """List a ward's shift types."""
    return _list(ward_id, ShiftForm(formdata=None))


@blueprint.post("/wards/<uuid:ward_id>/shift-types")
@requires(Allow.WRITE_WARD)
def add_ward_shift_type(ward_id: UUID) -> Answer:
    """Add a shift type to a ward."""
    session, form = current_session(), ShiftForm()
    ward = locked_ward(session, ward_id)
    if form.validate_on_submit():
        try:
            added = service.add_shift_type(session, ward.id, form.value(), today())
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The shift type %(code)s has been added.", code=added.code), "success")
            return redirect(url_for("rostering.ward_shift_types", ward_id=ward_id), 303)
    return _list(ward_id, form), 422


@blueprint.get("/shift-types/<uuid:shift_id>")
@requires(Allow.READ_WARD)
def shift_type(shift_id: UUID) -> str:
    """Show a shift type."""
    return _page(get_shift(current_session(), shift_id))


@blueprint.post("/shift-types/<uuid:shift_id>")
@requires(Allow.WRITE_WARD)
def change_shift_type(shift_id: UUID) -> Answer:
    """Change a shift type."""
    line, form = _locked(shift_id), ShiftForm()
    form.code.data = line.row.code
    return _made(
        line,
        form,
        lambda: service.change_shift_type(current_session(), line, form.value(), today()),
        _("The shift type has been saved."),
    )


@blueprint.get("/shift-types/<uuid:shift_id>/replace")
@requires(Allow.WRITE_WARD)
def new_shift_type(shift_id: UUID) -> str:
    """Show the form of the shift type that is to take the place of one."""
    return _page(get_shift(current_session(), shift_id), replacing=True)


@blueprint.post("/shift-types/<uuid:shift_id>/replace")
@requires(Allow.WRITE_WARD)
def replace_shift_type(shift_id: UUID) -> Answer:
    """Let a new shift type take the place of one."""
    line, form = _locked(shift_id), ShiftForm()
    return _made(
        line,
        form,
        lambda: service.replace_shift_type(current_session(), line.row, form.value(), today()),
        _("The new shift type has taken the place of %(code)s.", code=line.row.code),
        replacing=True,
    )


@blueprint.post("/shift-types/<uuid:shift_id>/retire")
@requires(Allow.WRITE_WARD)
def retire_shift_type(shift_id: UUID) -> Answer:
    """Take a shift type out of use."""
    line = _locked(shift_id)
    done = _("The shift type is out of use.")
    return _made(line, MarkForm(), lambda: _of_row(service.retire_shift_type, line.row), done)


@blueprint.post("/shift-types/<uuid:shift_id>/restore")
@requires(Allow.WRITE_WARD)
def restore_shift_type(shift_id: UUID) -> Answer:
    """Take a shift type into use again."""
    line = _locked(shift_id)
    done = _("The shift type is in use again.")
    return _made(line, MarkForm(), lambda: _of_row(service.restore_shift_type, line.row), done)


def _of_row(change: Callable[..., None], row: ShiftType) -> None:
    change(current_session(), row, today())


def _locked(shift_id: UUID) -> ShiftLine:
    session = current_session()
    locked_ward(session, get_shift(session, shift_id).row.ward_id)
    return get_shift(session, shift_id)


def _made(
    line: ShiftLine,
    form: ShiftForm | MarkForm,
    change: Callable[[], object],
    done: Text,
    *,
    replacing: bool = False,
) -> Answer:
    """Make a change that a valid form of the newest state asks for, or show the page with what is wrong."""
    if not form.validate_on_submit():
        return _page(line, form, replacing=replacing), 422
    if form.mark.data != line.mark:
        form.form_errors.append(str(OUTDATED))
        form.mark.data = line.mark
        return _page(line, form, replacing=replacing), 409
    try:
        with current_session().begin_nested():
            change()
    except (Conflict, Invalid) as error:
        form.show(error)
        return _page(get_shift(current_session(), line.row.id), form, replacing=replacing), 422
    flash(str(done), "success")
    return redirect(url_for("rostering.ward_shift_types", ward_id=line.row.ward_id), 303)


def _list(ward_id: UUID, form: ShiftForm) -> str:
    session = current_session()
    return render_template(
        "rostering/shift_types.html",
        ward=get_ward(session, ward_id),
        lines=shift_lines(session, ward_id),
        form=form,
    )


def _page(line: ShiftLine, sent: PageForm | None = None, *, replacing: bool = False) -> str:
    """Return the page of a shift type; `sent` is a form with faults."""
    form = sent
    if not isinstance(form, ShiftForm):
        form = ShiftForm.of(line, code="") if replacing else ShiftForm.of(line)
    return render_template(
        "rostering/shift_type.html",
        ward=get_ward(current_session(), line.row.ward_id),
        line=line,
        form=form,
        extra=None if sent is form else sent,
        replacing=replacing,
    )
