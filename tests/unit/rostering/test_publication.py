"""The states, the notice and the seal of a publication."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering.domain.publication import (
    WAYS,
    FrozenShift,
    State,
    Step,
    changed_cells,
    is_late,
    lead_days,
    may_follow,
    seal,
)

PERIOD = UUID(int=7)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def shifts(draw: st.DrawFn) -> FrozenShift:
    start = FIRST + timedelta(minutes=draw(st.integers(0, 1_000_000)))
    return FrozenShift(
        employee_id=UUID(int=draw(st.integers(0, 3))),
        on=date(2026, 10, 1) + timedelta(draw(st.integers(0, 5))),
        unit=draw(st.sampled_from(["A", "B"])),
        shift=draw(st.sampled_from(["D", "N"])),
        starts_at=start,
        ends_at=start + timedelta(minutes=draw(st.integers(1, 900))),
        break_minutes=draw(st.integers(0, 60)),
        paid_minutes=draw(st.integers(1, 900)),
    )


rosters = st.lists(shifts(), max_size=6, unique_by=lambda s: (s.employee_id, s.on))


@given(rosters, st.integers(0, 9))
def test_neither_order_nor_time_zone_changes_the_seal(content: list[FrozenShift], chance: int) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    other = [
        replace(s, starts_at=s.starts_at.astimezone(stockholm), ends_at=s.ends_at.astimezone(stockholm))
        for s in random.Random(chance).sample(content, len(content))  # noqa: S311 - order only
    ]
    assert seal(PERIOD, 1, content) == seal(PERIOD, 1, other)


@given(rosters, rosters)
def test_seals_differ_exactly_where_cells_do(one: list[FrozenShift], other: list[FrozenShift]) -> None:
    assert (seal(PERIOD, 1, one) == seal(PERIOD, 1, other)) == (changed_cells(one, other) == [])
    assert changed_cells(one, other) == changed_cells(other, one)
    assert seal(PERIOD, 1, one) != seal(PERIOD, 2, one) != seal(UUID(int=8), 2, one)


def test_every_step_leads_on_from_where_it_may_be_taken() -> None:
    assert WAYS.keys() == set(Step)
    assert {way.target for way in WAYS.values()} == set(State)
    allowed = {(step, state) for step in Step for state in State if may_follow(step, state)}
    assert allowed == {
        (Step.CONSULT, State.DRAFT),
        (Step.WITHDRAW, State.CONSULTATION),
        (Step.DECIDE, State.CONSULTATION),
        (Step.REOPEN, State.DECIDED),
        (Step.REOPEN, State.PUBLISHED),
        (Step.PUBLISH, State.DECIDED),
        (Step.PUBLISH, State.PUBLISHED),
    }


@pytest.mark.parametrize(("today", "late"), [(date(2026, 10, 1), False), (date(2026, 10, 2), True)])
def test_notice_is_counted_in_whole_days(today: date, late: bool) -> None:
    assert is_late(lead_days(today, date(2026, 10, 15)), 14) is late
