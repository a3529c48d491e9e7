"""Typeset documents for paper and for screen readers (PDF/UA-1), by Typst."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SHOWN_INSTEAD = "□"
_LACKING = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_RARE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2e80-\ud7ff\uf900-\ufaff\U00010000-\U0010ffff]")
_MOST_TRIES = 20


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return a tagged PDF (PDF/UA-1) of a template, which reads `data` as JSON from its inputs.

    It is never markup, so that a name cannot become a command.
    What no font has, such as a picture in somebody's text, is shown as □: the standard refuses it.
    """
    import typst  # native code, late

    told: Any = data
    for left in range(_MOST_TRIES, -1, -1):
        try:
            content: bytes = typst.compile(
                _read(template),
                format="pdf",
                sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
                pdf_standards="ua-1",
                ignore_system_fonts=True,  # the same document on every machine
            )
        except typst.TypstError as error:
            found = _LACKING.search(str(error))
            if found is None or not left:
                raise
            lacking = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), found[1])
            told = _without(told, re.compile(f"{_RARE.pattern}|{re.escape(lacking)}"))
        else:
            return content
    raise AssertionError("the last try returns or raises")


@cache
def _read(template: Path) -> bytes:
    return template.read_bytes()


def _without(value: Any, lacking: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return lacking.sub(SHOWN_INSTEAD, value)
    if isinstance(value, Mapping):
        return {name: _without(each, lacking) for name, each in value.items()}
    return [_without(each, lacking) for each in value] if isinstance(value, list | tuple) else value
