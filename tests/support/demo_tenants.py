"""The tenants' files for demos of tests, with hired staff only where a test looks at it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

TENANTS = Path(__file__).resolve().parents[2] / "tenants"
AGENCY = "  agency: {enabled: true}\n"


def tenants_in(folder: Path, *, only: Collection[str] = (), agency: Collection[str] = ()) -> Path:
    """Copy the files of `only` these tenants, or of all, and return their folder.

    Hired staff stays on in those of `agency` alone: its years of invented invoices take longest to load.
    """
    folder.mkdir()
    for path in TENANTS.iterdir():
        if path.suffix == ".yaml" and only and path.stem not in only:
            continue
        text = path.read_text("utf-8")
        assert path.stem not in agency or AGENCY in text
        (folder / path.name).write_text(text if path.stem in agency else text.replace(AGENCY, ""), "utf-8")
    return folder
