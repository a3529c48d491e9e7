"""Texts of all modules are looked up together: the same English text must mean the same in Swedish."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = [
    path
    for part in ("platform", "plugins")
    for path in (ROOT / part).glob("**/translations/sv/LC_MESSAGES/*.po")
]


def test_a_text_is_translated_alike_in_every_module() -> None:
    meant: dict[str, dict[str, str]] = defaultdict(dict)
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string:
                    meant[str(message.id)][path.stem] = str(message.string)
    assert {"core", "rostering"} <= {path.stem for path in CATALOGUES}
    assert {text: words for text, words in meant.items() if len(set(words.values())) > 1} == {}
