"""Invoice control: the pages."""

from samplan_agency.web.control import batch, files, line, views

__all__ = ["batch", "files", "line", "views"]
