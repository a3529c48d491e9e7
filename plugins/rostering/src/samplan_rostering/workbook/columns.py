"""Columns that several sheets of the ward workbook share."""

from __future__ import annotations

from samplan.plugin_api import Choice, Column, Kind, Label, Reference

EMPLOYEE = Column(
    key="employee",
    name=Label("Anställnings-id", "Employee id"),
    required=True,
    refers_to=Reference("employees", "code"),
    help=Label("Ett id från bladet Medarbetare.", "An id from the sheet Employees."),
    example="M01",
)
DATE = Column(key="date", name=Label("Datum", "Date"), kind=Kind.DATE, required=True, example="2027-01-31")
VALID_FROM = Column(
    key="valid_from", name=Label("Från och med", "Valid from"), kind=Kind.DATE, example="2027-01-01"
)
VALID_TO = Column(
    key="valid_to",
    name=Label("Till och med", "Valid to"),
    kind=Kind.DATE,
    help=Label("Sista giltiga dagen. Tom: tills vidare.", "Last valid day. Empty: until further notice."),
)
FIRST = Column(
    key="first", name=Label("Första dag", "First day"), kind=Kind.DATE, required=True, example="2027-01-04"
)
LAST = Column(
    key="last",
    name=Label("Sista dag", "Last day"),
    kind=Kind.DATE,
    required=True,
    help=Label("Dagen räknas med.", "The day is included."),
    example="2027-02-14",
)


def code_column(example: str) -> Column:
    """Return the column of the code that other sheets refer to."""
    return Column(key="code", name=Label("Kod", "Code"), required=True, max_length=40, example=example)


def choice_column(key: str, name: Label, choices: tuple[Choice, ...], about: Label | None = None) -> Column:
    """Return a column in which each row names one of some choices."""
    return Column(
        key=key, name=name, kind=Kind.CHOICE, required=True, choices=choices, help=about or Label("")
    )


def shift_column(*, required: bool, empty: Label | None = None) -> Column:
    """Return the column of a shift; `empty` says what an empty cell means."""
    return Column(
        key="shift",
        name=Label("Pass", "Shift"),
        required=required,
        refers_to=Reference("shift_types", "code"),
        help=empty or Label("En kod från bladet Passtyper.", "A code from the sheet Shift types."),
        example="D",
    )


def duty_column(key: str, name: Label, about: Label) -> Column:
    """Return the column of how much of a shift is on-call duty or standby."""
    return Column(key=key, name=name, kind=Kind.DURATION, minimum=0, maximum=1440, help=about, example="")


def people_columns() -> tuple[Column, ...]:
    """Return the columns that say how many people a shift needs."""
    skill = Column(
        key="skill",
        name=Label("Kompetens", "Skill"),
        refers_to=Reference("skills", "code"),
        help=Label("Tom: alla medarbetare räknas.", "Empty: every employee counts."),
        example="SSK",
    )
    maximum_help = Label("Tom: ingen övre gräns.", "Empty: no upper limit.")
    return (
        shift_column(required=True),
        skill,
        _count("minimum", Label("Minst", "Minimum"), required=True),
        _count("target", Label("Mål", "Target"), required=True),
        _count("maximum", Label("Högst", "Maximum"), required=False, about=maximum_help),
    )


def _count(key: str, name: Label, *, required: bool, about: Label | None = None) -> Column:
    return Column(
        key=key,
        name=name,
        kind=Kind.INTEGER,
        required=required,
        minimum=0,
        maximum=9999,
        help=about or Label(""),
        example="2",
    )
