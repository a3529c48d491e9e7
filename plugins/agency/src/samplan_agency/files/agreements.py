"""The workbook of suppliers, agreements and zones: one description to write and to read it."""

from __future__ import annotations

from samplan.plugin_api import Column, Kind, Label, SheetSpec

_FROM = Column(
    key="valid_from",
    name=Label("Gäller från", "Valid from"),
    kind=Kind.DATE,
    required=True,
    example="2027-01-01",
)
_TO = Column(
    key="valid_to",
    name=Label("Gäller till", "Valid to"),
    kind=Kind.DATE,
    help=Label("Sista dagen. Tom: tills vidare.", "The last day. Empty: until further notice."),
)
_SOURCE = Column(
    key="source",
    name=Label("Källa", "Source"),
    required=True,
    max_length=300,
    help=Label("Var uppgiften står.", "Where it is written."),
)
_CONFIRMED = Column(
    key="confirmed",
    name=Label("Bekräftad", "Confirmed"),
    kind=Kind.YES_NO,
    help=Label("Nej, eller tom: uppgiften är att bekräfta.", "No, or empty: still to be confirmed."),
)
_ZONE = Column(
    key="zone", name=Label("Zon", "Zone"), kind=Kind.INTEGER, required=True, minimum=1, maximum=3, example="2"
)
SUPPLIERS = SheetSpec(
    key="suppliers",
    name=Label("Leverantörer", "Suppliers"),
    max_rows=2000,
    unique=(("code",),),
    columns=(
        Column(
            key="code",
            name=Label("Kod", "Code"),
            required=True,
            max_length=40,
            help=Label("Som i ekonomisystemet.", "As in the economy system."),
        ),
        Column(key="name", name=Label("Namn", "Name"), required=True, max_length=120),
        Column(
            key="organisation_number", name=Label("Organisationsnummer", "Organisation number"), max_length=20
        ),
        Column(key="email", name=Label("E-post för avrop", "E-mail for call-offs"), max_length=200),
        Column(
            key="rank",
            name=Label("Plats i avropsordningen", "Place in the order of call-offs"),
            kind=Kind.INTEGER,
            minimum=1,
            maximum=10_000,
        ),
        Column(
            key="active",
            name=Label("Används", "In use"),
            kind=Kind.YES_NO,
            help=Label("Tom: ja.", "Empty: yes."),
        ),
    ),
)
AGREEMENTS = SheetSpec(
    key="agreements",
    name=Label("Avtal", "Agreements"),
    max_rows=500,
    unique=(("reference",),),
    ascending=(("valid_from", "valid_to"),),
    columns=(
        Column(key="reference", name=Label("Diarienummer", "Diary number"), required=True, max_length=60),
        Column(key="name", name=Label("Namn", "Name"), required=True, max_length=200),
        _FROM,
        _TO,
        _SOURCE,
        _CONFIRMED,
    ),
)
ZONES = SheetSpec(
    key="zones",
    name=Label("Zoner", "Zones"),
    max_rows=2000,
    unique=(("agreement", "municipality_code"),),
    columns=(
        Column(key="agreement", name=Label("Diarienummer", "Diary number"), required=True, max_length=60),
        Column(
            key="municipality_code",
            name=Label("Kommunkod", "Municipality code"),
            required=True,
            max_length=4,
            help=Label("Fyra siffror.", "Four digits."),
            example="2380",
        ),
        Column(key="municipality", name=Label("Kommun", "Municipality"), required=True, max_length=60),
        _ZONE,
    ),
)
SHEETS = (SUPPLIERS, AGREEMENTS, ZONES)
