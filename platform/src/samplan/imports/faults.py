"""What is wrong with a file that somebody sent: every fault with its place, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, NoReturn, TypeAlias

from flask_babel.speaklater import LazyString

from samplan.errors import Invalid
from samplan.i18n import _l

Text: TypeAlias = str | LazyString
"""A text for people; a lazy one is translated each time it is shown."""

MAX_FAULTS = 500
_MAX_OPTIONS = 1000  # comparing with more names than this takes too long to be worth it


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where it stands, and what was expected there.

    `row` is counted as in the spreadsheet or the text file, `column` from 1 (A); both are None
    where the fault concerns the sheet or the file as a whole. `code` is stable, for programs.
    """

    code: str
    message: Text
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    heading: str = ""
    value: str = ""
    expected: Text = ""

    @property
    def letter(self) -> str:
        """Column letter as in the spreadsheet, or an empty string."""
        return column_letter(self.column) if self.column else ""

    @property
    def place(self) -> str:
        """Where it stands, short: `Medarbetare!B7`, `B7`, `SECTION_STAFF:12`, a sheet's name, or nothing."""
        if self.row is None:
            return self.sheet
        if not self.sheet:
            return f"{self.letter}{self.row}"
        return f"{self.sheet}!{self.letter}{self.row}" if self.column else f"{self.sheet}:{self.row}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the fault for JSON, its texts in the present language."""
        return {
            "code": self.code,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.letter or None,
            "heading": self.heading,
            "value": self.value,
            "message": str(self.message),
            "expected": str(self.expected),
        }

    def packed(self) -> dict[str, Any]:
        """Return the fault for JSON; `unpacked` gives it back in the language of who reads it then."""
        return {field.name: _packed(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def unpacked(cls, said: Mapping[str, Any]) -> Fault:
        """Return the fault that `packed` made JSON of."""
        return cls(**{name: _unpacked(value) for name, value in said.items()})

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else str(self.message)
        return f"{text} ({self.expected})" if str(self.expected) else text


class ImportFaults(Invalid):
    """The file cannot be taken in; nothing of it is saved. Holds the first faults and how many there are."""

    code = "import_faults"

    def __init__(self, faults: Collection[Fault], total: int | None = None) -> None:
        """Keep `faults` in the order of the file; `total` counts also those that are not listed."""
        self.faults = tuple(faults)
        self.total = len(self.faults) if total is None else total
        fields: dict[str, list[str]] = {}
        for fault in self.faults:
            fields.setdefault(fault.place or "file", []).append(str(fault.message))
        super().__init__(str(_l("The file has %(count)s faults.", count=self.total)), fields)

    @property
    def unlisted(self) -> int:
        """Number of faults beyond those listed."""
        return self.total - len(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults]
        if self.unlisted:
            lines.append(str(_l("and %(count)s more faults", count=self.unlisted)))
        return "\n".join(lines)


class FaultLog:
    """Collects faults while a file is read and keeps the first `limit` of them."""

    def __init__(self, limit: int = MAX_FAULTS) -> None:
        self._limit = limit
        self._faults: list[Fault] = []
        self.total = 0
        self.sheets: list[str] = []
        """Names of the sheets in the order of the file, as far as it was read."""

    @property
    def full(self) -> bool:
        """Tell whether further faults are only counted, so that costly explanations can be spared."""
        return len(self._faults) >= self._limit

    @property
    def room(self) -> int:
        """How many faults are still kept."""
        return max(0, self._limit - len(self._faults))

    def count(self, more: int) -> None:
        """Count faults that are not described."""
        self.total += max(0, more)

    def add(self, fault: Fault) -> None:
        """Note one fault."""
        self.total += 1
        if not self.full:
            self._faults.append(fault)

    def forget(self, total: int) -> None:
        """Forget what was noted since there were `total` faults: it will be looked for in another way."""
        self.total = total
        del self._faults[total:]

    def stop(self, fault: Fault) -> NoReturn:
        """Note a fault after which the file cannot be read further, and raise."""
        self.add(fault)
        raise ImportFaults(self._in_order(), self.total)

    def found(self) -> ImportFaults | None:
        """Return all that was noted so far, None for nothing."""
        return ImportFaults(self._in_order(), self.total) if self.total else None

    def raise_if_any(self) -> None:
        """Raise `ImportFaults` with all that was noted."""
        found = self.found()
        if found is not None:
            raise found

    def _in_order(self) -> list[Fault]:
        """Sort by sheet, row and column; what concerns the file or an absent sheet comes first and last."""
        names = dict.fromkeys(["", *self.sheets, *(fault.sheet for fault in self._faults)])
        sheets = {name: index for index, name in enumerate(names)}
        return sorted(self._faults, key=lambda f: (sheets[f.sheet], f.row or 0, f.column or 0))


def _packed(value: Any) -> Any:
    """Return a value for JSON; of a text that is translated when shown, its message and its parameters."""
    if isinstance(value, LazyString):
        message, *_rest = value._args  # noqa: SLF001 - there is no other way to its message
        params = {name: _packed(param) for name, param in value._kwargs.items()}  # noqa: SLF001
        return {"text": str(message), "with": params}
    return value if isinstance(value, str | int | None) else str(value)


def _unpacked(value: Any) -> Any:
    if isinstance(value, Mapping):
        message, params = value["text"], value["with"]
        return _l(message, **{name: _unpacked(param) for name, param in params.items()})
    return value


def did_you_mean(value: str, options: Collection[str]) -> str | None:
    """Return the option most like `value`, None when nothing is near or there are very many options."""
    if len(options) > _MAX_OPTIONS:
        return None
    folded = {option.casefold(): option for option in options}
    near = difflib.get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def column_letter(column: int) -> str:
    """Return the letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number from 1 of a column written in capital letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
