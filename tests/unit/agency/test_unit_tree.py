"""The units as a tree: who stands below whom, which division a unit belongs to, where it works."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from samplan_agency.queries.unit_tree import Unit, UnitTree

KINDS = {
    "R": "region",
    "A": "division",
    "B": "division",
    "a": "clinic",
    "a1": "ward",
    "a2": "ward",
    "lone": "ward",
}
ABOVE = {"A": "R", "B": "R", "a": "A", "a1": "a", "a2": "a", "lone": "R"}
IDS = {code: uuid4() for code in KINDS}


def tree(**changed: Unit) -> UnitTree:
    """Return two divisions, of which A has a clinic with two wards, and a ward beside them."""
    units = {
        code: Unit(IDS[code], IDS.get(ABOVE.get(code, "")), kind, code, code) for code, kind in KINDS.items()
    }
    return UnitTree({**units, **changed}.values())


def codes(found: frozenset[UUID]) -> set[str]:
    return {code for code, key in IDS.items() if key in found}


def test_units_stand_with_all_below_them() -> None:
    assert codes(tree().below(IDS["A"])) == {"A", "a", "a1", "a2"}
    assert codes(tree().below(IDS["a1"], IDS["B"])) == {"a1", "B"}
    assert codes(tree().below(IDS["R"])) == set(KINDS)


def test_a_unit_that_is_not_known_stays_a_choice_of_its_own() -> None:
    """It finds nothing then; no unit at all would be the whole region."""
    unknown = uuid4()
    assert tree().below(unknown) == {unknown}


@pytest.mark.parametrize(
    ("unit", "above", "step"),
    [
        ("a1", None, "A"),
        ("A", None, "A"),
        ("lone", None, "lone"),
        ("R", None, "R"),
        ("a1", "A", "a"),
        ("a1", "a", "a1"),
        ("A", "A", "A"),
        ("lone", "A", None),
        ("R", "A", None),
    ],
)
def test_a_unit_belongs_to_the_step_right_below(unit: str, above: str | None, step: str | None) -> None:
    found = tree().step(IDS[unit], IDS.get(above or ""))
    assert found == (None if step is None else IDS[step])


def test_what_is_on_no_unit_belongs_nowhere() -> None:
    assert tree().step(None) is None
    assert tree().division(None) is None
    assert (tree().name(None), tree().code(None)) == (None, None)


@pytest.mark.parametrize(("unit", "division"), [("a2", "A"), ("B", "B"), ("lone", None), ("R", None)])
def test_the_division_is_the_nearest_one_above(unit: str, division: str | None) -> None:
    assert tree().division(IDS[unit]) == (None if division is None else IDS[division])


def test_without_divisions_the_units_right_below_the_region_stand_for_them() -> None:
    flat = tree(
        A=Unit(IDS["A"], IDS["R"], "clinic", "A", "Medicin"),
        B=Unit(IDS["B"], IDS["R"], "clinic", "B", "Kirurgi"),
    )
    assert flat.division_names == {IDS["A"]: "Medicin", IDS["B"]: "Kirurgi", IDS["lone"]: "lone"}
    assert flat.division(IDS["a1"]) == IDS["A"]


def test_a_unit_works_where_the_nearest_above_has_its_site() -> None:
    placed = tree(
        a=Unit(IDS["a"], IDS["A"], "clinic", "a", "a", municipality="2326"),
        a1=Unit(IDS["a1"], IDS["a"], "ward", "a1", "a1", municipality="2380"),
    )
    assert [placed.municipality(IDS[code]) for code in ("a2", "a1", "A")] == ["2326", "2380", None]


def test_rows_stand_after_the_unit_that_they_belong_to() -> None:
    assert [(depth, unit.code) for depth, unit in tree().rows()] == [
        (0, "R"), (1, "A"), (2, "a"), (3, "a1"), (3, "a2"), (1, "B"), (1, "lone"),
    ]  # fmt: skip


def test_units_out_of_use_are_not_among_those_in_use() -> None:
    closed = tree(a1=Unit(IDS["a1"], IDS["a"], "ward", "a1", "a1", active=False))
    assert "a1" not in {unit.code for unit in closed.in_use}
    assert closed.division(IDS["a1"]) == IDS["A"], "what was booked on it stays its division's"
