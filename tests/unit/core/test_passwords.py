"""Passwords: what is accepted, and how it is checked."""

import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from samplan.errors import Invalid
from samplan.identity import passwords

EMAIL = "karin.lund@example.test"
GOOD = "hästsko brygga lampa"


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


@pytest.mark.parametrize(
    "password",
    [
        "kort lösen",  # too short
        "Lösenord2026!",  # a common word with trimmings
        "qwertyuiop123",
        "aaaaaaaaaaaaaa",  # one character
        "abababababab",
        "karin.lund2026",  # the address
        "x" * 129,
    ],
)
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    assert passwords.password_faults(password, EMAIL)
    with pytest.raises(Invalid) as refused:
        passwords.hash_new(password, EMAIL)
    assert refused.value.fields["password"]


@pytest.mark.parametrize(
    "password", [GOOD, "sjukhus och båtar i regn", "correct horse battery staple", "å" * 8 + "bcdefg"]
)
def test_long_passwords_of_any_characters_are_good(password: str) -> None:
    assert passwords.password_faults(password, EMAIL) == []
    assert passwords.verify(passwords.hash_new(password, EMAIL), password)


def test_only_the_right_password_fits() -> None:
    stored = passwords.hash_password(GOOD)
    assert passwords.verify(stored, GOOD)
    assert passwords.verify(stored, unicodedata.normalize("NFD", GOOD)), "typed with combining characters"
    assert not passwords.verify(stored, GOOD.upper())
    assert not passwords.verify("not a hash", GOOD)
    assert not passwords.verify(None, GOOD)


@given(st.text(max_size=40))
def test_nothing_fits_an_account_without_password(password: str) -> None:
    assert not passwords.verify(None, password)


class CountingHasher(PasswordHasher):
    """Counts how much work was done."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the name of the base
        self.verified.append(str(hash))
        return super().verify(hash, password)


def test_an_unknown_account_costs_as_much_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    stored = passwords.hash_password(GOOD)
    for attempt in (stored, None):
        hasher.verified.clear()
        passwords.verify(attempt, "wrong password here")
        assert len(hasher.verified) == 1
        assert hasher.verified[0].split("$")[3] == stored.split("$")[3], "the same parameters"


def test_old_parameters_are_noticed(quick_hasher: PasswordHasher) -> None:
    assert not passwords.needs_rehash(quick_hasher.hash("x"))
    assert passwords.needs_rehash(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("x"))


def test_one_time_passwords_differ_and_pass_the_rules() -> None:
    made = {passwords.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.password_faults(password, EMAIL) == [] for password in made)


def test_the_real_parameters_are_those_of_rfc_9106() -> None:
    defaults = PasswordHasher()
    assert (defaults.memory_cost, defaults.time_cost, defaults.parallelism) == (65536, 3, 4)


def test_few_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MiB: a wave of logins must not exhaust the memory."""
    busy, most, lock = 0, 0, threading.Lock()

    class SlowHasher(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - as above
            nonlocal busy, most
            with lock:
                busy += 1
                most = max(most, busy)
            time.sleep(0.01)
            with lock:
                busy -= 1
            return True

    monkeypatch.setattr(passwords, "HASHER", SlowHasher(time_cost=1, memory_cost=8, parallelism=1))
    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(lambda _number: passwords.verify("stored", GOOD), range(24)))
    assert 1 < most <= 4
