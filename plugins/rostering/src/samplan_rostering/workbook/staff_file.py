"""The fields of a file of employees from a payroll or staff system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec
from samplan_rostering.workbook.choices import ROSTER_TYPES

PURPOSE = "rostering.employees"

_CODE = Column(
    key="code",
    name=Label("Anställnings-id", "Employee id"),
    required=True,
    max_length=40,
    synonyms=(
        "Anställningsnummer",
        "Anst.nr",
        "Anstnr",
        "Anst-id",
        "Anstid",
        "Anställningsid",
        "Employee number",
    ),
    help=Label("Inte personnummer.", "Not a personal identity number."),
)
_NAME = Column(
    key="name",
    name=Label("Namn", "Name"),
    max_length=100,
    synonyms=("Medarbetare", "Anställd", "Fullständigt namn"),
)
_FIRST_NAME = Column(
    key="first_name", name=Label("Förnamn", "First name"), max_length=60, synonyms=("Fnamn", "Tilltalsnamn")
)
_LAST_NAME = Column(
    key="last_name", name=Label("Efternamn", "Last name"), max_length=60, synonyms=("Enamn", "Surname")
)
_PROFESSION = Column(
    key="profession",
    name=Label("Yrke", "Profession"),
    max_length=100,
    synonyms=(
        "Befattning",
        "Befattningsbenämning",
        "Yrkesgrupp",
        "Titel",
        "Yrkeskod",
        "Befattningskod",
        "AID",
        "Etikett",
    ),
)
_UNIT = Column(
    key="unit",
    name=Label("Enhet", "Unit"),
    kind=Kind.CHOICE,
    synonyms=(
        "Kostnadsställe",
        "Kst",
        "Enhetskod",
        "Enhet kod",
        "Avdelning",
        "Orgenhet",
        "Cost centre",
        "Ward",
    ),
    help=Label(
        "Rader för andra enheter läses inte in. Utan kolumn gäller alla rader enheten.",
        "Rows of other units are not read in. Without a column every row is the ward's.",
    ),
)
_CONTRACT = (
    Column(
        key="percentage",
        name=Label("Sysselsättningsgrad (%)", "Percentage"),
        kind=Kind.DECIMAL,
        minimum=1,
        maximum=100,
        synonyms=(
            "Sysselsättningsgrad",
            "Syss.grad",
            "Sysgrad",
            "Syssgrad",
            "Tjänstgöringsgrad",
            "Tj.grad",
            "Grad",
        ),
    ),
    Column(
        key="valid_from",
        name=Label("Anställd från och med", "Contract from"),
        kind=Kind.DATE,
        synonyms=(
            "Från och med",
            "Fr.o.m.",
            "From",
            "Anställd from",
            "Anst.from",
            "Anst.datum",
            "Startdatum",
            "Giltig from",
        ),
    ),
    Column(
        key="valid_to",
        name=Label("Anställd till och med", "Contract to"),
        kind=Kind.DATE,
        synonyms=("Till och med", "T.o.m.", "Tom", "Anställd tom", "Anst.tom", "Slutdatum", "Giltig tom"),
        help=Label("Tom: tills vidare.", "Empty: until further notice."),
    ),
    Column(
        key="roster_type",
        name=Label("Schematyp", "Roster type"),
        kind=Kind.CHOICE,
        choices=ROSTER_TYPES,
        synonyms=("Arbetstidsform", "Arbetstidstyp", "Arbetstid", "ATF"),
        help=Label("För alla: gäller nya medarbetare.", "For all: goes for new employees."),
    ),
    Column(
        key="fulltime_week_minutes",
        name=Label("Heltid per vecka", "Full time per week"),
        kind=Kind.DURATION,
        minimum=60,
        maximum=7 * 24 * 60,
        synonyms=("Heltidsmått", "Veckoarbetstid", "Heltid tim/vecka", "Arbetstid per vecka"),
        help=Label(
            "Som 38:15 eller 38,25. Tom: enligt schematypen.", "Such as 38:15. Empty: by the roster type."
        ),
    ),
)
_SKILLS = Column(
    key="skills",
    name=Label("Kompetens", "Skill"),
    kind=Kind.CHOICE,
    several=True,
    synonyms=("Kompetenser", "Kompetenskod", "Specialitet", "Skills"),
    help=Label("Avdelningens kompetenser.", "The ward's skills."),
)
_SKILL_DATES = (
    Column(
        key="skill_from",
        name=Label("Kompetens från och med", "Skill from"),
        kind=Kind.DATE,
        synonyms=("Kompetens from",),
    ),
    Column(
        key="skill_to",
        name=Label("Kompetens till och med", "Skill to"),
        kind=Kind.DATE,
        synonyms=("Kompetens tom", "Kompetens giltig tom"),
    ),
)


def staff_file(
    professions: Iterable[Choice] = (), skills: Iterable[Choice] = (), units: Iterable[Choice] = ()
) -> SheetSpec:
    """Return the fields, with the region's professions and units and the ward's skills to choose from."""
    return SheetSpec(
        key="staff_file",
        name=Label("Medarbetare", "Employees"),
        max_rows=20_000,
        unique=(("code", "valid_from", "skills"),),
        ascending=(("valid_from", "valid_to"), ("skill_from", "skill_to")),
        columns=(
            _CODE,
            _NAME,
            _FIRST_NAME,
            _LAST_NAME,
            replace(_PROFESSION, choices=tuple(professions)),
            *_CONTRACT,
            replace(_SKILLS, choices=tuple(skills)),
            *_SKILL_DATES,
            replace(_UNIT, choices=tuple(units)),
        ),
    )
