"""Collect, update and compile the translated texts of every part (`make messages`)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
BABEL = str(Path(sys.executable).parent / "pybabel")
PARTS = {
    "core": ROOT / "platform/src/samplan",
    **{
        name: ROOT / f"plugins/{name}/src/samplan_{name}"
        for name in ("rostering", "agency", "blood", "fragile_areas")
    },
}
KEYWORDS = ["-k", "_l", "-k", "gettext", "-k", "lazy_gettext"]
QUIET = ["--omit-header", "--no-location", "--sort-output"]


def run(*words: str, cwd: Path) -> None:
    """Run pybabel, quietly unless it fails."""
    subprocess.run([BABEL, *words], cwd=cwd, check=True, capture_output=True)


def refresh(part: str, source: Path) -> list[str]:
    """Update and compile one part's Swedish texts; returns what is not translated."""
    folder = source / "translations"
    po = folder / "sv/LC_MESSAGES" / f"{part}.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pot = str(Path(scratch) / f"{part}.pot")
        mapping = str(ROOT / "babel.cfg")
        run("extract", "-F", mapping, *KEYWORDS, *QUIET, "-o", pot, ".", cwd=source)
        if not po.exists():
            run("init", "-i", pot, "-o", str(po), "-l", "sv", cwd=source)
        run(
            "update",
            "-i",
            pot,
            "-o",
            str(po),
            "-l",
            "sv",
            "-N",
            "--ignore-obsolete",
            "--omit-header",
            cwd=source,
        )
    with po.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    missing = [str(message.id) for message in catalogue if message.id and not _translated(message.string)]
    run("compile", "-i", str(po), "-o", str(po.with_suffix(".mo")), "-l", "sv", "--use-fuzzy", cwd=source)
    return missing


def _translated(text: object) -> bool:
    return all(text) if isinstance(text, tuple) else bool(text)


def main() -> int:
    """Refresh every part; returns 1 when a text lacks its translation."""
    missing = {part: refresh(part, source) for part, source in PARTS.items()}
    for part, texts in missing.items():
        for text in texts:
            sys.stderr.write(f"{part}: not translated: {text!r}\n")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
