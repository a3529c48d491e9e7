"""One's own roster, wishes and requests: the pages."""

from samplan_rostering.web.own import feed, requests, views, wishes

__all__ = ["feed", "requests", "views", "wishes"]
