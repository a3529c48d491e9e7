"""The only module of the core that a plugin may import from."""

from __future__ import annotations

from samplan.documents.xlsx import Book, Cell, NumberFormat, TableColumn, write_table
from samplan.i18n import _, _l
from samplan.imports.archive import Limits
from samplan.imports.faults import Fault, FaultLog, ImportFaults, Text, did_you_mean
from samplan.imports.marked import mark_workbook
from samplan.imports.spec import Choice, Column, Kind, Label, Language, Reference, SheetSpec, Value
from samplan.imports.tables import Row, Table
from samplan.imports.template import write_workbook
from samplan.imports.workbook import read_tables

__all__ = [
    "Book",
    "Cell",
    "Choice",
    "Column",
    "Fault",
    "FaultLog",
    "ImportFaults",
    "Kind",
    "Label",
    "Language",
    "Limits",
    "NumberFormat",
    "Reference",
    "Row",
    "SheetSpec",
    "Table",
    "TableColumn",
    "Text",
    "Value",
    "_",
    "_l",
    "did_you_mean",
    "mark_workbook",
    "read_tables",
    "write_table",
    "write_workbook",
]
