"""Contracts that are split over several wards: what each ward sees of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.models import Contract, ContractShare, Ward


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share as lists show it."""

    id: UUID
    contract_id: UUID
    ward_id: UUID
    ward: str
    work: str
    percentage: Decimal


def shares_of(session: TenantSession, contract_ids: Collection[UUID]) -> dict[UUID, list[ShareLine]]:
    """Return the shares of contracts, by contract, in the order of the wards' names."""
    found: dict[UUID, list[ShareLine]] = defaultdict(list)
    rows = session.execute(
        select(ContractShare, OrgUnit.name, OrgUnit.code)
        .join(Ward, Ward.id == ContractShare.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(ContractShare.contract_id.in_(contract_ids))
        .order_by(OrgUnit.name, ContractShare.work, ContractShare.id)
    )
    for row, name, code in rows:
        found[row.contract_id].append(
            ShareLine(row.id, row.contract_id, row.ward_id, name or code, row.work, row.percentage)
        )
    return found


def percentages(
    session: TenantSession, contracts: Iterable[Contract], ward_id: UUID
) -> Mapping[UUID, Decimal | None]:
    """Return for each split contract what of it is this ward's, None for nothing; others are left out."""
    split: dict[UUID, Decimal | None] = {}
    rows = session.execute(
        select(ContractShare.contract_id, ContractShare.ward_id, ContractShare.percentage).where(
            ContractShare.contract_id.in_([contract.id for contract in contracts])
        )
    )
    for contract_id, of_ward, percentage in rows:
        split.setdefault(contract_id, None)
        if of_ward == ward_id:
            split[contract_id] = (split[contract_id] or Decimal(0)) + percentage
    return split
