"""The forms of accounts, members and API keys."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, EmailField, HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import EqualTo, InputRequired, Length
from wtforms.widgets import CheckboxInput

from samplan.i18n import _l
from samplan.identity.passwords import SHORTEST
from samplan.identity.service import LONGEST_EMAIL
from samplan.identity.tokens import LONGEST_NAME
from samplan.web.forms import PageForm

LONGEST_DISPLAY_NAME = 120

_EMAIL = (
    InputRequired(_l("Fill in the e-mail address.")),
    Length(max=LONGEST_EMAIL, message=_l("The address is too long.")),
)


class LoginForm(PageForm):
    """Who wants in."""

    email = EmailField(_l("E-mail address"), _EMAIL, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Fill in the password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(PageForm):
    """One's own new password."""

    current = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Fill in the password that you use now."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Fill in the new password."))],
        description=_l("At least %(n)s characters. Several words in a row are easy to remember.", n=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )
    repeated = PasswordField(
        _l("New password once more"),
        [
            InputRequired(_l("Fill in the new password once more.")),
            EqualTo("password", _l("The two new passwords differ.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def _checkboxes(label: Any, message: Any) -> SelectMultipleField:
    return SelectMultipleField(label, [InputRequired(message)], option_widget=CheckboxInput())


class RolesForm(PageForm):
    """The roles that a member holds."""

    roles = _checkboxes(_l("Roles"), _l("Choose at least one role."))


class MemberForm(PageForm):
    """A new member."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the person's name.")),
            Length(max=LONGEST_DISPLAY_NAME, message=_l("The name is too long.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(_l("E-mail address"), _EMAIL, render_kw={"autocomplete": "off"})
    roles = _checkboxes(_l("Roles"), _l("Choose at least one role."))


class ApiKeyForm(PageForm):
    """A new API key."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the key a name.")),
            Length(max=LONGEST_NAME, message=_l("The name is too long.")),
        ],
        description=_l("What will use the key, for instance the payroll export."),
        render_kw={"autocomplete": "off"},
    )
    expires_on = DateField(_l("Last day"), [InputRequired(_l("Choose the key's last day."))])
    scopes = _checkboxes(_l("What the key may do"), _l("Choose at least one thing that the key may do."))
