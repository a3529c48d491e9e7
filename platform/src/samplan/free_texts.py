"""Texts that people write freely: personal identity numbers are refused wherever they come in.

Forms (`samplan.web.forms.Form`), bodies of the API (`StrictSchema`) and modules' settings look through their
texts by themselves, and cells of files are looked through as they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from samplan.i18n import _l
from samplan.imports.identity_numbers import holds_identity_number

NO_IDENTITY_NUMBER = _l("This looks like a personal identity number. It must not be stored here.")


def identity_faults(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong by name: values that hold a personal identity number, however deep in them."""
    return {
        str(name): [str(NO_IDENTITY_NUMBER)]
        for name, value in values.items()
        if any(map(holds_identity_number, _texts(value)))
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        for each in value:
            yield from _texts(each)
