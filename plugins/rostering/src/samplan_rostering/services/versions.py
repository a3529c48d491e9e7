"""Two who change the same: the later one is told."""

from __future__ import annotations

from samplan.plugin_api import Conflict


class Stale(Conflict):
    """The change is based on an older version than the newest."""

    code = "stale"
