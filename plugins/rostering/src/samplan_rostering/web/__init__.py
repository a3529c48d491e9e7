"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_rostering.web import accounts, imports, outcome, own, progress, rosters, views, why
from samplan_rostering.web.blueprint import blueprint

__all__ = ["accounts", "blueprint", "imports", "outcome", "own", "progress", "rosters", "views", "why"]
