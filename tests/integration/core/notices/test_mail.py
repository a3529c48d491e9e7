"""The outbox of mail: what goes out, to whom, in which language, and what happens when it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from notices import Postbox
from notices_bench import PAYLOAD, NoticeBench
from samplan.identity.models import Membership
from samplan.jobs.service import request_run
from samplan.notices.declarations import SEND_MAIL
from samplan.notices.models import Mail
from samplan.notices.service import MOST_TRIES, WAITS, notify
from samplan_rostering.events import CHANGED, PUBLISHED


def test_a_letter_goes_to_each_in_the_own_language_and_once(bench: NoticeBench, box: Postbox) -> None:
    bench.tell(bench.member("asa@region.example"), bench.member("bo@region.example", "en_GB"))
    assert bench.work() == 1
    letters = {letter["To"]: letter for letter in box.letters}
    swedish, english = letters["asa@region.example"], letters["bo@region.example"]
    assert swedish["Subject"] == "Schemat är publicerat: Avdelning 7, 2027-09-06 till 2027-10-17"
    assert english["Subject"] == "Schedule published: Avdelning 7, 2027-09-06 to 2027-10-17"
    for letter in letters.values():
        assert "https://samplan.example/t/provregionen/rostering/own/" in letter.get_content()
        assert letter["From"] == "Samplan <schema@region.example>"
        assert letter["Auto-Submitted"] == "auto-generated"
    assert {letter["Message-ID"] for letter in box.letters} == {
        f"<{mail.id}@samplan.example>" for mail in bench.mails()
    }
    assert [(mail.status, mail.tries, mail.sent_at) for mail in bench.mails()] == [
        ("sent", 1, bench.clock.now())
    ] * 2
    bench.clock.advance(timedelta(days=1))
    assert bench.work() == 0


def test_nothing_is_told_of_what_was_rolled_back(bench: NoticeBench) -> None:
    account = bench.member("asa@region.example")
    session = bench.core.database.tenant_session(bench.tenant.id)
    notify(session, PUBLISHED, PAYLOAD, now=bench.clock.now(), mail_to=[account])
    assert session.scalars(select(Mail)).all() != []
    session.rollback()
    session.close()
    assert bench.mails() == []
    assert bench.work() == 0


def test_who_wants_none_or_is_gone_gets_none(bench: NoticeBench, box: Postbox) -> None:
    off, gone = bench.member("av@region.example", mail=False), bench.member("borta@region.example")
    bench.tell(off, gone)
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        session.execute(update(Membership).where(Membership.account_id == gone).values(active=False))
    bench.work()
    assert box.letters == []
    assert {(mail.account_id, mail.status, mail.reason) for mail in bench.mails()} == {
        (off, "declined", "off"),
        (gone, "declined", "gone"),
    }


def test_while_the_server_is_away_all_wait_and_only_one_counts(bench: NoticeBench, box: Postbox) -> None:
    away = bench.with_settings(mail_url="smtp://127.0.0.1:1")
    away.tell(away.member("asa@region.example"), away.member("bo@region.example"))
    assert away.work() == 1
    assert sorted((mail.status, mail.tries, mail.reason) for mail in away.mails()) == [
        ("queued", 0, "unreachable"),
        ("queued", 1, "unreachable"),
    ]
    assert bench.work() == 0, "not before its time"
    bench.clock.advance(WAITS[0])
    assert bench.work() == 1
    assert [mail.status for mail in bench.mails()] == ["sent", "sent"]
    assert len(box.letters) == 2


def test_a_refusal_for_good_fails_and_one_for_now_is_tried_to_the_end(
    bench: NoticeBench, box: Postbox
) -> None:
    box.refused = {"asa@region.example": "550 No such user", "bo@region.example": "451 Try later"}
    bench.tell(bench.member("asa@region.example"), bench.member("bo@region.example"))
    bench.work()
    assert {(mail.status, mail.reason) for mail in bench.mails()} == {
        ("failed", "refused 550"),
        ("queued", "refused 451"),
    }
    for _number in range(MOST_TRIES - 1):
        bench.clock.advance(WAITS[-1])
        assert bench.work() == 1
    assert [mail.status for mail in bench.mails()] == ["failed", "failed"]
    assert max(mail.tries for mail in bench.mails()) == MOST_TRIES


def test_without_a_mail_server_mail_waits_while_it_is_news(bench: NoticeBench, box: Postbox) -> None:
    without = bench.with_settings(mail_url="")
    without.tell(without.member("asa@region.example"))
    assert without.work() == 0
    assert [(mail.status, mail.tries) for mail in without.mails()] == [("queued", 0)]
    bench.clock.advance(timedelta(days=15))
    bench.tell(bench.member("bo@region.example"))
    assert bench.work() == 1
    assert [letter["To"] for letter in box.letters] == ["bo@region.example"], "old news are not sent"
    assert {(mail.status, mail.reason) for mail in bench.mails()} == {("declined", "late"), ("sent", "")}


def test_what_is_old_is_forgotten_also_where_nothing_is_sent(bench: NoticeBench) -> None:
    without = bench.with_settings(mail_url="")
    without.tell(without.member("asa@region.example"))
    for days, left in ((89, 1), (2, 0)):
        bench.clock.advance(timedelta(days=days))
        with without.core.database.unit_of_work(without.tenant.id) as session:
            request_run(without.core, session, without.tenant, SEND_MAIL.name, {}, requested_by=None)
        assert without.work() == 1
        assert len(without.mails()) == left


def test_changes_in_a_row_are_one_letter_after_a_while(bench: NoticeBench, box: Postbox) -> None:
    asa = bench.member("asa@region.example")
    for _change in range(3):
        bench.tell(asa, event=CHANGED, about="period:1")
    bench.tell(asa, event=CHANGED, about="period:2")
    assert bench.work() == 0
    bench.clock.advance(CHANGED.mail_wait)
    bench.work()
    assert len(box.letters) == 2
    bench.tell(asa, event=CHANGED, about="period:1")
    bench.clock.advance(CHANGED.mail_wait)
    bench.work()
    assert len(box.letters) == 3


def test_a_payload_that_is_none_is_refused(bench: NoticeBench) -> None:
    with (
        bench.core.database.unit_of_work(bench.tenant.id) as session,
        pytest.raises(ValueError, match="ward"),
    ):
        notify(session, CHANGED, {"version": 1}, now=bench.clock.now())
