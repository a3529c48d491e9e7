"""The text of a PDF of ours: what is written on its pages, piece by piece."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PIECE = re.compile(rb"/(f\d+) [\d.]+ Tf(.*?)ET", re.DOTALL)
_STRING = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_texts(content: bytes) -> list[str]:
    """Return the pieces of text in the order of the document; a cell of a table is at least one."""
    objects: dict[bytes, bytes] = dict(_OBJECT.findall(content))
    fonts: dict[bytes, dict[bytes, str]] = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body):
            unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
            assert unicode is not None
            fonts[name] = _letters(_content(objects[unicode[1]]))
    pages = [body for body in objects.values() if re.search(rb"/Type/Page\b", body)]
    found = []
    for page in pages:
        shown = re.search(rb"/Contents (\d+) 0 R", page)
        assert shown is not None
        for font, piece in _PIECE.findall(_content(objects[shown[1]])):
            codes = b"".join(_plain(text[1:-1]) for text in _STRING.findall(piece))
            found.append("".join(fonts[font][codes[at : at + 2]] for at in range(0, len(codes), 2)))
    return found


def _content(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream is not None
    return zlib.decompress(stream[1])


def _letters(table: bytes) -> dict[bytes, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs
    }


def _plain(text: bytes) -> bytes:
    def sign(match: re.Match[bytes]) -> bytes:
        escaped = match[1]
        return bytes([int(escaped, 8)]) if escaped.isdigit() else _LETTERS.get(escaped, escaped)

    return _ESCAPE.sub(sign, text)
