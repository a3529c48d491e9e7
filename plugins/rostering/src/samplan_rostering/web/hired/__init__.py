"""Call-off and hired staff: the pages."""

from samplan_rostering.web.hired import calloff, calloff_line, confirmed, views

__all__ = ["calloff", "calloff_line", "confirmed", "views"]
