"""Accruals shared out, booked and looked back on: sums are kept to the hundredth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan_agency.domain.backtest import Held, back_test
from samplan_agency.domain.journal import Accounts, Accrued, journal
from samplan_agency.domain.spreading import spread
from samplan_agency.web.accrual.chart import Bar, draw

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ACCOUNTS = Accounts({"physician": "4601", "nurse": "4602", "other": "4609"}, "2990", "99")
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For machines that have much else to do."""
amounts = st.integers(-(10**11), 10**11).map(lambda number: Decimal(number) / 100)


@patient
@given(amounts, st.dictionaries(st.sampled_from("abcdef"), amounts, min_size=1))
def test_shares_sum_to_what_is_shared(amount: Decimal, weights: dict[str, Decimal]) -> None:
    if not any(weight > 0 for weight in weights.values()):
        with pytest.raises(ValueError, match="nothing to share"):
            spread(amount, weights)
        return
    shares = spread(amount, weights)
    assert sum(shares.values()) == amount
    assert all(weights[key] > 0 and share * amount > 0 for key, share in shares.items())


def test_equal_shares_give_the_rest_to_who_stands_first() -> None:
    third = Decimal("33.33")
    assert spread(Decimal(100), dict.fromkeys("abc", Decimal(1))) == {
        "a": third + Decimal("0.01"),
        "b": third,
        "c": third,
    }


parts = st.tuples(
    st.sampled_from([MARCH, APRIL]),
    st.sampled_from([None, "10", "20"]),
    st.sampled_from([None, "physician", "nurse", "other"]),
    amounts,
).map(lambda given: Accrued(*given))


@patient
@given(st.lists(parts, max_size=6))
def test_a_journal_balances_month_by_month_and_account_by_account(accrued: list[Accrued]) -> None:
    lines = journal(accrued, APRIL, ACCOUNTS)
    for _month, of_month in groupby(lines, key=lambda line: line.month):
        assert sum(line.amount for line in of_month) == 0
    for account in {line.account for line in lines}:
        assert sum(line.amount for line in lines if line.account == account) == 0, "reversed the month after"
    debit = [line.amount for line in lines if not line.reverses and line.account != "2990"]
    assert sum(debit) == sum(part.amount for part in accrued)


def test_a_journal_names_accounts_and_cost_centres() -> None:
    accrued = [Accrued(MARCH, "10", "nurse", Decimal("70.50")), Accrued(MARCH, None, None, Decimal("9.50"))]
    lines = [
        (line.month, line.account, line.cost_centre, line.amount)
        for line in journal(accrued, APRIL, ACCOUNTS)
    ]
    assert lines[:4] == [
        (APRIL, "4602", "10", Decimal("70.50")),
        (APRIL, "2990", "10", Decimal("-70.50")),
        (APRIL, "4609", "99", Decimal("9.50")),
        (APRIL, "2990", "99", Decimal("-9.50")),
    ]
    assert {line[0] for line in lines[4:]} == {date(2026, 5, 1)}


def test_what_was_accrued_is_held_against_what_came() -> None:
    held = Held(MARCH, {MARCH: Decimal(100)}, {MARCH: Decimal(310)}, Decimal(280), Decimal(340))
    test = back_test(held, {MARCH: Decimal(400), APRIL: Decimal(50)}, {MARCH: Decimal(30), APRIL: Decimal(9)})
    assert (test.booked, test.to_come, test.outcome, test.difference) == (300, 30, 330, 20)
    assert test.within
    assert not back_test(held, {MARCH: Decimal(500)}, {}).within


def test_a_picture_has_round_steps_and_holds_everything() -> None:
    bar = Bar("2026-03", Decimal(2_000_000), Decimal(1_100_000), Decimal(2_800_000), Decimal(3_900_000))
    credit = Bar(
        "2026-04", Decimal(0), Decimal(-400_000), Decimal(-400_000), Decimal(-400_000), Decimal(100_000)
    )
    chart = draw([bar, credit])
    assert chart is not None
    values = [value for _y, value in chart.ticks]
    assert values[0] <= -0.4
    assert values[-1] >= 3.9
    assert all(14 <= y <= 220 for y, _value in chart.ticks)
    assert chart.bars[0].high_y < chart.bars[0].to_come_y < chart.bars[0].booked_y
    assert chart.bars[1].outcome_y is not None
    assert draw([]) is None
