"""What the codes of call-offs are called."""

from __future__ import annotations

from collections.abc import Mapping

from samplan.plugin_api import Text, _l
from samplan_agency.domain.calloff import LeftOut, Outside, Times

STATES: Mapping[str, tuple[str, Text]] = {
    "draft": ("neutral", _l("Draft")),
    "sent": ("waiting", _l("Sent")),
    "closed": ("success", _l("Ended")),
    "withdrawn": ("neutral", _l("Withdrawn")),
}
REQUEST_STATES: Mapping[str, tuple[str, Text]] = {
    "sent": ("waiting", _l("Asked")),
    "answered": ("success", _l("Has answered")),
    "withdrawn": ("neutral", _l("Withdrawn")),
}
ANSWER_STATES: Mapping[str, tuple[str, Text]] = {
    "offered": ("waiting", _l("Offered")),
    "confirmed": ("success", _l("Confirmed")),
    "refused": ("neutral", _l("Nobody more")),
}
TIMES: Mapping[str, Text] = {
    Times.ALL: _l("All shifts"),
    Times.WEEKENDS: _l("Only weekends"),
    Times.NIGHTS: _l("Only nights"),
    Times.WEEKENDS_NIGHTS: _l("Weekends and nights"),
}
LEFT_OUT: Mapping[str, Text] = {
    LeftOut.OWN_FIRST: _l("own staff has not been asked"),
    LeftOut.TIMES: _l("hired staff is not wanted at this time"),
    LeftOut.LEAD_TIME: _l("begins too soon"),
    LeftOut.NO_PRICE: _l("no agreed price to compare with the highest one"),
    LeftOut.MAX_PRICE: _l("costs more than the highest price"),
}
OUTSIDE: Mapping[str, Text] = {
    Outside.NONE: _l("within the agreement"),
    Outside.NO_PRICE: _l("outside: no agreed price"),
    Outside.ABOVE: _l("outside: above the agreed price"),
}
