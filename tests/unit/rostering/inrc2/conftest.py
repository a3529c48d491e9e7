"""A folder with a small instance of the competition INRC-II and a roster."""

from __future__ import annotations

from pathlib import Path

import pytest

from inrc2_files import HISTORY, SCENARIO, SOLUTION, SOLUTION_1, WEEK, WEEK_1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the files of the small instance and of a roster for it."""
    files = {
        "Sc-prov.txt": SCENARIO.replace("\n", "\r\n"),
        "H0-prov-0.txt": HISTORY,
        "WD-prov-0.txt": WEEK,
        "WD-prov-7.txt": WEEK_1,
        "prov_0_0-7.txt": "SCHEDULING_PERIOD\nanother program's format\n",
        "roster/Sol-prov-0-0.txt": SOLUTION,
        "roster/Sol-prov-7-1.txt": SOLUTION_1,
        "roster/validator.txt": "what a program said of it\n",
    }
    (tmp_path / "roster").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, newline="")
    return tmp_path
