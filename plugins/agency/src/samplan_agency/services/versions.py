"""Two who change the same: the later one is told."""

from __future__ import annotations

from samplan.plugin_api import Conflict, _


def expect_version(newest: int, version: int) -> None:
    """Raise `Conflict` where a change is based on another version than the newest."""
    if newest != version:
        raise Conflict(_("Somebody else has changed this in the meantime. What is shown now is the newest."))
