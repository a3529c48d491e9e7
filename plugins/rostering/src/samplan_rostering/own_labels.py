"""What codes of the employees' own pages are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_rostering.domain.wishing import OwnKind, WindowState, WishFault

OWN_WISHES: Mapping[OwnKind, Text] = MappingProxyType(
    {
        OwnKind.WANT: _l("I want to work"),
        OwnKind.AVOID: _l("I would rather not work"),
        OwnKind.OFF: _l("Day off"),
        OwnKind.VETO: _l("Veto"),
    }
)
REQUEST_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "requested": _l("Waits for the manager"),
        "proposed": _l("Waits for the colleague"),
        "accepted": _l("Waits for the manager"),
        "declined": _l("Declined"),
        "rejected": _l("Declined"),
        "withdrawn": _l("Withdrawn"),
        "approved": _l("Approved"),
    }
)
WINDOWS: Mapping[WindowState, Text] = MappingProxyType(
    {
        WindowState.COMING: _l("Not open yet"),
        WindowState.OPEN: _l("Open"),
        WindowState.CLOSED: _l("Closed"),
    }
)
WISH_FAULTS: Mapping[WishFault, Text] = MappingProxyType(
    {
        WishFault.OUTSIDE_PERIOD: _l("Choose a date in the period."),
        WishFault.SHIFT_OF_A_DAY_OFF: _l("A day off or a veto is for the whole date: choose no shift."),
        WishFault.UNKNOWN_SHIFT: _l("Choose one of the ward's shifts."),
        WishFault.NO_POINTS: _l("Give the wish at least one point."),
        WishFault.ABSENT: _l("You are away on that date already."),
        WishFault.LOCKED: _l("A shift is locked for you on that date. Talk to your ward manager."),
        WishFault.TWICE: _l("You have a wish for that date and shift already. Withdraw it first."),
        WishFault.TOO_MANY_POINTS: _l("You have not that many points left."),
        WishFault.TOO_MANY_VETOES: _l("You have no veto left."),
    }
)
