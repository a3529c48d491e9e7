"""The form that says whose data are asked for."""

from __future__ import annotations

from wtforms import SelectField, StringField

from samplan.i18n import _l
from samplan.web.forms import PageForm


class SubjectForm(PageForm):
    """A member of the region, an employment id, or both for one person."""

    # What is chosen is looked up in the tenant: another tenant's member is not found, rather than refused.
    member = SelectField(_l("Member"), validate_choice=False)
    reference = StringField(
        _l("Employment id"),
        description=_l(
            "As in the ward's workbook. Fill in both where the person is a member and is rostered."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
