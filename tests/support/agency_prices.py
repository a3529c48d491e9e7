"""An agreed price for tests, given in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from samplan_agency.domain.pricing import AgreedPrice


def price(zone: int, per_hour: int, **changes: object) -> AgreedPrice:
    plain = AgreedPrice(
        id=UUID(int=100 + zone),
        agreement="RAM-7",
        agreement_name="Exempelavtalet",
        supplier_id=None,
        level="Sjuksköterska, röntgen",
        zone=zone,
        time_class="ordinary",
        per_hour=Decimal(per_hour),
        valid_from=date(2027, 1, 1),
        valid_to=None,
        source="exempel",
        confirmed=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # fields of the class
