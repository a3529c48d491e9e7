"""The workbook of suppliers, agreements, prices and zones: one description to write and to read it."""

from __future__ import annotations

from decimal import Decimal

from samplan.plugin_api import Choice, Column, Kind, Label, SheetSpec

CATEGORIES = (
    Choice("physician", Label("Läkare", "Physicians"), ("läkare",)),
    Choice("nurse", Label("Sjuksköterskor", "Nurses"), ("sjuksköterska",)),
    Choice("other", Label("Övriga yrkesgrupper", "Other professions"), ("övriga",)),
)
TIME_CLASSES = (
    Choice("ordinary", Label("Ordinarie tid", "Ordinary hours"), ("ordinarie", "dag")),
    Choice("evening", Label("Kväll", "Evening")),
    Choice("night", Label("Natt", "Night")),
    Choice("weekend", Label("Helg", "Weekend")),
    Choice("holiday", Label("Storhelg", "Public holiday")),
    Choice("on_call", Label("Jour och beredskap", "On call"), ("jour", "beredskap")),
    Choice("overtime", Label("Övertid", "Overtime")),
    Choice("travel", Label("Resa", "Travel")),
)
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
        Column(key="reference", name=Label("Diarienummer", "Reference"), required=True, max_length=60),
        Column(key="name", name=Label("Namn", "Name"), required=True, max_length=200),
        _FROM,
        _TO,
        _SOURCE,
        _CONFIRMED,
    ),
)
PRICES = SheetSpec(
    key="prices",
    name=Label("Priser", "Prices"),
    max_rows=20_000,
    unique=(("agreement", "supplier", "level", "zone", "time_class", "valid_from"),),
    ascending=(("valid_from", "valid_to"),),
    columns=(
        Column(key="agreement", name=Label("Diarienummer", "Reference"), required=True, max_length=60),
        Column(
            key="supplier",
            name=Label("Leverantörens kod", "Supplier's code"),
            max_length=40,
            help=Label("Tom: alla leverantörer i avtalet.", "Empty: all suppliers of the agreement."),
        ),
        Column(
            key="level",
            name=Label("Yrkeskategori", "Professional category"),
            required=True,
            max_length=120,
            help=Label("Som avtalet kallar den.", "As the agreement names it."),
        ),
        Column(
            key="category",
            name=Label("Yrkesgrupp", "Profession"),
            kind=Kind.CHOICE,
            choices=CATEGORIES,
            required=True,
        ),
        _ZONE,
        Column(
            key="time_class",
            name=Label("Tid på dygnet", "Time of day"),
            kind=Kind.CHOICE,
            choices=TIME_CLASSES,
            help=Label("Tom: ordinarie tid.", "Empty: ordinary hours."),
        ),
        Column(
            key="per_hour",
            name=Label("Kronor per timme", "SEK an hour"),
            kind=Kind.DECIMAL,
            required=True,
            minimum=Decimal("0.01"),
            maximum=Decimal(99_999),
            help=Label("Utan moms.", "Without VAT."),
            example="650,00",
        ),
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
        Column(key="agreement", name=Label("Diarienummer", "Reference"), required=True, max_length=60),
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
SHEETS = (SUPPLIERS, AGREEMENTS, PRICES, ZONES)
