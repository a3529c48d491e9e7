"""Rosters of every kind for the tests of explanations, and the comparison with the evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import WardData

Make = Callable[..., WardData]
PROFILE = (
    RuleSetting("forward_rotation", Level.HARD),
    RuleSetting("nights_per_week", Level.HARD, employee="M3-05"),
    RuleSetting("whole_weekend", Level.SOFT, 7),
    RuleSetting("apart", Level.SOFT, 50, "M3-01", "M3-02"),
    RuleSetting("early_start", Level.SOFT, 3),
)
QUIET = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def rosters(draw: st.DrawFn, ward: WardData, share: int = 2) -> list[Assignment]:
    """Rosters of a ward, good and bad; about one cell in `share` + 1 is worked."""
    shifts = [kind.code for kind in ward.shift_types]
    choice = st.sampled_from([*shifts, *[""] * (share * len(shifts))])
    days = ward.period.days
    given_out = {
        person.code: draw(st.lists(choice, min_size=days, max_size=days)) for person in ward.employees
    }
    return [
        Assignment(code, day, shift)
        for code, row in given_out.items()
        for day, shift in enumerate(row)
        if shift
    ]


def difference(ward: WardData, before: Iterable[Assignment], after: Iterable[Assignment]) -> Counter[Term]:
    """Return by how much each term differs, without zeros."""
    one, two = (evaluate_ward(ward, cells).breakdown for cells in (before, after))
    return Counter({t: two.get(t, 0) - one.get(t, 0) for t in {*one, *two} if one.get(t, 0) != two.get(t, 0)})


def assert_exact(ward: WardData, roster: list[Assignment], judge: Judge, effect: Effect) -> None:
    """Compare what an effect says with the evaluation before and after."""
    after = judge.changed(effect.changes)
    assert dict(difference(ward, roster, after)) == dict(effect.costs)
    old, new = evaluate_ward(ward, roster), evaluate_ward(ward, after)
    assert new.objective - old.objective == effect.points
    missing = sum(gap.missing for gap in effect.opened) - sum(gap.missing for gap in effect.closed)
    assert new.uncovered - old.uncovered == missing
    places = {(v.rule, v.employee, v.day) for v in old.violations}
    added = {(v.rule, v.employee, v.day) for v in new.violations} - places
    assert added <= {(v.rule, v.employee, v.day) for v in effect.broken}
    assert set(effect.broken) <= set(new.violations)
    for change in effect.changes:
        cells = [cell.shift for cell in after if (cell.employee, cell.day) == (change.employee, change.day)]
        assert cells == ([change.after] if change.after else [])
