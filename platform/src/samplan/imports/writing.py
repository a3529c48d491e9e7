"""How a value of a described column is written in a cell; the inverse of `samplan.imports.values.parse`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from samplan.documents.xlsx import NumberFormat
from samplan.imports.spec import Column, Kind, Label, Language, Value

YES, NO = Label("Ja", "Yes"), Label("Nej", "No")
FORMATS: Mapping[Kind, NumberFormat] = MappingProxyType(
    {
        Kind.TEXT: NumberFormat.TEXT,
        Kind.INTEGER: NumberFormat.INTEGER,
        Kind.DECIMAL: NumberFormat.GENERAL,
        Kind.DATE: NumberFormat.DATE,
        Kind.TIME: NumberFormat.TIME,
        Kind.DURATION: NumberFormat.DURATION,
        Kind.YES_NO: NumberFormat.TEXT,
        Kind.CHOICE: NumberFormat.TEXT,
    }
)


def written(
    value: Value, column: Column, language: Language
) -> str | int | float | bool | date | time | datetime | timedelta:
    """Return what stands in the cell for a value; KeyError for a choice that is not described."""
    if column.kind is Kind.CHOICE:
        return {choice.value: choice.name.to(language) for choice in column.choices}[str(value)]
    if column.kind is Kind.YES_NO:
        return (YES if value else NO).to(language)
    if column.kind is Kind.DURATION and isinstance(value, int):
        return timedelta(minutes=value)
    return float(value) if isinstance(value, Decimal) else value
