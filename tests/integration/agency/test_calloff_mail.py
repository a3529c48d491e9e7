"""Mails to suppliers as a mail server gets them: what is asked for, who is asked next, what is confirmed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from calloffs import LEVEL, again, answer, send, sent, session_of, supplier, two_lines, version_of
from notices import Postbox, postbox
from notices_bench import NoticeBench
from pdf_text import pdf_texts
from samplan.clock import FrozenClock
from samplan.jobs import heartbeat
from samplan.testing.site import Person, Site
from samplan_agency.models import CallOff, CallOffLine

NIGHT = ["Avdelning 12", date(2031, 3, 5), time(21), time(7), 30.0, "N", "SSK", LEVEL]


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as found:
        yield found


@pytest.fixture
def bench(agency: Site, clock: FrozenClock, box: Postbox, monkeypatch: pytest.MonkeyPatch) -> NoticeBench:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 60.0)  # there is one connection for all threads
    core = agency.core
    settings = replace(
        core.settings,
        mail_url=box.url,
        mail_from="avrop@region.example",
        public_url="https://samplan.example",
        grace_seconds=0.0,
    )
    tenant = core.tenants.fresh(agency.tenants["ett"].id)
    return NoticeBench(replace(core, settings=settings), tenant, clock)


def files(letter: EmailMessage) -> tuple[list[list[object]], list[str]]:
    """Return the rows of a letter's workbook and the texts of its PDF."""
    book, document = letter.iter_attachments()
    assert (book.get_content_subtype(), document.get_content_type()) == (
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/pdf",
    )
    return sheet_rows(book.get_content()), pdf_texts(document.get_content())


def sheet_rows(book: bytes) -> list[list[object]]:
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return [
        row
        for name in ("Avropssvar", "Bekräftade pass")
        if name in sheets.sheet_names
        for row in sheets.get_sheet_by_name(name).to_python()
    ]


def test_who_is_asked_gets_the_lines_and_then_the_next(
    agency: Site, coordinator: Person, clock: FrozenClock, bench: NoticeBench, box: Postbox
) -> None:
    page = sent(agency, coordinator)
    bench.work()
    (first,) = box.letters
    assert (first["To"], first["From"]) == ("ett@bolag.example", "Samplan <avrop@region.example>")
    assert "AVROP-1" in first["Subject"]
    body = first.get_body()
    assert body is not None
    assert "2031-03-02 10:00" in body.get_content(), "a day later, by the region's clock"
    rows, texts = files(first)
    assert rows[1:] == [[1.0, "", "", *NIGHT]] * 2, "a row for each person"
    assert texts.count("2031-03-05") == 1
    assert "Svara senast 2031-03-02 10:00." in texts
    assert {"21:00–07:00", "30 min", "N", "SSK", LEVEL, "2"} <= set(texts)
    clock.advance(timedelta(hours=23, minutes=50))
    bench.work()
    assert len(box.letters) == 1, "there is time to answer"
    clock.advance(timedelta(minutes=20))
    bench.work()
    bench.work()
    assert [letter["To"] for letter in box.letters] == ["ett@bolag.example", "tva@bolag.example"]
    coordinator = again(agency, coordinator)
    make_withdrawn(coordinator, page)
    clock.advance(timedelta(days=2))
    bench.work()
    assert len(box.letters) == 2


def test_the_next_is_asked_for_what_is_to_come_and_can_be_had_for_the_price(
    agency: Site, coordinator: Person, clock: FrozenClock, bench: NoticeBench, box: Postbox
) -> None:
    """Two nights for two at 700 at most: one person is offered at 700 for the second, one at 700.01."""
    page = two_lines(agency, coordinator)
    second = CallOffLine.starts_at > datetime(2031, 3, 20, tzinfo=UTC)
    line = str(session_of(agency, select(CallOffLine.id).where(second)))
    for consultant, price in (("K-1", "700"), ("K-2", "700,01")):
        given = {"supplier_id": supplier(agency, "L1"), "line_id": line, "consultant": consultant}
        assert answer(agency, coordinator, page, **given, price=price) == 303
    bench.work()
    work_until_begun(clock, bench)
    first, following = box.letters
    assert (first["To"], following["To"]) == ("ett@bolag.example", "tva@bolag.example")
    book = next(following.iter_attachments()).get_content()
    assert [row[4] for row in sheet_rows(book)[1:]] == [date(2031, 3, 20)]


def test_nobody_is_asked_for_a_shift_that_has_begun(
    agency: Site, coordinator: Person, clock: FrozenClock, bench: NoticeBench, box: Postbox
) -> None:
    sent(agency, coordinator)
    bench.work()
    work_until_begun(clock, bench)
    assert [letter["To"] for letter in box.letters] == ["ett@bolag.example"]


def work_until_begun(clock: FrozenClock, bench: NoticeBench) -> None:
    """Work again when the first night has begun, for half an hour."""
    clock.advance(timedelta(days=4, hours=11))
    for _time in range(3):
        bench.work()
        clock.advance(timedelta(minutes=10))


def make_withdrawn(coordinator: Person, page: str) -> None:
    now = version_of(coordinator.client.get(page).text)
    assert send(coordinator, f"{page}/withdraw", version=now).status_code == 303


def test_what_is_withdrawn_before_it_is_sent_is_not_sent(
    agency: Site, coordinator: Person, bench: NoticeBench, box: Postbox
) -> None:
    make_withdrawn(coordinator, sent(agency, coordinator))
    bench.work()
    assert box.letters == []


def test_what_is_confirmed_in_a_row_makes_one_mail(
    agency: Site, coordinator: Person, clock: FrozenClock, bench: NoticeBench, box: Postbox
) -> None:
    page = sent(agency, coordinator)
    bench.work()
    box.letters.clear()
    one = supplier(agency, "L1")
    for consultant, price in (("K-1", "680"), ("K-2", "690,50")):
        assert answer(agency, coordinator, page, supplier_id=one, consultant=consultant, price=price) == 303
    for confirm in re.findall(r'action="([^"]*/confirm)"', coordinator.client.get(page).text):
        now = version_of(coordinator.client.get(page).text)
        assert send(coordinator, confirm, version=now).status_code == 303
    assert session_of(agency, select(CallOff.state)) == "closed"
    bench.work()
    assert box.letters == [], "there may be more to confirm"
    clock.advance(timedelta(minutes=5))
    bench.work()
    (letter,) = box.letters
    assert letter["To"] == "ett@bolag.example"
    assert letter["Subject"] == "Bekräftelse av avrop AVROP-1 från Ett"
    rows, texts = files(letter)
    assert rows[0][:3] == ["Rad", "Konsult-id", "Pris per timme"]
    assert rows[1:] == [[1.0, "K-1", 680.0, *NIGHT], [1.0, "K-2", 690.5, *NIGHT]]
    assert [text for text in texts if text in {"K-1", "680,00", "K-2", "690,50"}] == [
        "K-1", "680,00", "K-2", "690,50",
    ]  # fmt: skip
    assert texts.count("2031-03-05") == 2
    bench.work()
    assert len(box.letters) == 1
