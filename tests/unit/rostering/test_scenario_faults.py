"""What changes of a ward's input are refused, each with its row, its field and what was expected."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.faults import Expected as Want
from samplan_rostering.domain.scenario.apply import ChangesError, apply_changes, read_changes
from samplan_rostering.domain.ward import WardData

WARD = demo_ward(7, date(2027, 6, 7))
DAY = {"kind": "absence", "first": "2027-06-08", "last": "2027-06-08"}


def refused(*content: Any, ward: WardData = WARD) -> list[tuple[int | None, str, Want]]:
    with pytest.raises(ChangesError) as caught:
        apply_changes(ward, read_changes(list(content)))
    return [(fault.index, fault.field, fault.expected) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"kind": "nothing"}, "kind", Want.KNOWN_KIND),
        ({"kind": ["x"]}, "kind", Want.KNOWN_KIND),
        ("staffing", "change", Want.OBJECT),
        ({"kind": "staffing"}, "percent", Want.ONE_GIVEN),
        ({"kind": "staffing", "percent": "50"}, "percent", Want.BETWEEN),
        ({"kind": "staffing", "percent": True}, "percent", Want.BETWEEN),
        ({"kind": "staffing", "more": 1, "add": 1}, "more", Want.KNOWN_FIELD),
        ({"kind": "staffing", "shifts": ["X"], "add": 1}, "shifts", Want.KNOWN_SHIFT),
        ({"kind": "staffing", "shifts": "D", "add": 1}, "shifts", Want.LIST),
        ({"kind": "staffing", "weekdays": [7], "add": 1}, "weekdays", Want.BETWEEN),
        ({"kind": "staffing", "minimum": 3, "target": 2}, "minimum", Want.ORDERED),
        ({"kind": "shift_type", "code": "L", "start": "07:00", "end": "15:00"}, "part", Want.GIVEN),
        ({"kind": "shift_type", "code": "D", "end": "23:00"}, "shift_type 1.end", Want.BETWEEN),
        ({"kind": "shift_type", "code": "D", "end": "7"}, "end", Want.TIME),
        ({"kind": "replace_shifts", "shifts": ["D"], "by": "D"}, "by", Want.OTHER),
        ({"kind": "contract", "employees": ["X"], "percentage": 5}, "employees", Want.KNOWN_EMPLOYEE),
        ({"kind": "contract", "percentage": "1.234"}, "percentage", Want.BETWEEN),
        ({"kind": "working_time", "roster_type": "x"}, "roster_type", Want.CHOICE),
        ({"kind": "add_staff", "count": 1}, "profession", Want.GIVEN),
        ({"kind": "vacancy", "profession": "Sjuksköterska"}, "count", Want.GIVEN),
        ({"kind": "vacancy", "profession": "Sjuksköterska", "count": 99}, "count", Want.BETWEEN),
        ({"kind": "vacancy", "profession": "Smed", "count": 1}, "profession", Want.KNOWN_PROFESSION),
        ({**DAY, "start": "15:00", "end": "13:00"}, "end", Want.PART_OF_DAY),
        ({**DAY, "start": "15:00"}, "end", Want.PART_OF_DAY),
        ({"kind": "rule", "rule": "x", "level": "off"}, "rule", Want.KNOWN_RULE),
        (
            {"kind": "rule", "rule": "quick_return", "level": "soft", "parameters": {"x": 1}},
            "setting 1.parameters",
            Want.FIGURES,
        ),
        ({"kind": "rule", "rule": "cost", "level": "soft", "parameters": []}, "parameters", Want.PAIRS),
        (
            {"kind": "limit", "name": "max_shift_minutes", "value": 900},
            "rules.max_shift_minutes",
            Want.BETWEEN,
        ),
        ({"kind": "absence", "first": "2027-06-09", "last": "2027-06-08"}, "last", Want.NOT_BEFORE),
        ({"kind": "absence", "first": "i dag", "last": "2027-06-08"}, "first", Want.DATE),
        ({"kind": "summer", "weeks": 8}, "weeks", Want.BETWEEN),
        ({"kind": "task_shift", "from_skill": "SSK", "to_skill": "SSK", "count": 1}, "to_skill", Want.OTHER),
        ({"kind": "skill", "code": "\x00"}, "code", Want.TEXT),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_what_was_expected(change: Any, field: str, expected: Want) -> None:
    good = {"kind": "limit", "name": "weight_wish", "value": 2}
    assert refused(good, change) == [(1, field, expected)]


def test_every_unreadable_change_is_told_at_once() -> None:
    assert [row for row, *_ in refused({"kind": "x"}, {"kind": "limit"}, {"kind": "y"})] == [0, 1, 1, 2]
    for content in ({"changes": []}, "x", [{}] * 101):
        with pytest.raises(ChangesError):
            read_changes(content)
