"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_rostering.web import (
    accounts,
    balances,
    consultation,
    documents,
    imports,
    optimise,
    outcome,
    own,
    own_wishes,
    progress,
    publishing,
    roster_edits,
    rosters,
    views,
    wards,
    why,
    wish_window,
)
from samplan_rostering.web.blueprint import blueprint

__all__ = [
    "accounts",
    "balances",
    "blueprint",
    "consultation",
    "documents",
    "imports",
    "optimise",
    "outcome",
    "own",
    "own_wishes",
    "progress",
    "publishing",
    "roster_edits",
    "rosters",
    "views",
    "wards",
    "why",
    "wish_window",
]
