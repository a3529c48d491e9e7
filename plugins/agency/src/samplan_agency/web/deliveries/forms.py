"""The form for a file that is delivered."""

from __future__ import annotations

import re

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from samplan.plugin_api import PageForm, _l, can, current_principal
from samplan_agency.domain.spelling import read_month
from samplan_agency.services.deliveries.readers import READERS
from samplan_agency.services.deliveries.steps import Said

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z")


class DeliveryForm(PageForm):
    """A file with what is said of it."""

    kind = SelectField(_l("Kind of file"), validate_choice=True)
    source = StringField(
        _l("From the system"),
        validators=[DataRequired(_l("Say which system the file is from.")), Length(max=60)],
        description=_l("Such as Raindance. Corrections replace what came from the same system."),
    )
    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A text file (CSV) or a workbook (.xlsx)."),
    )
    first = StringField(
        _l("First month"),
        validators=[Optional(), Regexp(_MONTH, message=_l("Give the month as 2027-01."))],
        description=_l("As 2027-01. Dates outside the months are faults."),
    )
    last = StringField(
        _l("Last month"), validators=[Optional(), Regexp(_MONTH, message=_l("Give the month as 2027-01."))]
    )
    whole_months = BooleanField(
        _l("The file holds whole months"),
        description=_l("Lines that were read in before and are not in the file are put aside."),
    )

    def __init__(self) -> None:
        """Offer the kinds that the user may read in."""
        super().__init__()
        self.kind.choices = [
            SelectChoice(kind, reader.label)
            for kind, reader in READERS.items()
            if can(current_principal(), reader.permission)
        ]

    def said(self) -> Said:
        """Return what is said of the file that was sent."""
        return Said(
            kind=self.kind.data,
            source=" ".join(self.source.data.split()),
            filename=self.file.data.filename or "",
            first=read_month(self.first.data or ""),
            last=read_month(self.last.data or ""),
            whole_months=self.whole_months.data,
        )
