"""Ids: version 7, and in the order in which they are made."""

from __future__ import annotations

import time
from uuid import RFC_4122

import pytest

from samplan.ids import new_id


def test_ids_are_of_version_7_and_differ() -> None:
    made = [new_id() for _ in range(1000)]
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert len(set(made)) == 1000


def test_ids_of_one_millisecond_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9562, 6.2, method 3: steps of a 4096th of a millisecond tell them apart."""
    begin = 1_800_000_000_123_000_000
    made = []
    for step in range(0, 1_000_000, 250):
        monkeypatch.setattr(time, "time_ns", lambda now=begin + step: now)
        made.append(new_id())
    assert made == sorted(made)
    assert {each.int >> 80 for each in made} == {begin // 1_000_000}
