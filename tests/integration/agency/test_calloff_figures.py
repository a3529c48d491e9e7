"""The figures of call-offs as the page tells them, counted by hand; and answers that no figure is made of."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from calloffs import PAGES, again, answer, send, sent, session_of, session_rows, supplier, version_of
from samplan.clock import FrozenClock
from samplan.testing.site import Person, Site
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine
from samplan_agency.queries.calloff.shown import PAGE


def test_the_figures_are_those_counted_by_hand(agency: Site, coordinator: Person, clock: FrozenClock) -> None:
    """Of two call-offs for two people each K-1 comes after 4 h, K-2 after 6 h and K-3 after 20 h.

    3 of 4 are confirmed, the median is 6 h, and only K-2 costs more than the 691.58 that an hour is agreed
    at. Nobody comes to the fourth place. A third call-off is withdrawn, a draft is never sent.
    """
    one, two, three = (sent(agency, coordinator) for _number in range(3))
    assert send(coordinator, f"{three}/withdraw", version="3").status_code == 303
    lines = {str(call_off): str(line) for call_off, line in session_rows(
        agency, select(CallOffLine.call_off_id, CallOffLine.id))}  # fmt: skip
    told = ((4, one, "K-1", "691,58"), (2, one, "K-2", "691,59"), (14, two, "K-3", "600"))
    for hours, page, consultant, price in told:
        clock.advance(timedelta(hours=hours))
        coordinator = again(agency, coordinator)
        given = {"supplier_id": supplier(agency, "L1"), "line_id": lines[page.rsplit("/", 1)[1]]}
        got = answer(agency, coordinator, page, consultant=consultant, price=price, **given)
        assert got == 303
        text = coordinator.client.get(page).text
        found = re.search(r'action="([^"]*/confirm)"', text)
        assert found is not None
        assert send(coordinator, found[1], version=version_of(text)).status_code == 303
    page = coordinator.client.get(PAGES).text
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for figure in ("75,0 %", "6,0 h", "66,7 %"):
        assert figure in plain.replace("\xa0", " "), figure


def test_the_figures_follow_when_one_call_off_takes_the_place_of_another(
    agency: Site, coordinator: Person
) -> None:
    withdrawn = sent(agency, coordinator)
    assert asked_people(coordinator) == 2
    assert send(coordinator, f"{withdrawn}/withdraw", version="3").status_code == 303
    other = UUID(sent(agency, coordinator).rsplit("/", 1)[1])  # as often changed as the first had been
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        session.execute(update(CallOffLine).where(CallOffLine.call_off_id == other).values(people=3))
    assert asked_people(coordinator) == 3


def asked_people(coordinator: Person) -> int:
    """Return how many people were asked for, as the page's figures say."""
    found = re.search(r"Efterfrågade personer</dt>\s*<dd[^>]*>\s*(\d+)", coordinator.client.get(PAGES).text)
    assert found is not None
    return int(found[1])


def test_the_list_goes_on_over_pages(agency: Site, coordinator: Person, clock: FrozenClock) -> None:
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        session.add_all(CallOff(number=number, made_at=clock.now()) for number in range(1, PAGE + 4))
    first = coordinator.client.get(PAGES).text
    assert named(first) == [*range(PAGE + 3, 3, -1)]
    assert named(coordinator.client.get(f"{PAGES}?before=4").text) == [3, 2, 1]
    assert "?before=4" in first
    for junk in ("x", "-1", "9" * 30):
        assert named(coordinator.client.get(f"{PAGES}?before={junk}").text) == named(first), junk


def named(page: str) -> list[int]:
    """Return the numbers of the call-offs that a page lists."""
    return [int(number) for number in re.findall(r">AVROP-(\d+)<", page)]


def test_an_offer_of_the_same_person_takes_the_place_of_the_one_before(
    agency: Site, coordinator: Person
) -> None:
    page = sent(agency, coordinator)
    for consultant, price in (("k-1", "1"), ("K 2", "680"), ("K-1", "690")):
        given = {"supplier_id": supplier(agency, "L1"), "consultant": consultant, "price": price}
        assert answer(agency, coordinator, page, **given) == 303
    offers = select(CallOffAnswer.consultant, CallOffAnswer.price).order_by(CallOffAnswer.price)
    assert [tuple(row) for row in session_rows(agency, offers)] == [("K 2", 680), ("K-1", 690)]


def test_an_answer_that_cannot_be_is_told(agency: Site, coordinator: Person) -> None:
    page = sent(agency, coordinator)
    fine = {"supplier_id": supplier(agency, "L1"), "consultant": "K-1", "price": "690"}
    junk: dict[str, tuple[str, ...]] = {
        "line_id": ("x", str(uuid4())),
        "supplier_id": ("", str(uuid4())),
        "consultant": ("K" * 41, "19121212-1212"),
        "price": ("0", "-5", "100000", "1e99", "sexhundra", "NaN"),
    }
    for name, texts in junk.items():
        for text in texts:
            assert answer(agency, coordinator, page, **fine | {name: text}) == 422, (name, text)
    for content in (b"", b"PK\x03\x04 no workbook", b"a;b\n1;2\n"):
        fields = {"supplier_id": supplier(agency, "L1"), "version": "3"}
        file = io.BytesIO(content), "svar.xlsx"
        assert send(coordinator, f"{page}/answers/file", file=file, **fields).status_code == 422
    assert session_of(agency, select(CallOffAnswer.id)) is None
