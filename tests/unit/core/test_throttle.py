"""How often somebody may try to sign in."""

import time
from dataclasses import replace

import pytest
from limits.errors import StorageError
from limits.storage import MemoryStorage

from samplan.identity.throttle import LoginThrottle, network_of
from samplan.settings import Settings

SETTINGS = Settings("postgresql://x", "redis://x", "s" * 32, login_attempts="3 per 5 minutes")
HOSPITAL, ELSEWHERE = "192.0.2.10", "198.51.100.7"


@pytest.fixture
def throttle() -> LoginThrottle:
    return LoginThrottle.counting_in(MemoryStorage(), SETTINGS)


def test_an_account_is_slowed_down_from_wherever_it_is_tried(throttle: LoginThrottle) -> None:
    waits = [throttle.seconds_to_wait("Ada@example.test", f"192.0.2.{n}") for n in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 0 < waits[3] <= 300
    assert throttle.seconds_to_wait(" ada@EXAMPLE.test", ELSEWHERE) > 0, "however it is written"
    assert throttle.seconds_to_wait("bo@example.test", ELSEWHERE) == 0


def test_success_clears_the_account_but_not_the_address(throttle: LoginThrottle) -> None:
    for _ in range(3):
        throttle.seconds_to_wait("ada@example.test", HOSPITAL)
        throttle.failed(HOSPITAL)
    throttle.succeeded("ada@example.test")
    assert throttle.seconds_to_wait("ada@example.test", ELSEWHERE) == 0
    assert throttle.seconds_to_wait("ada@example.test", HOSPITAL) > 0


def test_a_whole_hospital_may_sign_in_from_one_address(throttle: LoginThrottle) -> None:
    for number in range(30):
        assert throttle.seconds_to_wait(f"person{number}@example.test", HOSPITAL) == 0
        throttle.succeeded(f"person{number}@example.test")


def test_guessing_many_accounts_from_one_address_is_slowed_down(throttle: LoginThrottle) -> None:
    for number in range(3):
        assert throttle.seconds_to_wait(f"person{number}@example.test", HOSPITAL) == 0
        throttle.failed(HOSPITAL)
    assert throttle.seconds_to_wait("person9@example.test", HOSPITAL) > 0
    assert throttle.seconds_to_wait("person9@example.test", ELSEWHERE) == 0


class BrokenStorage(MemoryStorage):
    """A storage that cannot be reached."""

    def acquire_entry(self, *_args: object, **_kwargs: object) -> bool:
        raise StorageError(ConnectionError("gone"))

    def get_moving_window(self, *_args: object, **_kwargs: object) -> tuple[float, int]:
        raise StorageError(ConnectionError("gone"))

    def clear(self, key: str) -> None:
        raise StorageError(ConnectionError("gone"))


def test_without_redis_the_process_counts_by_itself() -> None:
    throttle = LoginThrottle.counting_in(BrokenStorage(), SETTINGS)
    waits = [throttle.seconds_to_wait("ada@example.test", HOSPITAL) for _ in range(4)]
    assert [wait > 0 for wait in waits] == [False, False, False, True]
    throttle.succeeded("ada@example.test")
    assert throttle.seconds_to_wait("ada@example.test", HOSPITAL) == 0


def test_who_tried_cannot_be_read_from_the_storage() -> None:
    storage = MemoryStorage()
    throttle = LoginThrottle.counting_in(storage, SETTINGS)
    throttle.seconds_to_wait("ada@example.test", HOSPITAL)
    throttle.failed(HOSPITAL)
    keys = " ".join(storage.events)
    assert len(storage.events) == 2
    assert "ada" not in keys
    assert HOSPITAL not in keys


def test_the_window_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    throttle = LoginThrottle.counting_in(MemoryStorage(), replace(SETTINGS, login_attempts="1 per 1 second"))
    assert throttle.seconds_to_wait("ada@example.test", HOSPITAL) == 0
    assert throttle.seconds_to_wait("ada@example.test", HOSPITAL) == 1
    now += 1.05
    assert throttle.seconds_to_wait("ada@example.test", HOSPITAL) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_one_place(address: str, network: str) -> None:
    assert network_of(address) == network
