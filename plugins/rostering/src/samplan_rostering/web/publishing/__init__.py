"""Consultation, publication and what goes out of it: the pages."""

from samplan_rostering.web.publishing import consultation, exports, views

__all__ = ["consultation", "exports", "views"]
