"""Demo data: three divisions that hire staff, accounts, suppliers, three years' ledger, and invoices.

All of it is invented, and marked so. Others' examples stand in `demo_<area>.py` and are called from here.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import chain
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import DemoSeed, OrgUnit, TenantSession
from samplan_agency.demo_calloff import load_call_offs, sites_by_zone
from samplan_agency.demo_control import load_control
from samplan_agency.demo_measures import load_measures
from samplan_agency.demo_plans import load_plans
from samplan_agency.domain.invented import (
    CATEGORIES,
    Place,
    Sketch,
    account_code,
    hired_lines,
    ledger,
    planned_hours,
)
from samplan_agency.domain.invented_shifts import shifts_of
from samplan_agency.domain.months import Months, month_of, plus_months
from samplan_agency.models import Account, Delivery, Supplier
from samplan_agency.services.costs.invented import SOURCE, write_invented

YEARS, LINES = 3, 1300
INVOICED_MONTHS = 4
"""For so many of the last months the shifts that suppliers have invoiced are there too."""
# Code, name, and the units below: code, name, sector, price zone, size.
DIVISIONS = (
    ("ex-somatik", "Division Länssjukvård (exempel)", (
        ("ex-medicin", "Medicinkliniken (exempel)", "somatik", 2, 3.0),
        ("ex-kirurgi", "Kirurgkliniken (exempel)", "somatik", 2, 2.5),
        ("ex-akut", "Akutkliniken (exempel)", "somatik", 1, 2.0),
    )),
    ("ex-psykiatri", "Division Psykiatri (exempel)", (
        ("ex-vuxenpsykiatri", "Vuxenpsykiatrin (exempel)", "psykiatri", 2, 1.6),
        ("ex-bup", "Barn- och ungdomspsykiatrin (exempel)", "psykiatri", 1, 0.8),
    )),
    ("ex-primarvard", "Division Primärvård (exempel)", (
        ("ex-hc-norra", "Hälsocentralen Norra (exempel)", "primarvard", 3, 1.1),
        ("ex-hc-sodra", "Hälsocentralen Södra (exempel)", "primarvard", 2, 1.0),
    )),
)  # fmt: skip
# Code, name, and the invented domain of the address that call-offs go to.
SUPPLIERS = (
    ("L01", "Exempel Vård AB", "exempelvard.example"), ("L02", "Exempel Läkare AB", "exempellakare.example"),
    ("L03", "Påhittad Bemanning AB", "pahittad.example"), ("L04", "Provresurs i Norr AB", "prov.example"),
    ("L05", "Mönster Omvårdnad AB", "monster.example"), ("L06", "Fiktiva Sköterskor AB", "fiktiva.example"),
)  # fmt: skip
_HIRED_NAMES = {"physician": "läkare", "nurse": "sjuksköterskor", "other": "övriga yrkesgrupper"}


def load_demo(seed: DemoSeed) -> None:
    """Fill a demo tenant that has read in nothing yet; each tenant has its own chance."""
    number = seed.random.randrange(1, 1_000_000)
    session = seed.session
    if not seed.tenant.demo or session.scalar(select(Delivery.id).limit(1)) is not None:
        return
    region = session.scalar(select(OrgUnit.id).where(OrgUnit.kind == "region"))
    if region is None:
        return
    _add_units(session, region)
    _add_accounts(session)
    ranks = enumerate(SUPPLIERS, start=1)
    session.add_all(
        Supplier(code=code, name=name, rank=rank, email=f"avrop@{domain}")
        for rank, (code, name, domain) in ranks
    )
    session.flush()
    last = plus_months(month_of(seed.today), -1)
    sketch = sketch_of(Months.rolling(last, 12 * YEARS), LINES, f"demo/{number}")
    write_invented(session, "ledger", ledger(sketch))
    first = plus_months(last, 1 - INVOICED_MONTHS)
    invoiced = (line for line in hired_lines(sketch) if line.work_month >= first)
    write_invented(session, "invoices", chain.from_iterable(map(shifts_of, invoiced)))
    load_measures(session, seed.today)
    load_control(session, seed.tenant.timezone, datetime.combine(seed.today, time(6), UTC))
    load_call_offs(session, seed.tenant.timezone, seed.today)
    load_plans(session, seed.today, f"demo/{number}", planned_hours(sketch))


def sketch_of(months: Months, lines: int, seed: str) -> Sketch:
    """Return what the ledger of the demo's divisions is drawn from."""
    places = [
        Place(code, sector, zone, size) for _, _, units in DIVISIONS for code, _, sector, zone, size in units
    ]
    return Sketch(places, [code for code, *_ in SUPPLIERS], months, lines, seed)


def _add_units(session: TenantSession, region: UUID) -> None:
    known = {unit.code: unit.id for unit in session.scalars(select(OrgUnit))}
    sites = {zone: site.id for site, zone in sites_by_zone(session).values()}

    def ensure(kind: str, code: str, name: str, parent: UUID, zone: int | None = None) -> UUID:
        if code not in known:
            unit = OrgUnit(kind=kind, code=code, name=name, parent_id=parent, source=SOURCE)
            unit.site_id = sites.get(zone or 0)
            session.add(unit)
            session.flush()
            known[code] = unit.id
        return known[code]

    for division, division_name, units in DIVISIONS:
        parent = ensure("division", division, division_name, region)
        for code, name, _sector, zone, _size in units:
            ensure("clinic", code, name, parent, zone)


def _add_accounts(session: TenantSession) -> None:
    rows = [
        Account(
            code=account_code("other_cost", None),
            name="Övriga kostnader (exempel)",
            kind="other_cost",
            cost_type="Övriga kostnader",
        ),
        Account(
            code=account_code("revenue", None),
            name="Intäkter (exempel)",
            kind="revenue",
            cost_type="Intäkter",
        ),
    ]
    for category in CATEGORIES:
        for kind, words in (("own", "Egen personal"), ("hired", "Inhyrd personal")):
            rows.append(
                Account(
                    code=account_code(kind, category),
                    name=f"{words}, {_HIRED_NAMES[category]} (exempel)",
                    kind=kind,
                    cost_type=words,
                    category=category,
                )
            )
    session.add_all(rows)
    session.flush()
