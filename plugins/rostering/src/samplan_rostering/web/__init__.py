"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_rostering.web import (
    employees,
    figures,
    hired,
    outcome,
    own,
    periods,
    publishing,
    replanning,
    requests,
    rosters,
    scenarios,
    setup,
    solving,
    views,
)
from samplan_rostering.web.blueprint import blueprint

__all__ = [
    "blueprint",
    "employees",
    "figures",
    "hired",
    "outcome",
    "own",
    "periods",
    "publishing",
    "replanning",
    "requests",
    "rosters",
    "scenarios",
    "setup",
    "solving",
    "views",
]
