"""Every page: no accessibility fault, no CSP report, no other host, readable on a phone, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from browsing import follow, settle
from samplan.testing.site import Site

TENANT = "region-uppsala"
GROUP = "ledningsgruppen"
ID = re.compile(r"/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

PAGES = [
    ("production_director", "/"),  # who is a member of the group too chooses
    ("administrator", "/account"),
    ("administrator", f"/t/{TENANT}/"),
    ("administrator", f"/t/{TENANT}/members"),
    ("administrator", f"/t/{TENANT}/modules"),
    ("administrator", f"/t/{TENANT}/modules/rostering/settings"),
    ("administrator", f"/t/{TENANT}/audit"),
    ("administrator", f"/t/{TENANT}/jobs"),
    ("administrator", f"/t/{TENANT}/organisation"),
    ("administrator", f"/t/{TENANT}/organisation/import"),
    ("administrator", f"/t/{TENANT}/organisation/sites/new"),
    ("administrator", f"/t/{TENANT}/organisation/units/new"),
    ("administrator", f"/t/{TENANT}/indicators"),
    ("administrator", f"/t/{TENANT}/indicators/core.inhabitants"),
    ("controller", f"/t/{TENANT}/indicators/core.sickness_absence"),
    ("administrator", f"/t/{TENANT}/api-keys"),
    ("administrator", f"/t/{TENANT}/api-docs"),
    ("administrator", f"/t/{TENANT}/personal-data"),
    ("administrator", f"/t/{TENANT}/mail"),
    ("administrator", f"/t/{TENANT}/webhooks"),
    ("scheduler", f"/t/{TENANT}/"),
    ("scheduler", f"/t/{TENANT}/members"),  # refused
    ("scheduler", f"/t/{TENANT}/rostering/"),
    ("scheduler", f"/t/{TENANT}/rostering/import"),
    ("scheduler", f"/t/{TENANT}/rostering/wards/optimise"),
    ("administrator", f"/t/{TENANT}/rostering/wards/new"),
    ("ward_manager", f"/t/{TENANT}/rostering/employees"),
    ("ward_manager", f"/t/{TENANT}/rostering/employees/new"),
    ("scheduler", f"/t/{TENANT}/rostering/figures"),
    ("scheduler", f"/t/{TENANT}/rostering/figures/entered"),
    ("controller", f"/t/{TENANT}/agency/"),
    *(
        ("employee", f"/t/{TENANT}/rostering/own/{page}")
        for page in ("", "month", "balance", "absences", "swaps", "swaps/new", "wishes", "calendar")
    ),
    ("scheduler", f"/t/{TENANT}/rostering/exports"),
    ("scheduler", f"/t/{TENANT}/rostering/exports/new"),
    ("laboratory_head", f"/t/{TENANT}/blood/"),
    ("production_director", f"/t/{TENANT}/fragile_areas/"),
    ("administrator", f"/t/{GROUP}/"),
    ("administrator", f"/t/{GROUP}/indicators"),
    ("administrator", f"/t/{GROUP}/indicators/core.sickness_absence"),
]
# Role, the list that leads there, and where the first row leads.
ROWS = [
    ("administrator", "jobs", "jobs"),
    ("administrator", "members", "members"),
    ("administrator", "organisation", "organisation/sites"),
    ("administrator", "organisation", "organisation/units"),
    ("scheduler", "rostering/", "rostering/periods"),
]
FOR_EVERYBODY = ["/login", "/accessibility", "/nothing-here"]
# Not a page, or looked at elsewhere; each with its reason.
ELSEWHERE = {
    "core.job_progress": "a part of a page",
    "core.livez": "no page",
    "core.operator": "tests/e2e/test_personal_data.py",
    "core.readyz": "no page",
    "core.webhook": "tests/e2e/test_notices.py",
    "agency.account": "tests/e2e/test_agency_pages.py",
    "agency.accounts": "tests/e2e/test_agency_pages.py",
    "agency.accrual": "tests/e2e/test_agency_pages.py",
    "agency.agreement": "tests/e2e/test_agency_pages.py",
    "agency.agreements": "tests/e2e/test_agency_pages.py",
    "agency.budget": "tests/e2e/test_agency_pages.py",
    "agency.call_off": "tests/e2e/test_agency_pages.py",
    "agency.call_off_new": "tests/e2e/test_agency_pages.py",
    "agency.call_offs": "tests/e2e/test_agency_pages.py",
    "agency.choose_agreements_file": "tests/e2e/test_agency_pages.py",
    "agency.choose_measure_book": "tests/e2e/test_agency_pages.py",
    "agency.deliveries": "tests/e2e/test_agency_pages.py",
    "agency.delivery": "tests/e2e/test_agency_pages.py",
    "agency.edit_measure": "tests/e2e/test_agency_pages.py",
    "agency.exposure": "tests/e2e/test_agency_pages.py",
    "agency.forecast": "tests/e2e/test_agency_pages.py",
    "agency.independence": "tests/e2e/test_agency_pages.py",
    "agency.invoice_control": "tests/e2e/test_agency_pages.py",
    "agency.invoice_line": "tests/e2e/test_agency_pages.py",
    "agency.lines": "tests/e2e/test_agency_pages.py",
    "agency.matched_invoices": "tests/e2e/test_agency_pages.py",
    "agency.measure": "tests/e2e/test_agency_pages.py",
    "agency.measure_reports": "tests/e2e/test_agency_pages.py",
    "agency.measures": "tests/e2e/test_agency_pages.py",
    "agency.new_agreement": "tests/e2e/test_agency_pages.py",
    "agency.new_delivery": "tests/e2e/test_agency_pages.py",
    "agency.new_measure": "tests/e2e/test_agency_pages.py",
    "agency.new_measure_report": "tests/e2e/test_agency_pages.py",
    "agency.new_supplier": "tests/e2e/test_agency_pages.py",
    "agency.own_staff": "tests/e2e/test_agency_pages.py",
    "agency.parameters": "tests/e2e/test_agency_pages.py",
    "agency.plan_lines": "tests/e2e/test_agency_pages.py",
    "agency.price_lookup": "tests/e2e/test_agency_pages.py",
    "agency.report": "tests/e2e/test_agency_pages.py",
    "agency.supplier": "tests/e2e/test_agency_pages.py",
    "agency.time_reports": "tests/e2e/test_agency_pages.py",
    "agency.why": "tests/e2e/test_agency_pages.py",
    "agency.card": "a part of the start page",
    "agency.measure_card": "a part of the start page",
    "agency.price": "a form like that of an agreement",
    "agency.delivery_mapping": "the mapping of a file, as of staff files",
    "agency.valuation": "tests/integration/agency/test_accrual_page.py",
    "agency.kept_forecast_page": "tests/integration/agency/test_forecast.py",
    "agency.plan_line_page": "tests/integration/agency/test_forecast.py",
    "agency.independence_plan": "tests/integration/agency/test_independence.py",
    "agency.compare_plans": "tests/integration/agency/test_independence.py",
    "agency.measure_report_docx": "no page",
    "agency.measure_report": "tests/integration/agency/test_measure_reports.py",
    "rostering.card": "a part of the start page",
    "rostering.cell_menu": "a part of a page",
    "rostering.call_off": "tests/e2e/test_outcome.py",
    "rostering.call_off_line": "tests/e2e/test_rostering_flow.py",
    "rostering.clash": "tests/e2e/test_ward_pages.py",
    "rostering.employee": "tests/e2e/test_ward_pages.py",
    "rostering.find_account": "tests/e2e/test_ward_pages.py",
    "rostering.own_wishes_in": "tests/e2e/test_wishes.py",
    "rostering.period_accounts": "tests/e2e/test_ward_pages.py",
    "rostering.period_requests": "tests/e2e/test_ward_pages.py",
    "rostering.period_rule_line": "tests/e2e/test_ward_pages.py",
    "rostering.period_rules": "tests/e2e/test_ward_pages.py",
    "rostering.period_wishes": "tests/e2e/test_ward_pages.py",
    "rostering.quick_check": "a part of a page",
    "rostering.replan": "tests/e2e/test_rostering_flow.py",
    "rostering.replan_run": "a search under way, and then what re-planning shows",
    "rostering.ward": "tests/e2e/test_ward_pages.py",
    "rostering.ward_exceptions": "tests/e2e/test_ward_pages.py",
    "rostering.ward_rule_line": "the same form as of a period's rule",
    "rostering.ward_rules": "tests/e2e/test_ward_pages.py",
    "rostering.ward_staff": "tests/e2e/test_ward_pages.py",
    "rostering.why": "tests/e2e/test_rostering_flow.py",
    "rostering.period_balances": "tests/e2e/test_outcome.py",
    "rostering.period_outcome": "tests/e2e/test_outcome.py",
    "rostering.consultation": "tests/e2e/test_publishing.py",
    "rostering.export": "tests/e2e/test_publishing.py",
    "rostering.problem": "tests/e2e/test_looking.py",
    "rostering.publication": "tests/e2e/test_publishing.py",
    "rostering.published": "tests/e2e/test_publishing.py",
    "rostering.roster": "tests/e2e/test_rostering_flow.py",
    "rostering.roster_effects": "no page",
    "rostering.best_roster": "a roster's page of a search under way",
    "rostering.compare_scenarios": "tests/e2e/test_scenarios.py",
    "rostering.optimise": "tests/e2e/test_scenarios.py",
    "rostering.run_curve": "a part of a page",
    "rostering.run_progress": "a part of a page",
    "rostering.scenario": "tests/e2e/test_scenarios.py",
    "rostering.scenario_progress": "a part of a page",
    "rostering.scenario_roster": "tests/e2e/test_scenarios.py",
    "rostering.scenarios": "tests/e2e/test_scenarios.py",
    "rostering.show_acceptance": "tests/e2e/test_scenarios.py",
    "rostering.worked_day": "tests/e2e/test_outcome.py",
    "rostering.choose_staff_file": "tests/e2e/test_staff_files.py",
    "rostering.choose_worked_file": "tests/e2e/test_outcome.py",
    "rostering.counted_figures": "a part of a page",
    "rostering.coverage_template": "tests/e2e/test_new_ward.py",
    "rostering.hired": "tests/e2e/test_outcome.py",
    "rostering.hired_person": "tests/e2e/test_outcome.py",
    "rostering.new_period": "tests/e2e/test_new_ward.py",
    "rostering.new_shift_type": "tests/e2e/test_new_ward.py",
    "rostering.period_coverage": "tests/e2e/test_new_ward.py",
    "rostering.shift_type": "tests/e2e/test_new_ward.py",
    "rostering.ward_coverage": "tests/e2e/test_ward_pages.py",
    "rostering.ward_shift_types": "tests/e2e/test_ward_pages.py",
    "rostering.ward_skills": "tests/e2e/test_ward_pages.py",
}
FILES = re.compile(r"\.(xlsx|csv|json|pdf|ics|xml)$")


def test_every_page_is_looked_at(site: Site) -> None:
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {
        rule.endpoint
        for rule in rules
        if not rule.rule.startswith("/api/")
        and not rule.endpoint.endswith("static")
        and not FILES.search(rule.rule)
    }
    known = [f"/t/{TENANT}/{path}/{uuid4()}" for _role, _list, path in ROWS]
    known += [path for _role, path in PAGES] + FOR_EVERYBODY[:-1]
    adapter = site.app.url_map.bind("localhost")
    assert {adapter.match(path)[0] for path in known} | set(ELSEWHERE) == pages


def tenant_of(path: str) -> str:
    return GROUP if f"/{GROUP}/" in path else TENANT


@pytest.mark.parametrize(("role", "tenant"), sorted({(role, tenant_of(path)) for role, path in PAGES}))
def test_the_pages_of_a_role_are_accessible_and_fit(
    visit: Callable, check_accessible: Callable, role: str, tenant: str
) -> None:
    visitor = visit()
    visitor.sign_in(role, tenant)
    for path in (path for holder, path in PAGES if (holder, tenant_of(path)) == (role, tenant)):
        page = visitor.go(path)
        expect(page.get_by_role("main")).to_be_visible()
        check_accessible(page)


@pytest.mark.parametrize(("role", "path", "rows"), ROWS)
def test_the_page_of_a_row_is_accessible_and_fits(
    visit: Callable, check_accessible: Callable, role: str, path: str, rows: str
) -> None:
    visitor = visit()
    visitor.sign_in(role, TENANT)
    page = visitor.go(f"/t/{TENANT}/{path}")
    links = page.locator(f'main a[href^="/t/{TENANT}/{rows}/"]')
    targets = links.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    visitor.go(next(target for target in targets if ID.search(target)))
    expect(page.get_by_role("main")).to_be_visible()
    check_accessible(page)


@pytest.mark.parametrize("path", FOR_EVERYBODY)
def test_a_page_for_everybody_is_accessible_and_fits(
    visit: Callable, check_accessible: Callable, path: str
) -> None:
    page = visit().go(path)
    expect(page.get_by_role("main")).to_be_visible()
    check_accessible(page)


def test_the_language_can_be_switched_and_stays(visit: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("viewer", TENANT)  # the account keeps its language: not one that others use
    assert page.locator("html").get_attribute("lang") == "sv-SE"
    follow(page.get_by_role("button", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    visitor.go(f"/t/{TENANT}/")
    assert page.locator("html").get_attribute("lang") == "en-GB"
    for width in (390, 320):  # its words are longer: the head has to fit all the same
        page.set_viewport_size({"width": width, "height": 844})
        head = page.locator("header").first.evaluate(
            "head => [head, ...head.querySelectorAll('*')].map(each => each.getBoundingClientRect().right)"
        )
        assert max(head) <= width, width


def test_the_keyboard_reaches_the_content_and_the_navigation(visit: Callable) -> None:
    page = settle(visit().log_in("scheduler", TENANT))
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Hoppa till innehållet")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_opens_on_a_phone(visit: Callable) -> None:
    page = settle(visit(390, 844).log_in("scheduler", TENANT))
    page.get_by_role("button", name="Meny").first.click()
    expect(page.get_by_role("navigation", name="Huvudmeny")).to_be_visible()
