"""The pages of a ward: its local navigation."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from samplan.plugin_api import _l, can, current_principal
from samplan_rostering.permissions import Allow
from samplan_rostering.web.sections import Section, SectionLink

WARD_SECTIONS = (
    Section("rostering.ward", _l("Overview"), Allow.READ_WARD),
    Section(
        "rostering.ward_shift_types",
        _l("Shift types"),
        Allow.READ_WARD,
        frozenset(
            {
                "rostering.add_ward_shift_type",
                "rostering.shift_type",
                "rostering.change_shift_type",
                "rostering.new_shift_type",
                "rostering.replace_shift_type",
                "rostering.retire_shift_type",
                "rostering.restore_shift_type",
            }
        ),
    ),
    Section(
        "rostering.ward_skills",
        _l("Skills"),
        Allow.READ_WARD,
        frozenset(
            {
                "rostering.add_ward_skill",
                "rostering.rename_skill",
                "rostering.retire_skill",
                "rostering.restore_skill",
            }
        ),
    ),
    Section(
        "rostering.ward_staff",
        _l("Employees"),
        Allow.READ_WARD,
        frozenset(
            {
                "rostering.choose_staff_file",
                "rostering.show_staff_file",
                "rostering.map_staff_file",
                "rostering.confirm_staff_file",
            }
        ),
    ),
    Section(
        "rostering.ward_coverage",
        _l("Coverage templates"),
        Allow.READ_WARD,
        frozenset(
            {
                "rostering.add_coverage_template",
                "rostering.coverage_template",
                "rostering.change_coverage_template",
                "rostering.set_coverage_needs",
                "rostering.delete_coverage_template",
            }
        ),
    ),
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
