"""What was worked: the pages."""

from samplan_rostering.web.outcome import balances, views, worked_import

__all__ = ["balances", "views", "worked_import"]
