"""What the pages share that read another system's file in: choose it, map its columns, look, decide.

The file is not kept anywhere meanwhile: it travels in the form, without columns of personal identity numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request
from flask_wtf.file import FileField, FileRequired

from samplan.plugin_api import (
    ColumnMapping,
    FaultLog,
    FieldQuestion,
    ImportFaults,
    Invalid,
    PageForm,
    SavedMapping,
    SheetSpec,
    SourceTable,
    _,
    _l,
    answered_mapping,
    current_session,
    first_mapping,
    language,
    mapping_questions,
    pack_source,
    read_source_table,
    save_mapping,
    saved_mappings,
    today,
    unknown_values,
    unpack_source,
)

LARGEST_FILE = 5_000_000


class FileForm(PageForm):
    """A file of another system."""

    file = FileField(
        _l("File"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A text file (CSV) or a workbook (.xlsx), as the staff or payroll system writes it."),
    )

    def content(self) -> bytes:
        """Return the file that was sent; raises `Invalid` for none and for one that is too large."""
        if not self.validate_on_submit():
            raise Invalid(_("Choose a file."))
        found: bytes = self.file.data.stream.read(LARGEST_FILE + 1)
        if len(found) > LARGEST_FILE:
            limit = LARGEST_FILE // 1_000_000
            self.file.errors = [_("The file is larger than %(limit)s MB.", limit=limit)]
            raise Invalid(self.file.errors[0])
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """How far somebody has come: the file, its mapping, the mapping's name, and the date of changes.

    `known` tells that a saved mapping says all that there is to say.
    """

    spec: SheetSpec
    source: SourceTable
    mapping: ColumnMapping
    name: str
    on: date
    filename: str
    known: bool = False

    def carried(self) -> dict[str, str]:
        """Return the hidden fields for the next step; raises `ImportFaults` for a table that is too large."""
        return {
            "content": pack_source(self.source, FaultLog()),
            "mapping": json.dumps(self.mapping.as_dict(), ensure_ascii=False),
            "name": self.name,
            "on": self.on.isoformat(),
            "filename": self.filename,
        }

    def unanswered(self) -> list[FieldQuestion]:
        """Return the fields with values of which some have no meaning yet."""
        asked = mapping_questions(self.spec, self.source, self.mapping, language())
        return [each for each in asked if any(not value.selected for value in each.values)]

    def save(self, purpose: str) -> SavedMapping | None:
        """Save the mapping if it was given a name; raises `Invalid` for one that is none."""
        return (
            save_mapping(current_session(), purpose, self.spec, self.name, self.mapping)
            if self.name
            else None
        )


class AskAgain(Exception):
    """The mapping that was sent is not whole: `step` is shown again, with what is `wrong` if anything is."""

    def __init__(self, step: Step, wrong: str = "") -> None:
        super().__init__(wrong)
        self.step, self.wrong = step, wrong


def first_step(spec: SheetSpec, purpose: str, content: bytes, filename: str) -> Step:
    """Return the step of a file that was chosen; raises `ImportFaults` for one that cannot be read."""
    source = read_source_table(content, spec, FaultLog())
    saved = first_mapping(current_session(), purpose, spec, source)
    known = bool(saved.version) and not unknown_values(spec, source, saved.mapping)
    step = Step(spec, source, saved.mapping, saved.name, today(), filename[:200], known)
    step.carried()
    return step


def mapped_step(spec: SheetSpec, purpose: str) -> Step:
    """Return the step of a mapping that was sent; raises `AskAgain` where it is not whole."""
    if "mapping" in request.form:
        raise AskAgain(carried_step(spec))
    source = unpack_source(request.form.get("content", ""), spec)
    mapping = answered_mapping(spec, source, request.form)
    step = Step(spec, source, mapping, _sent_name(), today(), request.form.get("filename", "")[:200])
    try:
        step = replace(step, on=date.fromisoformat(request.form.get("on", "")))
    except ValueError:
        raise AskAgain(step, _("Give the date from which changes hold.")) from None
    if any(map(_not_asked, step.unanswered())):
        raise AskAgain(step)
    saved = next(
        (each for each in saved_mappings(current_session(), purpose) if each.name == step.name), None
    )
    return step if saved is None else replace(step, mapping=mapping.over(saved.mapping))


def carried_step(spec: SheetSpec) -> Step:
    """Return the step that hidden fields carry; raises `Invalid` for what they cannot hold."""
    source = unpack_source(request.form.get("content", ""), spec)
    try:
        mapping = ColumnMapping.of(json.loads(request.form.get("mapping", "")))
        on = date.fromisoformat(request.form.get("on", ""))
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
    return Step(spec, source, mapping, _sent_name(), on, request.form.get("filename", "")[:200])


def ask(template: str, step: Step, wrong: str = "", **more: Any) -> str:
    """Return the page that asks which column is which field."""
    carried = step.carried()
    return render_template(
        template,
        step=step,
        source=step.source,
        questions=mapping_questions(step.spec, step.source, step.mapping, language()),
        unknown=step.unanswered(),
        carried={key: carried[key] for key in ("content", "filename")},
        wrong=wrong,
        **more,
    )


def first_fault(faults: ImportFaults) -> str:
    """Return what is wrong with a mapping as a whole."""
    return str(faults.faults[0].message)


def _not_asked(question: FieldQuestion) -> bool:
    """Tell whether the form that was sent did not ask for the values of the column that it chose."""
    return request.form.get(f"raw-{question.key}-0") != question.values[0].raw


def _sent_name() -> str:
    return " ".join(request.form.get("name", "").split())[:100]
