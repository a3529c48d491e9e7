"""The organisation tree's rules, and Swedish order."""

from hypothesis import given
from hypothesis import strategies as st

from samplan.db.sorting import swedish_key
from samplan.organisation.models import UNIT_KINDS
from samplan.organisation.rules import Place, broken_places, kinds_above, kinds_below

TREE = {
    "r": Place("region", None),
    "h": Place("hospital", "r"),
    "c": Place("clinic", "h"),
    "w": Place("ward", "c"),
}


def broken(**changed: Place) -> list[tuple[str, str]]:
    return list(broken_places({**TREE, **changed}))


def test_a_sound_tree_has_nothing_broken() -> None:
    assert broken() == []
    assert broken(w=Place("ward", "r"), d=Place("division", "r")) == []


def test_each_broken_place_is_told_with_its_reason() -> None:
    assert broken(w=Place("ward", None)) == [("w", "parent_needed")]
    assert broken(w=Place("ward", "x")) == [("w", "unknown_parent")]
    assert broken(c=Place("clinic", "w")) == [("c", "level")]
    assert broken(r=Place("region", "h")) == [("r", "no_parent")]
    assert broken(r2=Place("region", None)) == [("r2", "second_root")]
    assert broken(h=Place("hospital", "r", active=False)) == [("c", "parent_inactive")]
    assert broken(w=Place("ward", "c", active=False)) == []


def test_kinds_stand_above_and_below_each_other_alike() -> None:
    assert kinds_above("region") == ()
    assert kinds_below("ward") == ()
    for upper in UNIT_KINDS:
        for lower in UNIT_KINDS:
            assert (upper in kinds_above(lower)) == (lower in kinds_below(upper))


CODES = st.sampled_from("abcdef")


@given(
    st.dictionaries(CODES, st.builds(Place, st.sampled_from(UNIT_KINDS), st.none() | CODES, st.booleans()))
)
def test_a_tree_without_broken_places_has_one_root_and_no_circle(tree: dict[str, Place]) -> None:
    if any(True for _ in broken_places(tree)):
        return
    assert sum(place.parent is None for place in tree.values()) == min(len(tree), 1)
    for code in tree:
        seen = []
        at: str | None = code
        while at is not None:
            assert at not in seen
            seen.append(at)
            at = tree[at].parent


def test_swedish_letters_come_last() -> None:
    names = ["Örebro", "Ängelholm", "Åre", "Zinkgruvan", "Avesta", "Écija", "Eskilstuna"]
    expected = ["Avesta", "Écija", "Eskilstuna", "Zinkgruvan", "Åre", "Ängelholm", "Örebro"]
    assert sorted(names, key=swedish_key) == expected
