"""The description of a workbook that reading, the template and the export share.

Names, headings and choices stand here in Swedish and English side by side, because both are
accepted when reading, whatever the language of the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Language = Literal["sv", "en"]
Value = str | int | Decimal | date | time | bool
"""A value as read: by the kind of its column."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name or short text in Swedish and English."""

    sv: str
    en: str = ""

    def to(self, language: Language) -> str:
        """Return the text in a language; Swedish where there is no English."""
        return self.en if language == "en" and self.en else self.sv


class Kind(StrEnum):
    """What a column holds, and the type a value is read as."""

    TEXT = "text"  # str
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # Decimal
    DATE = "date"  # date
    TIME = "time"  # time of day, whole minutes
    DURATION = "duration"  # int: minutes, written as hours and minutes (38:15)
    YES_NO = "yes_no"  # bool
    CHOICE = "choice"  # str: the value of one of the column's choices


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value, what it is called, and other words that mean it."""

    value: str
    name: Label
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The column of another sheet that must hold the value."""

    sheet: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    `minimum` and `maximum` bound numbers and dates, inclusive; a duration's are in minutes.
    `required` means that the heading must be there and every row must have a value. Where a file of another
    system is mapped, `several` choices may stand in one cell, a text's `choices` are what it may become, and
    in a large file a date of `months` may be written as its month.
    """

    key: str
    name: Label
    kind: Kind = Kind.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    refers_to: Reference | None = None
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    max_length: int = 200
    help: Label = Label("")
    example: str = ""
    several: bool = False
    months: bool = False

    def choice_names(self, language: Language) -> tuple[str, ...]:
        """Return the names of the choices in a language."""
        return tuple(choice.name.to(language) for choice in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """One sheet: a heading row and, below it, one thing a row.

    `unique` lists groups of columns whose values together may occur once; `ascending` lists
    groups whose values may not fall from left to right (first and last date, min and max).
    """

    key: str
    name: Label
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()
    required: bool = False
    max_rows: int = 5000
    unique: tuple[tuple[str, ...], ...] = ()
    ascending: tuple[tuple[str, ...], ...] = ()
    help: Label = Label("")

    def column(self, key: str) -> Column:
        """Return the column with a key; KeyError for one that is not described."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


INSTRUCTION_SHEET = Label("Instruktioner", "Instructions")
FAULT_SHEET = Label("Fel", "Faults")


def folded(name: str) -> str:
    """Return a sheet name or heading as it is compared: without case, extra spaces, closing `*` or `:`."""
    return " ".join(name.replace("\xa0", " ").split()).rstrip("*: ").casefold()


OUR_SHEETS = frozenset(
    folded(name) for label in (INSTRUCTION_SHEET, FAULT_SHEET) for name in (label.sv, label.en)
)
"""Sheets that we write for people and never read."""


def names_of(described: SheetSpec | Column | Choice) -> dict[str, Language]:
    """Return every accepted name, folded, with the language that it speaks for."""
    names: dict[str, Language] = {folded(described.name.to("en")): "en"}
    names |= {folded(synonym): "sv" for synonym in described.synonyms}
    names[folded(described.name.sv)] = "sv"
    return names
