"""The pages of a ward: its local navigation."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from samplan.plugin_api import _l, can, current_principal
from samplan_rostering.permissions import Allow
from samplan_rostering.web.sections import Section, SectionLink

WARD_SECTIONS = (
    Section("rostering.ward", _l("Overview"), Allow.READ_WARD),
    Section("rostering.ward_staff", _l("Employees"), Allow.READ_WARD),
    Section(
        "rostering.ward_rules",
        _l("Rule profile"),
        Allow.READ_WARD,
        frozenset({"rostering.ward_rule_line", "rostering.save_ward_rules", "rostering.add_ward_rule_line"}),
    ),
    Section(
        "rostering.ward_exceptions",
        _l("Exceptions"),
        Allow.READ_WARD,
        frozenset({"rostering.register_ward_exception"}),
    ),
)


def ward_sections(ward_id: UUID) -> list[SectionLink]:
    """Return the links to the ward's pages that the reader may open."""
    principal = current_principal()
    return [
        SectionLink(
            url_for(section.endpoint, ward_id=ward_id),
            section.label,
            request.endpoint == section.endpoint or request.endpoint in section.also,
        )
        for section in WARD_SECTIONS
        if can(principal, section.permission)
    ]
