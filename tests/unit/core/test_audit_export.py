"""The audit trail as a file."""

import csv
import io
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan.audit.export import COLUMNS, FORMULA_STARTS, csv_lines, safe_cell
from samplan.audit.models import AuditEntry

ACCOUNT = UUID("01890000-0000-7000-8000-0000000000aa")


@pytest.mark.parametrize("text", ["=1+1", "+46", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_become_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@given(st.none() | st.integers(min_value=0) | st.text())
def test_no_cell_begins_like_a_formula(value: object) -> None:
    cell = safe_cell(value)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == str("" if value is None else value).removeprefix("'")


def test_the_file_reads_back() -> None:
    entry = AuditEntry(
        sequence=1,
        at=datetime(2027, 1, 4, 23, 30, tzinfo=UTC),
        actor_kind="account",
        actor_id=ACCOUNT,
        action="unit.renamed",
        object_type="unit",
        object_id="=cmd()",
        after={"name": 'Åre; "norra"'},
        hash=b"\x01" * 32,
    )
    text = "".join(csv_lines([entry], {ACCOUNT: "Åsa Öberg"}, "Europe/Stockholm"))
    assert text.startswith("\ufeff")
    heading, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert tuple(heading) == COLUMNS
    values = dict(zip(heading, row, strict=True))
    assert values["at"] == "2027-01-05T00:30:00+01:00"
    assert values["actor"] == "Åsa Öberg"
    assert values["object_id"] == "'=cmd()"
    assert values["after"] == '{"name": "Åre; \\"norra\\""}'
    assert values["before"] == ""
