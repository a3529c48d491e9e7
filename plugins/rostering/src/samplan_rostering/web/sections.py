"""The pages of a period, in the order in which a ward goes through them: its local navigation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for

from samplan.plugin_api import Text, _l, can, current_principal
from samplan_rostering.permissions import Allow


@dataclass(frozen=True, slots=True)
class Section:
    """A page of a period: an endpoint that takes `period_id`, and the others that belong to it."""

    endpoint: str
    label: Text
    permission: Allow
    also: frozenset[str] = frozenset()


SECTIONS = (
    Section("rostering.period", _l("Overview"), Allow.READ_ROSTER),
    Section(
        "rostering.period_coverage",
        _l("Requirements"),
        Allow.READ_WARD,
        frozenset({"rostering.apply_coverage"}),
    ),
    Section(
        "rostering.period_wishes",
        _l("Wishes"),
        Allow.MANAGE_WISHES,
        frozenset({"rostering.set_wish_window"}),
    ),
    Section(
        "rostering.period_rules",
        _l("Rule profile"),
        Allow.READ_WARD,
        frozenset(
            {"rostering.period_rule_line", "rostering.save_period_rules", "rostering.add_period_rule_line"}
        ),
    ),
    Section(
        "rostering.optimise",
        _l("Optimise"),
        Allow.SOLVE_ROSTER,
        frozenset({"rostering.start_optimise", "rostering.best_roster"}),
    ),
    Section("rostering.clash", _l("Is it possible?"), Allow.READ_WARD, frozenset({"rostering.start_clash"})),
    Section(
        "rostering.scenarios",
        _l("Scenarios"),
        Allow.WRITE_SCENARIO,
        frozenset({"rostering.add_scenario", "rostering.compare_scenarios", "rostering.scenario"}),
    ),
    Section(
        "rostering.period_requests",
        _l("To decide"),
        Allow.DECIDE_REQUEST,
        frozenset({"rostering.decide_absence", "rostering.decide_swap_of"}),
    ),
    Section(
        "rostering.period_accounts",
        _l("Accounts"),
        Allow.LINK_ACCOUNT,
        frozenset({"rostering.find_account", "rostering.link"}),
    ),
    Section(
        "rostering.consultation",
        _l("Consultation"),
        Allow.COMMENT_ROSTER,
        frozenset({"rostering.add_comment"}),
    ),
    Section(
        "rostering.publication",
        _l("Publication"),
        Allow.READ_ROSTER,
        frozenset(
            {
                "rostering.consult",
                "rostering.withdraw",
                "rostering.decide",
                "rostering.reopen",
                "rostering.publish",
                "rostering.published",
            }
        ),
    ),
    Section(
        "rostering.call_off",
        _l("Call-off"),
        Allow.CALL_OFF,
        frozenset(
            {
                "rostering.call_off_line",
                "rostering.give_call_off_line",
                "rostering.hired",
                "rostering.add_hired_person",
                "rostering.hired_person",
                "rostering.change_hired_person",
                "rostering.remove_hired_person",
            }
        ),
    ),
    Section(
        "rostering.period_outcome",
        _l("Outcome"),
        Allow.READ_OUTCOME,
        frozenset(
            {
                "rostering.worked_day",
                "rostering.enter_day",
                "rostering.choose_worked_file",
                "rostering.show_worked_file",
                "rostering.map_worked_file",
                "rostering.confirm_worked_file",
            }
        ),
    ),
    Section("rostering.period_balances", _l("Balances"), Allow.READ_OUTCOME),
)


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link of the local navigation."""

    url: str
    label: Text
    current: bool


def sections(period_id: UUID) -> list[SectionLink]:
    """Return the links to the period's pages that the reader may open."""
    principal = current_principal()
    return [
        SectionLink(
            url_for(section.endpoint, period_id=period_id),
            section.label,
            request.endpoint == section.endpoint or request.endpoint in section.also,
        )
        for section in SECTIONS
        if can(principal, section.permission)
    ]
