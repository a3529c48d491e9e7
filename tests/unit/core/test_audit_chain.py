"""The hash chain of the audit trail, without a database."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan.audit.chain import GENESIS, ChainCheck, ChainFault, canonical, entry_hash
from samplan.audit.masking import CHANGED, LONGEST_TEXT, SET, masked, plain
from samplan.audit.models import AuditEntry

TENANT = UUID("01890000-0000-7000-8000-000000000001")
START = datetime(2026, 11, 22, 12, tzinfo=UTC)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.uuids()
    | st.decimals()
    | st.binary()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def as_jsonb(value: object) -> object:
    """Do to numbers and the order of keys what PostgreSQL's jsonb does."""

    def number(text: str) -> float | int:
        plain_digits = format(Decimal(text), "f")  # jsonb has no exponents
        return float(plain_digits) if "." in plain_digits else int(plain_digits)

    return json.loads(json.dumps(value, sort_keys=True), parse_float=number, parse_int=number)


@given(values)
def test_what_is_hashed_is_what_comes_back(value: object) -> None:
    written = plain(value)
    assert plain(as_jsonb(written)) == written
    assert canonical(as_jsonb(written)) == canonical(value)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_text_is_made_storable() -> None:
    assert plain("a\x00b\ud800") == "ab?"
    assert len(plain("x" * 5000)) == LONGEST_TEXT
    assert plain({1.0, 2}) == [1, 2]


def test_secrets_and_personal_fields_show_only_that_they_changed() -> None:
    old, new = masked(
        {"email": "a@example.test", "name": "Ada", "password_hash": "x", "percentage": 100, "note": None},
        {"email": "b@example.test", "name": "Ada", "password_hash": "y", "percentage": 80, "note": "ill"},
        personal=("email", "name", "note"),
    )
    assert old == {"email": SET, "name": SET, "password_hash": SET, "percentage": 100, "note": None}
    assert new == {"email": CHANGED, "name": SET, "password_hash": CHANGED, "percentage": 80, "note": SET}


@pytest.mark.parametrize(
    "value",
    [
        {"settings": {"api_token": "abc"}},
        {"rows": [{"secret": "abc"}]},
        {"note": "smp_0123456789abcdef0123456789abcdef"},
        {"texts": ["Bearer abcdefghijklmnopqrstuvwxyz"]},
        {"value": "$argon2id$v=19$m=65536"},
        {"person": {"deep": {"name": "abc"}}},
    ],
)
def test_secrets_are_found_at_any_depth(value: dict[str, object]) -> None:
    shown = json.dumps(masked(None, value, personal=("name",)))
    assert SET in shown
    assert not any(part in shown for part in ("abc", "argon2", "smp_"))


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    previous = GENESIS
    for number in range(1, length + 1):
        entry = AuditEntry(
            tenant_id=TENANT,
            id=UUID(int=number),
            sequence=number,
            at=START,
            actor_kind="system",
            action="thing.done",
            object_type="thing",
            object_id=str(number),
            after={"number": number},
            previous_hash=previous,
        )
        previous = entry.hash = entry_hash(entry)
        entries.append(entry)
    return entries


def faults(entries: list[AuditEntry], head: tuple[int, bytes] | None) -> list[ChainFault]:
    check = ChainCheck()
    for entry in sorted(entries, key=lambda entry: entry.sequence):
        check.see(entry)
    return check.finish(head)


def alter(entries: list[AuditEntry]) -> None:
    entries[2].after = {"number": 99}


def forge(entries: list[AuditEntry]) -> None:
    entries[2].after = {"number": 99}
    entries[2].hash = entry_hash(entries[2])


def forge_last(entries: list[AuditEntry]) -> None:
    entries[-1].action = "nothing.done"
    entries[-1].hash = entry_hash(entries[-1])


def forge_first(entries: list[AuditEntry]) -> None:
    entries[0].previous_hash = b"x" * 32
    entries[0].hash = entry_hash(entries[0])


def swap(entries: list[AuditEntry]) -> None:
    entries[2].sequence, entries[3].sequence = 4, 3


def close_the_gap(entries: list[AuditEntry]) -> None:
    del entries[2]
    for entry in entries[2:]:
        entry.sequence -= 1


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (alter, ["entry 3 has been changed"]),
        (forge, ["entry 3 has been changed"]),
        (forge_last, ["entry 6 has been changed"]),
        (forge_first, ["entry 1 has been changed"]),
        (lambda entries: entries.pop(2), ["entry 3 is missing"]),
        (lambda entries: entries.pop(0), ["entry 1 is missing"]),
        (lambda entries: entries.pop(), ["entry 6 is missing"]),
        (lambda entries: entries.clear(), ["entries 1 to 6 are missing"]),
        (swap, ["entry 3 was written as number 4", "entry 4 was written as number 3"]),
        (
            close_the_gap,
            [
                "entry 3 was written as number 4",
                "entry 4 was written as number 5",
                "entry 5 was written as number 6",
                "entry 6 is missing",
            ],
        ),
    ],
)
def test_a_broken_chain_says_where(tamper: Callable[[list[AuditEntry]], object], expected: list[str]) -> None:
    entries = chain(6)
    head = (6, entries[-1].hash)
    assert faults(entries, head) == []
    tamper(entries)
    assert [str(fault) for fault in faults(entries, head)] == expected


def test_a_head_that_does_not_fit_is_a_fault() -> None:
    entries = chain(3)
    assert [str(f) for f in faults(entries, (2, entries[1].hash))] == [
        "the head does not fit the last entry, 3"
    ]
    assert [str(f) for f in faults(entries, None)] == ["the head does not fit the last entry, 3"]
    assert [str(f) for f in faults(entries, (3, b"?" * 32))] == ["entry 3 has been changed"]
    assert faults([], None) == []
