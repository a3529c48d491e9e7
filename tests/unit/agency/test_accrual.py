"""What is still to come: published figures, and what holds for every triangle."""

from __future__ import annotations

import os
from csv import reader
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poisson_model import poisson_reserve
from samplan_agency.domain.accrual import (
    bornhuetter_ferguson,
    cape_cod,
    chain_ladder,
    develop,
    quantiles,
    realisation,
)
from samplan_agency.domain.triangle import Triangle, TriangleFault, triangle_of_rows


def published(name: str) -> Triangle:
    """Return a published triangle, read in place; skips where the folder is not given."""
    folder = os.environ.get("SAMPLAN_BENCHMARKS")
    if not folder:
        pytest.skip("SAMPLAN_BENCHMARKS does not name the folder of published triangles")
    return triangle_of_rows(list(reader((Path(folder) / "triangles" / name).read_text().splitlines())))


def triangle(*rows: tuple[float | None, ...]) -> Triangle:
    """Return a triangle; None is unknown."""
    known = [[np.nan if amount is None else amount for amount in row] for row in rows]
    return Triangle(tuple(str(place) for place in range(len(rows))), np.array(known, dtype=float))


def test_the_chain_ladder_of_raa_is_macks() -> None:
    """A1-A3: RAA, reserve 52,135, s.e. 26,909 (Mack's rule of 1993) and 26,881 (log-linear)."""
    found = chain_ladder(published("raa.csv"))
    assert found.total_reserve == pytest.approx(52_135, abs=1)
    assert found.total_error == pytest.approx(26_909, abs=1)
    assert chain_ladder(published("raa.csv"), "loglinear").total_error == pytest.approx(26_881, abs=1)
    factors = [2.9994, 1.6235, 1.2709, 1.1717, 1.1134, 1.0419, 1.0333, 1.0169, 1.0092]
    assert found.factors == pytest.approx(factors, abs=1e-4)


def test_the_chain_ladder_of_taylor_and_ashe_is_macks() -> None:
    """A4-A5: Taylor and Ashe, by origin: Mack 1993; England and Verrall 2002."""
    found = chain_ladder(published("genins.csv"))
    reserves = [0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811]
    errors = [0, 75535, 121699, 133549, 261406, 411010, 558317, 875328, 971258, 1363155]
    assert found.reserve == pytest.approx(reserves, abs=1)
    assert found.error == pytest.approx(errors, abs=1)
    assert found.total_reserve == pytest.approx(18_680_856, abs=1)
    assert found.total_error == pytest.approx(2_447_095, abs=1)


def runoff(table: str) -> Triangle:
    """Return a triangle from rows of cumulative amounts, newest origin last."""
    rows = [line.split() for line in table.strip().splitlines()]
    return triangle(*(tuple(map(float, row)) + (None,) * (len(rows[0]) - len(row)) for row in rows))


def test_the_chain_ladder_of_uk_motor_is_macks() -> None:
    """Christofides 1997; s.e. by origin as in the manual of R's ChainLadder, `est.sigma="Mack"`."""
    found = chain_ladder(
        runoff("""
        3511 6726 8992 10704 11763 12350 12690
        4001 7703 9981 11161 12117 12746
        4355 8287 10233 11755 12993
        4295 7750 9773 11093
        4150 7897 10217
        5102 9650
        6283
        """)
    )
    assert found.reserve == pytest.approx([0, 351, 1038, 2045, 3663, 7162, 14397], abs=1)
    assert found.error == pytest.approx([0, 3.62, 22.90, 141.98, 426.70, 692.39, 900.58], abs=0.01)
    assert (found.total_reserve, found.total_error) == pytest.approx((28_655.77, 1_417.27), abs=0.01)


def test_the_chain_ladder_of_merz_and_wuthrich_is_theirs() -> None:
    """Merz and Wüthrich 2008, Modelling the claims development result: 2,237,826 and 108,401."""
    found = chain_ladder(
        runoff("""
        2202584 3210449 3468122 3545070 3621627 3644636 3669012 3674511 3678633
        2350650 3553023 3783846 3840067 3865187 3878744 3898281 3902425
        2321885 3424190 3700876 3798198 3854755 3878993 3898825
        2171487 3165274 3395841 3466453 3515703 3548422
        2140328 3157079 3399262 3500520 3585812
        2290664 3338197 3550332 3641036
        2148216 3219775 3428335
        2143728 3158581
        2144738
        """)
    )
    assert (found.total_reserve, found.total_error) == pytest.approx((2_237_826, 108_401), abs=1)


def test_the_poisson_model_of_taylor_and_ashe_is_that_of_england_and_verrall() -> None:
    """A6: total 18,680,856, s.e. 2,945,659 (R's glmReserve), within 1e-5 of it."""
    found = poisson_reserve(published("genins.csv"))
    assert found.total_reserve == pytest.approx(18_680_856, rel=1e-5)
    assert found.total_error == pytest.approx(2_945_659, rel=1e-5)


def test_a_triangle_worked_by_hand() -> None:
    """Two steps: factors (150+180)/(100+120) and 165/150; the last variance is the first by Mack's rule."""
    found = chain_ladder(triangle((100, 150, 165), (120, 180, None), (110, None, None)))
    assert found.factors == pytest.approx([1.5, 1.1])
    assert found.ultimate == pytest.approx([165, 198, 181.5])
    assert found.reserve == pytest.approx([0, 18, 71.5])
    assert found.error == pytest.approx([0, 0, 0])  # both origins grew alike


def test_the_prior_weighs_what_is_not_reported() -> None:
    seen = triangle((100, 150, 165), (120, 180, None), (110, None, None))
    found = bornhuetter_ferguson(seen, np.array([160.0, 200.0, 300.0]))
    assert found.reserve == pytest.approx([0, 200 * (1 - 1 / 1.1), 300 * (1 - 1 / 1.65)])
    certain, unsure = found.total_error, bornhuetter_ferguson(seen, np.array([160.0, 200, 300]), prior_cv=0.1)
    assert unsure.total_error > certain


def test_cape_cod_scales_the_exposure_to_what_it_has_cost() -> None:
    seen = triangle((100, 150, 165), (120, 180, None), (110, None, None))
    exposure = np.array([10.0, 12.0, 11.0])
    scale = (165 + 180 + 110) / (10 + 12 / 1.1 + 11 / 1.65)
    assert realisation(seen, exposure) == pytest.approx(scale)
    assert cape_cod(seen, exposure).reserve[2] == pytest.approx(11 * scale * (1 - 1 / 1.65))


def test_an_origin_without_any_amount_is_valued_by_its_prior_alone() -> None:
    seen = triangle((100, 150), (120, None), (None, None))
    found = bornhuetter_ferguson(seen, np.array([150.0, 180.0, 90.0]))
    assert found.ultimate[2] == pytest.approx(90)
    with pytest.raises(TriangleFault, match="row 4, column 2"):
        chain_ladder(seen)


def test_credit_notes_stop_the_poisson_model_and_not_the_chain_ladder() -> None:
    seen = triangle((100, 90, 80), (120, 100, None), (110, None, None))
    assert chain_ladder(seen).total_reserve < 0
    with pytest.raises(TriangleFault, match="a period sum to 0 or less"):
        poisson_reserve(seen)


amounts = st.lists(st.floats(1, 1e6), min_size=4, max_size=4)


@settings(deadline=None)
@given(st.lists(amounts, min_size=4, max_size=4), st.floats(0.01, 100))
def test_amounts_in_another_unit_give_the_same_answer_in_that_unit(
    rows: list[list[float]], unit: float
) -> None:
    known = np.cumsum(np.array(rows), axis=1)
    known[np.add.outer(np.arange(4), np.arange(4)) > 3] = np.nan
    one = chain_ladder(Triangle(tuple("abcd"), known))
    other = chain_ladder(Triangle(tuple("abcd"), known * unit))
    assert other.reserve == pytest.approx(one.reserve * unit)
    assert other.total_error == pytest.approx(one.total_error * unit, abs=1e-6 * unit * one.ultimate.max())
    assert one.total_error >= one.error.max() - 1e-6
    prior = bornhuetter_ferguson(Triangle(tuple("abcd"), known), one.ultimate)
    assert prior.reserve == pytest.approx(one.reserve)  # a prior that the chain ladder agrees with


@given(st.floats(1, 1e9), st.floats(0.001, 3))
def test_quantiles_surround_the_middle_and_keep_the_mean(mean: float, cv: float) -> None:
    low, middle, high = quantiles(mean, mean * cv)
    assert 0 < low < middle < high
    assert middle <= mean


def test_a_step_that_nothing_is_known_of_is_named() -> None:
    with pytest.raises(TriangleFault, match="from period 1 to 2: the amounts"):
        develop(triangle((100, 0, 0), (100, 0, None), (100, None, None)))


def late_invoices(chance: np.random.Generator, months: int = 24) -> tuple[Triangle, np.ndarray, np.ndarray]:
    """Return a triangle of work months whose invoices come late, what they were expected to cost, and did.

    An assumed lag of 25/45/17/8/3/2 per cent, hours that vary from month to month, prices near the agreed.
    """
    lag = np.array([25, 45, 17, 8, 3, 2]) / 100
    expected = chance.uniform(2, 4, months) * 1e6
    final = expected * chance.normal(1.0, 0.05, months)
    shares = np.array([chance.dirichlet(lag * 30) for _month in range(months)])
    known = np.cumsum(final[:, None] * shares, axis=1)
    ages = np.arange(months)[::-1]
    known[np.arange(6)[None, :] > ages[:, None]] = np.nan
    return Triangle(tuple(map(str, range(months))), known), expected, final


def test_what_was_rostered_halves_the_error_of_the_newest_month() -> None:
    """A8: in a simulation of late invoices the prior errs at most half as much as the chain ladder."""
    chance = np.random.default_rng(8)
    ladder, prior = [], []
    for _world in range(200):
        seen, expected, final = late_invoices(chance)
        ladder.append(abs(chain_ladder(seen).ultimate[-1] / final[-1] - 1))
        prior.append(abs(bornhuetter_ferguson(seen, expected).ultimate[-1] / final[-1] - 1))
    assert np.mean(prior) <= np.mean(ladder) / 2
