"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_rostering.web import (
    accounts,
    consultation,
    imports,
    outcome,
    own,
    progress,
    publishing,
    rosters,
    views,
    why,
)
from samplan_rostering.web.blueprint import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "consultation",
    "imports",
    "outcome",
    "own",
    "progress",
    "publishing",
    "rosters",
    "views",
    "why",
]
