"""What PAXml 2.0's schema (paxml.xsd, 2012-12) says of the parts that are written, in words of our own.

The schema itself names no licence and is not kept here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Part:
    """An element: its attributes by kind, and its children.

    Of `once` each stands at most once, in any order; of `many` there is at least one. A `kind` is text's.
    """

    kind: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    many: str = ""


LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
WHO = {"anstid": "text", "persnr": "text", "postid": "whole"}
PARTS = {
    "paxml": Part(
        attributes={LOCATION: "text"},
        required=frozenset({"header"}),
        once=frozenset({"header", "tidtransaktioner", "schematransaktioner"}),
    ),
    "header": Part(
        required=frozenset({"version"}),
        once=frozenset({"format", "version", "datum", "foretagnamn", "programnamn"}),
    ),
    "header/format": Part("text"),
    "header/version": Part("version"),
    "header/datum": Part("instant"),
    "header/foretagnamn": Part("text"),
    "header/programnamn": Part("text"),
    "tidtransaktioner": Part(many="tidtrans"),
    "tidtrans": Part(
        attributes=WHO,
        required=frozenset({"tidkod"}),
        once=frozenset({"tidkod", "datum", "starttid", "sluttid", "timmar"}),
    ),
    "tidtrans/tidkod": Part("duty"),
    "tidtrans/starttid": Part("instant"),
    "tidtrans/sluttid": Part("instant"),
    "schematransaktioner": Part(many="schema"),
    "schema": Part(attributes=WHO, many="dag"),
    "dag": Part(
        attributes={"datum": "date", "starttid": "time", "sluttid": "time", "timmar": "decimal"},
        required=frozenset({"datum"}),
    ),
}
KINDS = {
    "text": str,
    "version": lambda text: {"2.0": text}[text],
    "duty": lambda text: re.fullmatch("(JR|JS|BE|BS)[123]", text)[0],  # type: ignore[index] # none fails
    "whole": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "instant": lambda text: datetime.combine(date.fromisoformat(text[:10]), time.fromisoformat(text[10:])),
}


def check_paxml(content: bytes) -> ET.Element:
    """Return the root of what keeps to the schema; fails for what does not."""
    root = ET.fromstring(content)  # noqa: S314 - our own
    assert root.tag == "paxml"
    _check(root, PARTS["paxml"])
    return root


def _check(element: ET.Element, part: Part) -> None:
    tags = [child.tag for child in element]
    assert element.attrib.keys() <= part.attributes.keys(), element.tag
    assert part.required <= {*tags, *element.attrib}, element.tag
    for name, text in element.attrib.items():
        KINDS[part.attributes[name]](text)
    if part.kind:
        assert not tags
        KINDS[part.kind](element.text or "")
    elif part.many:
        assert set(tags) == {part.many}, element.tag
    else:
        assert len(tags) == len(set(tags)), element.tag
        assert set(tags) <= part.once, element.tag
    for child in element:
        _check(child, PARTS.get(f"{element.tag}/{child.tag}") or PARTS[child.tag])
