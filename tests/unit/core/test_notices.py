"""Addresses that may be called, secrets, waits, and the settings of mail and webhooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest

from samplan.audit.masking import masked
from samplan.clock import FrozenClock
from samplan.errors import Conflict, Invalid, SettingsError
from samplan.ids import new_id
from samplan.notices.guard import check_url, may_call
from samplan.notices.letters import Letter
from samplan.notices.secrets import new_secret, secret_check, secret_text
from samplan.notices.service import WAITS, next_wait
from samplan.notices.smtp import MailServer, Sent
from samplan.settings import Settings

NEEDED = {
    "DATABASE_URL": "postgresql://app@db/samplan",
    "REDIS_URL": "redis://redis",
    "SAMPLAN_SECRET_KEY": "s" * 32,
}
MAIL = {
    "SAMPLAN_MAIL_URL": "smtps://mail.region.example",
    "SAMPLAN_MAIL_FROM": "schema@region.example",
    "SAMPLAN_PUBLIC_URL": "https://samplan.region.example/",
}


@pytest.mark.parametrize("text", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_may_be_called(text: str) -> None:
    assert may_call(ip_address(text), ())


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "192.0.2.1",
    ],
)  # fmt: skip
def test_no_other_address_may_be_called_unless_the_operator_allows_its_network(text: str) -> None:
    address = ip_address(text)
    assert not may_call(address, ())
    assert may_call(address, [ip_network(f"{text}/{address.max_prefixlen}")])


def test_without_tls_only_this_machine_may_be_called_where_it_is_allowed() -> None:
    here = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]
    assert check_url(" http://127.0.0.1:8000/hook ", here) == "http://127.0.0.1:8000/hook"
    for url, networks in (
        ("http://127.0.0.1/hook", []),
        ("http://10.0.0.1/", here),
        ("http://a.example/", here),
    ):
        with pytest.raises(Invalid) as refused:
            check_url(url, networks)
        assert refused.value.fields.keys() == {"url"}
    assert check_url("https://10.0.0.1/", here) == "https://10.0.0.1/"


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "https:///x", "//a.example", "ftp://a.example/", "https://a.example:0/",
        "https://a.example:99999/", "https://a.example/#x", "https://a.exam\nple/", "https://[::1/",
        "https://intranet/", "https://db.local/", "https://å.example/", "https://a.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url, ())


def test_a_secret_can_be_derived_again_by_its_salt_and_its_endpoint_only() -> None:
    settings = Settings("postgresql://", "unix://", "s" * 32, webhook_key="w" * 32)
    tenant, endpoint = new_id(), new_id()
    made = new_secret(settings, tenant, endpoint)
    assert secret_text(settings, tenant, endpoint, made.salt) == made.text
    assert secret_check(made.text) == made.check
    assert secret_text(settings, tenant, new_id(), made.salt) != made.text
    assert new_secret(settings, tenant, endpoint).text != made.text
    with pytest.raises(Conflict):
        new_secret(Settings("postgresql://", "unix://", "s" * 32), tenant, endpoint)
    _before, after = masked(None, {"note": f"it is {made.text}"})
    assert after == {"note": "set"}


def test_tries_are_spread_over_three_days() -> None:
    waits = [next_wait(tries) for tries in range(1, 12)]
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(WAITS, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    "address", ["", "x", "@x", "(a@b", "<a@b>", "a@", "a@[1", "a@b\r\nBcc: c@d", "å@b.se"]
)
def test_a_letter_to_no_address_is_never_sent(address: str) -> None:
    settings = Settings.from_env({**NEEDED, **MAIL})
    with MailServer(settings, FrozenClock(datetime(2027, 1, 4, tzinfo=UTC))) as server:
        sent = server.send(Letter(new_id(), address, "sv", "Ämne", "Text"))
    assert sent == Sent("never", "address")


def test_settings_of_mail_and_webhooks_are_checked_together() -> None:
    found = Settings.from_env({**NEEDED, **MAIL, "SAMPLAN_WEBHOOK_NETWORKS": "10.1.0.0/16, fd00::/8"})
    assert found.public_url == "https://samplan.region.example"
    assert found.webhook_networks == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert NEEDED["SAMPLAN_SECRET_KEY"] not in repr(found)
    assert "mail.region" not in repr(found), "it may hold a password"
    wrong = {
        **NEEDED,
        "SAMPLAN_MAIL_URL": "mail.region.example",
        "SAMPLAN_WEBHOOK_KEY": "short",
        "SAMPLAN_WEBHOOK_NETWORKS": "ten",
    }
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(wrong)
    for name in ("MAIL_URL", "MAIL_FROM", "PUBLIC_URL", "WEBHOOK_KEY", "WEBHOOK_NETWORKS"):
        assert f"SAMPLAN_{name}" in str(refused.value)
