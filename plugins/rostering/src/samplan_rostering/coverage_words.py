"""What the days of a coverage template are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_rostering.domain.coverage import EVE, HOLIDAY

COVERAGE_DAYS: Mapping[int, Text] = MappingProxyType(
    {
        0: _l("Monday"),
        1: _l("Tuesday"),
        2: _l("Wednesday"),
        3: _l("Thursday"),
        4: _l("Friday"),
        5: _l("Saturday"),
        6: _l("Sunday"),
        HOLIDAY: _l("Public holiday"),
        EVE: _l("Eve of a public holiday"),
    }
)
"""The days of a coverage template."""
