"""The invented ledger of a realistic region: three years, 400,000 lines, 40 suppliers, 60 units.

    .venv/bin/python benchmarks/agency_ledger.py ledger.csv --lines 400000 --seed 1

writes it as a CSV file as an economy system would (`;`, decimal comma), with codes for units and suppliers.
`fill` writes it to a tenant instead, as deliveries would have left it. How it is drawn, the late booking
(25/45/17/8/3/2 % in the month of work and the five after), prices by zone and time of day, travel and credit
notes: see `samplan_agency.domain.invented`. The same seed gives the same ledger. Nobody in it exists.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import astuple, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan_agency.domain.invented import InventedLine, Place, Sketch, ledger
from samplan_agency.domain.months import Months
from samplan_agency.models import Supplier
from samplan_agency.services.costs.invented import write_invented

MONTHS = Months(date(2023, 11, 1), date(2026, 10, 1))
SECTORS = ("somatik", "somatik", "somatik", "psykiatri", "primarvard")
DIVISIONS, UNITS, SUPPLIERS = 10, 60, 40


def sketch(lines: int = 400_000, seed: int = 1) -> Sketch:
    """Return what the ledger is drawn from: `lines` of all kinds, own staff on two accounts a profession."""
    chance = random.Random(seed)  # noqa: S311 - invented data
    places = [
        Place(
            f"{4000 + number}",
            SECTORS[number % DIVISIONS % len(SECTORS)],
            chance.choice((1, 2, 2, 3)),
            chance.uniform(0.3, 3),
        )
        for number in range(UNITS)
    ]
    others = len(places) * len(MONTHS) * (2 * 3 + 2)
    suppliers = [f"L{number:02d}" for number in range(1, SUPPLIERS + 1)]
    # Of the lines drawn some are travel or credit, and some would be booked after the last month.
    return Sketch(places, suppliers, MONTHS, max(round((lines - others) * 0.985), 1), str(seed), own_parts=2)


def fill(session: TenantSession, drawn: Sketch) -> None:
    """Write the ledger to a tenant that has no units yet."""
    region = _unit(session, "region", "R", None)
    divisions = [_unit(session, "division", f"D{number}", region) for number in range(DIVISIONS)]
    for number, place in enumerate(drawn.places):
        _unit(session, "clinic", place.code, divisions[number % DIVISIONS])
    session.add_all(Supplier(code=code, name=f"Exempel {code} AB") for code in drawn.suppliers)
    session.flush()
    write_invented(session, "ledger", ledger(drawn))


def _unit(session: TenantSession, kind: str, code: str, parent: UUID | None) -> UUID:
    unit = OrgUnit(kind=kind, code=code, name=f"Exempel {code}", parent_id=parent)
    session.add(unit)
    session.flush()
    return unit.id


def main() -> None:
    """Write the ledger to a file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--lines", type=int, default=400_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with given.file.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([field.name for field in fields(InventedLine)])
        for line in ledger(sketch(given.lines, given.seed)):
            cells = astuple(line)
            writer.writerow(
                [str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in cells]
            )


if __name__ == "__main__":
    main()
