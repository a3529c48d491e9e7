"""Rows of shifts as text, and as PAXml."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paxml_schema import check_paxml
from samplan_rostering.domain.export import COLUMNS, Column, Spelling, Unspellable, hours, write_rows
from samplan_rostering.domain.publication import FrozenShift, seal
from samplan_rostering.paxml import write_paxml
from samplan_rostering.queries.publishing.export_rows import export_rows
from samplan_rostering.queries.rosters.plan import Plan, PlanPerson, PlanShift

ME, YOU = UUID(int=1), UUID(int=2)


@pytest.fixture
def plan() -> Plan:
    """A night over the change of clocks, of somebody who has a colleague without shifts."""
    night = FrozenShift(
        ME,
        date(2026, 10, 24),
        "AVD12",
        "N",
        datetime(2026, 10, 24, 19, tzinfo=UTC),
        datetime(2026, 10, 25, 6, tzinfo=UTC),
        0,
        660,
    )
    people = PlanPerson(ME, "M01", "Åsa Exempel", "Sjuksköterska"), PlanPerson(YOU, "M02", "Bo", "")
    return Plan(
        period_id=UUID(int=9),
        unit_code="AVD12",
        unit_name="Avdelning 12",
        timezone="Europe/Stockholm",
        name="Höst",
        start=date(2026, 10, 19),
        end=date(2026, 11, 15),
        people=people,
        shifts=(PlanShift(night, "Natt", "night", own_unit=True),),
    )


def test_a_row_tells_the_wards_clock_and_the_time_that_is_worked(plan: Plan) -> None:
    (row,) = export_rows(plan, 3)
    assert row.keys() == set(COLUMNS)
    columns = [Column(key, key) for key in ("employment_id", "start", "end_time", "hours", "publication")]
    assert write_rows([row], columns, Spelling(encoding="utf-8")).decode().splitlines() == [
        "employment_id;start;end_time;hours;publication",
        "M01;2026-10-24T21:00:00+02:00;07:00;11,00;3",
    ]
    bare = Spelling(",", ".", "iso-8859-1", heading=False)
    assert write_rows(
        [row], [Column("name", ""), Column("hours", "")], bare
    ) == "Åsa Exempel,11.00\r\n".encode("latin-1")
    assert write_rows([row], columns, Spelling()).startswith(b"\xef\xbb\xbf")


def test_what_an_encoding_lacks_is_told_and_not_replaced(plan: Plan) -> None:
    (row,) = export_rows(plan, 1)
    with pytest.raises(Unspellable, match="Ł"):
        write_rows([row | {"name": "Łucja"}], [Column("name", "Namn")], Spelling(encoding="iso-8859-1"))


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@x", "\tx"])
def test_what_looks_like_a_formula_is_text(plan: Plan, text: str) -> None:
    (row,) = export_rows(plan, 1)
    content = write_rows([row | {"name": text}], [Column("name", "Namn")], Spelling(encoding="utf-8"))
    assert f"'{text}" in content.decode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from([";", ",", "\t"]))
def test_whatever_a_name_holds_stays_in_its_column(name: str, separator: str) -> None:
    row = {"name": name, "minutes": 5}
    columns = [Column("name", "n"), Column("minutes", "m")]
    content = write_rows([row], columns, Spelling(separator, ".", "utf-8", heading=False))
    (read,) = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=separator)
    assert read[0].removeprefix("'") == name.removeprefix("'")
    assert read[1] == "5"


@given(st.integers(0, 2000))
def test_hours_are_minutes_to_the_hundredth(minutes: int) -> None:
    assert abs(hours(minutes) * 60 - minutes) <= Decimal("0.3")


def test_on_call_duty_and_standby_have_columns_and_codes_of_their_own(plan: Plan) -> None:
    shift = replace(
        plan.shifts[0].frozen,
        on=date(2026, 11, 2),
        starts_at=datetime(2026, 11, 2, 7, tzinfo=UTC),
        ends_at=datetime(2026, 11, 3, 7, tzinfo=UTC),
        paid_minutes=480,
        on_call_minutes=300,
        standby_minutes=630,
    )
    call = replace(shift, on=date(2026, 11, 4), paid_minutes=0, on_call_minutes=1440, standby_minutes=0)
    rostered = replace(
        plan, shifts=tuple(PlanShift(each, "Dag", "day", own_unit=True) for each in (shift, call))
    )
    rows = list(export_rows(rostered, 1))
    assert [(row["hours"], row["on_call_hours"], row["standby_minutes"]) for row in rows] == [
        (8, 5, 630),
        (0, 24, 0),
    ]
    content = write_paxml(rostered, company="Region Å", now=datetime(2026, 11, 1, 7, tzinfo=UTC))
    root = check_paxml(content)
    (day,) = root.findall("schematransaktioner/schema/dag")
    assert (day.get("starttid"), day.get("sluttid"), day.get("timmar")) == ("08:00:00", "16:30:00", "8")
    duties = [
        [child.text for child in row] for row in root.findall("tidtransaktioner/tidtrans[@anstid='M01']")
    ]
    assert sorted(duties, key=str) == [
        ["BE1", "2026-11-02T21:30:00", "2026-11-03T08:00:00"],
        ["JR1", "2026-11-02T08:00:00", "2026-11-03T08:00:00"],
        ["JR1", "2026-11-02T16:30:00", "2026-11-02T21:30:00"],
    ]
    sealed = [seal(UUID(int=9), 1, [one]) for one in (shift, replace(shift, standby_minutes=0))]
    assert len(set(sealed)) == 2


def test_paxml_names_the_employment_and_the_times_of_day(plan: Plan) -> None:
    now = datetime(2026, 11, 1, 7, tzinfo=UTC)
    root = check_paxml(write_paxml(plan, company="Region Å", now=now))
    assert (root.findtext("header/format"), root.findtext("header/version")) == ("LÖNIN", "2.0")
    assert root.findtext("header/datum") == "2026-11-01T08:00:00"
    (schedule,) = root.findall("schematransaktioner/schema")
    assert schedule.attrib == {"anstid": "M01"}, "who has no shift has no schedule"
    (day,) = schedule
    assert day.attrib == {
        "datum": "2026-10-24",
        "starttid": "21:00:00",
        "sluttid": "07:00:00",
        "timmar": "11",
    }
    assert "persnr" not in ET.tostring(root, encoding="unicode")


@given(
    st.lists(
        st.tuples(st.integers(0, 27), st.integers(0, 600), st.integers(0, 1440), st.integers(0, 1440)),
        max_size=5,
    )
)
def test_paxml_keeps_to_the_schema_whatever_a_shift_holds(shifts: list[tuple[int, int, int, int]]) -> None:
    """Work, on-call duty and standby in any mix: what is missing is left out, not written empty."""
    rows = []
    for day, paid, on_call, standby in shifts:
        starts = datetime(2026, 10, 19, 6, tzinfo=UTC) + timedelta(days=day)
        ends = starts + timedelta(minutes=paid + on_call + standby)
        on = starts.date()
        row = FrozenShift(ME, on, "AVD12", "X", starts, ends, 0, paid, on_call, standby)
        rows.append(PlanShift(row, "Pass", "day", own_unit=True))
    people = (PlanPerson(ME, "M01", "Åsa Exempel", "Läkare"),)
    first, last, zone = date(2026, 10, 19), date(2026, 11, 15), "Europe/Stockholm"
    plan = Plan(UUID(int=9), "AVD12", "Avdelning 12", zone, "", first, last, people, tuple(rows))
    root = check_paxml(write_paxml(plan, company="Region Å", now=datetime(2026, 11, 1, 7, tzinfo=UTC)))
    assert len(root.findall("schematransaktioner/schema/dag")) == sum(paid > 0 for _, paid, _, _ in shifts)
    duties = sum((on_call > 0) + (standby > 0) for _, _, on_call, standby in shifts)
    assert len(root.findall("tidtransaktioner/tidtrans")) == duties
