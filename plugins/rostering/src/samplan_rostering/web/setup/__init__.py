"""Setting a ward up: the pages."""

from samplan_rostering.web.setup import coverage, exceptions, profiles, shift_types, skills, wards

__all__ = ["coverage", "exceptions", "profiles", "shift_types", "skills", "wards"]
