"""A file that PostgreSQL takes apart itself has the rows that reading it row by row gives."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplan.db.session import TenantSession
from samplan.imports.faults import FaultLog
from samplan.imports.large import LargeFile, pack_file
from samplan.imports.mapping import guess_mapping
from samplan.imports.spec import Column, Label, SheetSpec
from samplan.imports.staged import StagedFile, stage_file
from samplan.imports.staged_plain import quoted_plainly
from samplan.imports.staged_sql import Shape

SPEC = SheetSpec(
    key="texts",
    name=Label("Texter", "Texts"),
    columns=tuple(Column(key=key, name=Label(key.upper(), key.upper())) for key in ("first", "second")),
)
CELL = st.text('a;" é\u00a0', max_size=6)
QUOTED = CELL.map(lambda cell: '"' + cell.replace('"', '""') + '"')
LINE = st.tuples(QUOTED | CELL, QUOTED | CELL).map(";".join)


def rows_of(staged: StagedFile) -> list[tuple[object, ...]]:
    found = staged.execute("SELECT row_number, first, second FROM file_rows ORDER BY 1").all()
    return [tuple(row) for row in found]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINE, min_size=1, max_size=4), ending=st.sampled_from(["\n", "\r\n"]))
def test_both_ways_give_the_same_rows(tenant_session: TenantSession, lines: list[str], ending: str) -> None:
    text = ending.join(["FIRST;SECOND", *lines, "x;y", ""])
    packed = pack_file(BytesIO(text.encode()), SPEC, FaultLog())
    file = LargeFile(lambda: packed.content, SPEC)
    begun = tenant_session.begin_nested()
    staged = [
        StagedFile(tenant_session, SPEC, file, guess_mapping(SPEC, file.source), FaultLog()) for _way in "ab"
    ]
    stage_file(staged[0], Shape(), look=True)
    tried = rows_of(staged[0])
    stage_file(staged[1], Shape(), look=False)
    assert not staged[1].plain
    if staged[0].plain:
        assert tried == rows_of(staged[1])
        assert staged[0].rows == staged[1].rows
    begun.rollback()


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ('"a";"b;c"', True),
        ('"";""""', True),
        ('"a ""b"" c";d', True),
        ('a "b";c', False),
        ('a""b;c', False),
        ('"a"b;c', False),
        (' "a";b', False),
        ('"a\n";b', False),
        ('"a;b', False),
    ],
)
def test_quotation_marks_stand_around_whole_cells(line: str, plain: bool) -> None:
    assert quoted_plainly(f"{line}\nx;y\n".encode(), b";") is plain
