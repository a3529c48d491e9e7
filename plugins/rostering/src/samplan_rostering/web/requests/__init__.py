"""Wishes, time off and swaps: the pages."""

from samplan_rostering.web.requests import views, wish_window

__all__ = ["views", "wish_window"]
