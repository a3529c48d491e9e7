"""The forms of webhooks."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField, StringField, URLField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from samplan.i18n import _l
from samplan.notices.endpoints import LONGEST_NAME
from samplan.web.forms import PageForm


class WebhookForm(PageForm):
    """An endpoint of another system."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Give the webhook a name.")),
            Length(max=LONGEST_NAME, message=_l("The name is too long.")),
        ],
        description=_l("Which system it is, for instance the payroll."),
        render_kw={"autocomplete": "off"},
    )
    url = URLField(
        _l("Address"),
        [InputRequired(_l("Fill in the address."))],
        description=_l("Begins with https:// and is reached from the internet."),
        render_kw={"autocomplete": "off"},
    )
    events = SelectMultipleField(
        _l("Events"),
        [InputRequired(_l("Choose at least one event."))],
        option_widget=CheckboxInput(),
        validate_choice=False,  # the service says which one there is not
    )
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was seen; 0, which is none's, where the form says nothing usable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
