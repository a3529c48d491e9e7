"""The check of an absence for a part of a day, asked for or noted."""

from __future__ import annotations

from samplan.plugin_api import Invalid, _
from samplan_rostering.domain.absence import Absence


def check_part_of_day(away: Absence) -> None:
    """Refuse one time without the other, and an end that is not after the start; raises `Invalid`."""
    if (away.start is None) != (away.end is None):
        message = _("Give both times, or none for the whole day.")
        raise Invalid(message, {"end" if away.end is None else "start": [message]})
    if not away.sound:
        message = _("The end must be after the start on the same day. 00:00 is the end of the day.")
        raise Invalid(message, {"end": [message]})
