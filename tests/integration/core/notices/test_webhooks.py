"""Calls of other systems: signed, never into private networks, tried again, and given up."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notices import OtherSystem
from notices_bench import NoticeBench
from samplan.audit.models import AuditEntry
from samplan.errors import Conflict, NotFound
from samplan.ids import new_id
from samplan.notices.endpoints import Endpoints
from samplan.notices.service import WAITS
from samplan.notices.webhook_job import FAILS_FOR
from samplan_rostering.events import CHANGED, PUBLISHED


def own(bench: NoticeBench, session: Any) -> Endpoints:
    return Endpoints(session, bench.core.settings, frozenset({PUBLISHED.name}))


def test_a_call_is_signed_and_its_verifier_accepts_it(bench: NoticeBench, system: OtherSystem) -> None:
    _key, secret = bench.add_endpoint(system.url)
    event_id = bench.tell()
    bench.tell(event=CHANGED)  # which nobody asked for
    assert bench.work() == 1
    ((headers, body),) = system.calls
    told = Webhook(secret).verify(body, headers)
    assert (told["type"], told["tenant"]) == ("rostering.roster.published", "provregionen")
    assert told["data"]["ward"] == {"code": "AVD7", "name": "Avdelning 7"}
    assert headers["webhook-id"] == str(event_id)
    assert headers["Content-Type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b" ", headers)
    assert [(row.status, row.answer) for row in bench.deliveries()] == [("delivered", 204)]
    assert bench.work() == 0


def test_after_a_new_secret_both_sign_for_a_day(bench: NoticeBench, system: OtherSystem) -> None:
    key, former = bench.add_endpoint(system.url)
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        _row, secret = own(bench, session).rotate(key, version=1, now=bench.clock.now())
    bench.tell()
    bench.work()
    ((headers, body),) = system.calls
    for known in (secret, former):
        Webhook(known).verify(body, headers)
    bench.clock.advance(timedelta(days=1))
    bench.tell()
    bench.work()
    assert " " not in system.calls[1][0]["webhook-signature"]


def test_a_failure_is_tried_again_under_its_id_and_the_others_wait(
    bench: NoticeBench, system: OtherSystem
) -> None:
    key, _secret = bench.add_endpoint(system.url)
    system.status = 503
    bench.tell()
    bench.tell()
    bench.work()
    assert len(system.calls) == 1
    assert sorted((row.tries, row.answer) for row in bench.deliveries() if row.tries) == [(1, 503)]
    assert bench.endpoint(key).failing_since == bench.clock.now()
    system.status = 200
    bench.clock.advance(WAITS[0])
    bench.work()
    ids = [headers["webhook-id"] for headers, _body in system.calls]
    assert len(ids) == 3
    assert ids[0] in ids[1:]
    assert json.loads(system.calls[0][1]) in [json.loads(body) for _headers, body in system.calls[1:]]
    assert {row.status for row in bench.deliveries()} == {"delivered"}
    assert bench.endpoint(key).failing_since is None


def test_it_is_not_followed_where_an_answer_points(bench: NoticeBench, system: OtherSystem) -> None:
    bench.add_endpoint(system.url)
    system.status, system.headers = 307, {"Location": system.url.replace("/hook", "/elsewhere")}
    bench.tell()
    bench.work()
    assert len(system.calls) == 1
    assert [(row.status, row.answer) for row in bench.deliveries()] == [("queued", 307)]


@pytest.mark.parametrize(
    "leads_to", [["10.1.2.3"], ["93.184.215.14", "169.254.169.254"], ["::ffff:192.168.1.1"], ["127.0.0.1"]]
)
def test_a_name_that_leads_into_a_private_network_is_not_called(
    bench: NoticeBench, monkeypatch: pytest.MonkeyPatch, leads_to: list[str]
) -> None:
    bench = bench.with_settings(webhook_networks=())
    bench.add_endpoint("https://hooks.example.org/samplan")
    bench.tell()
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in leads_to]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answers)
    monkeypatch.setattr(socket, "create_connection", lambda *_args: pytest.fail("it was called"))
    bench.work()
    assert [(row.status, row.reason) for row in bench.deliveries()] == [("queued", "private")]


def test_the_address_that_was_checked_is_called_and_the_name_not_asked_again(
    bench: NoticeBench, system: OtherSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(system.url.rpartition(":")[2].partition("/")[0])
    bench.add_endpoint(f"https://hooks.example.org:{port}/hook")
    asked: list[str] = []

    def answer(host: str, *_args: Any, **_options: Any) -> list[Any]:
        asked.append(host)
        first = (
            "127.0.0.1" if len([name for name in asked if name == "hooks.example.org"]) == 1 else "10.0.0.1"
        )
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host if host[0] == "1" else first, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    bench.tell()
    bench.work()
    assert asked.count("hooks.example.org") == 1
    assert [row.reason for row in bench.deliveries()] == ["tls"], "it speaks no TLS"
    assert system.calls == []


def test_one_that_fails_for_long_is_switched_off_and_tried_when_it_is_on_again(
    bench: NoticeBench, system: OtherSystem
) -> None:
    key, _secret = bench.add_endpoint(system.url)
    system.status = 500
    bench.tell()
    bench.work()
    bench.clock.advance(FAILS_FOR)
    bench.work()
    found = bench.endpoint(key)
    assert (found.active, found.disabled_reason) == (False, "failing")
    bench.clock.advance(timedelta(days=30))
    assert bench.work() == 0
    system.status = 200
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        now = bench.clock.now()
        own(bench, session).switch(key, active=True, version=found.version, now=now)
    bench.work()
    assert [row.status for row in bench.deliveries()] == ["delivered"]
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "webhook")).all()
    assert sorted(actions) == ["webhook.added", "webhook.switched_off", "webhook.switched_on"]


def test_one_that_says_that_it_is_gone_is_switched_off_at_once(
    bench: NoticeBench, system: OtherSystem
) -> None:
    key, _secret = bench.add_endpoint(system.url)
    system.status = 410
    bench.tell()
    bench.work()
    assert bench.endpoint(key).disabled_reason == "gone"
    assert [row.status for row in bench.deliveries()] == ["failed"]
    bench.tell()
    assert len(bench.deliveries()) == 1, "nothing waits for one that is off"


def test_under_another_key_nothing_is_signed_with_a_secret_that_nobody_knows(
    bench: NoticeBench, system: OtherSystem
) -> None:
    bench.add_endpoint(system.url)
    bench.tell()
    bench.with_settings(webhook_key="another key, which is of enough length").work()
    assert system.calls == []
    assert [row.reason for row in bench.deliveries()] == ["secret"]


def test_a_trial_reaches_one_that_is_off_and_what_was_sent_is_sent_again(
    bench: NoticeBench, system: OtherSystem
) -> None:
    key, secret = bench.add_endpoint(system.url)
    now = bench.clock.now()
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        own(bench, session).switch(key, active=False, version=1, now=now)
        own(bench, session).try_out(key, now)
    bench.work()
    assert Webhook(secret).verify(system.calls[0][1], system.calls[0][0])["type"] == "core.webhook.tried"
    (row,) = bench.deliveries()
    with bench.core.database.unit_of_work(bench.tenant.id) as session:
        own(bench, session).resend(key, row.id, now)
        with pytest.raises(Conflict):
            own(bench, session).resend(key, row.id, now)
        with pytest.raises(NotFound):
            own(bench, session).resend(new_id(), row.id, now)
    bench.work()
    assert [headers["webhook-id"] for headers, _body in system.calls] == [str(row.event_id)] * 2
