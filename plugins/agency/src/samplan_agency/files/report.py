"""A report as a document: headings, text and tables, written as Word file and as tagged PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from samplan.plugin_api import typeset

_TEMPLATE = Path(__file__).parents[1] / "typeset" / "report.typ"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a table; a `numeric` one stands to the right, a `wide` one takes the room that is left."""

    label: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A heading with text below it and, where there are columns, a table of texts."""

    heading: str
    text: tuple[str, ...] = ()
    columns: tuple[ReportColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A document; `language` is sv or en, `author` the region, `foot` stands below every page."""

    title: str
    lead: str
    author: str
    foot: str
    language: str
    sections: tuple[ReportSection, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, which `report_of` reads."""
        return asdict(self)


def report_of(values: Mapping[str, Any]) -> Report:
    """Return the report that was kept as JSON."""
    sections = tuple(
        ReportSection(
            section["heading"],
            tuple(section["text"]),
            tuple(ReportColumn(**column) for column in section["columns"]),
            tuple(tuple(row) for row in section["rows"]),
        )
        for section in values["sections"]
    )
    return Report(**{**values, "sections": sections})


def write_report_pdf(report: Report) -> bytes:
    """Return the report as a tagged PDF (PDF/UA-1)."""
    return typeset(_TEMPLATE, report.plain() | {"lang": report.language, "wide": True})


def write_report_docx(report: Report, created: datetime) -> bytes:
    """Return the report as a Word file: headings as such, heading rows of tables marked, its language set."""
    import docx  # late: a page without a document does not pay for it
    from docx.enum.section import WD_ORIENT

    document = docx.Document()
    _set_language(document, _LANGUAGES[report.language])
    about = document.core_properties
    about.title, about.author, about.language = report.title, report.author, _LANGUAGES[report.language]
    about.created = about.modified = created.replace(tzinfo=None)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    page.footer.paragraphs[0].text = report.foot
    document.add_heading(report.title, level=1)
    document.add_paragraph(report.lead)
    for section in report.sections:
        document.add_heading(_written(section.heading), level=2)
        for line in section.text:
            document.add_paragraph(_written(line))
        if section.columns:
            _add_table(document, section.columns, section.rows)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _written(text: str) -> str:
    """Return a text without the control characters that a Word file cannot hold."""
    return _CONTROL.sub("", text)


def _add_table(document: Any, columns: Sequence[ReportColumn], rows: Sequence[Sequence[str]]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    heading = table.rows[0]
    properties = heading._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no other way to mark it
    properties.append(OxmlElement("w:tblHeader"))
    lines = [[column.label for column in columns], *rows]
    for number, line in enumerate(lines):
        cells = heading.cells if number == 0 else table.add_row().cells
        for cell, column, text in zip(cells, columns, line, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(_written(text)).bold = number == 0
            if column.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _set_language(document: Any, language: str) -> None:
    """Tell what language the text is in, for those who hear it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles["Normal"].element.get_or_add_rPr()
    found = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        found.set(qn(name), language)
    properties.append(found)
