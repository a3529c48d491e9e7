"""The HTML pages: importing this package adds every view to the blueprint."""

from samplan_rostering.web import imports, progress, rosters, views
from samplan_rostering.web.blueprint import blueprint

__all__ = ["blueprint", "imports", "progress", "rosters", "views"]
