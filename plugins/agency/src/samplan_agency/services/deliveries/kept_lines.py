"""Lines of a large file kept from the dry run, so that they are not made once more when it is read in.

They hold as long as the mapping, the accounts, the units and the words of the file are those of the dry run;
else, and where the server has lost them, the file is read again.
"""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import delete, func, select

from samplan.plugin_api import KeptRows, SheetSpec, StagedFile, TenantSession
from samplan_agency.models import Delivery, StagedLine, StagedSum
from samplan_agency.services.deliveries.reading import Reader

_FORM = "2"  # another one makes lines that an older version kept be made again
_COLUMNS = (
    "line_key", "row_number", "wrong", "refused", "kind", "account", "unit", "unit_id", "work_month",
    "booked_month", "worked", "line_category", "level", "sector_id", "supplier", "supplier_name", "zone",
    "time_class", "amount", "hours", "unit_price", "invoice", "order_reference", "consultant", "shift",
    "description",
)  # fmt: skip
ACCRUAL_VOUCHERS = """
SELECT upper(btrim(word))
FROM core.tenant_module m, regexp_split_to_table(m.settings->>'accrual_vouchers', ',') word
WHERE m.module = 'agency' AND btrim(word) <> ''"""
"""The types of voucher by which the region accrues hired staff, in capital letters."""
_KNOWN = f"""
SELECT md5(concat_ws('#',
  (SELECT string_agg(concat_ws('|', code, kind, category, sector_id), ',' ORDER BY code) FROM agency.account),
  (SELECT string_agg(concat_ws('|', code, id), ',' ORDER BY code) FROM core.org_unit),
  (SELECT string_agg(concat_ws('|', code, id), ',' ORDER BY code) FROM core.sector),
  (SELECT string_agg(v.upper, ',' ORDER BY v.upper) FROM ({ACCRUAL_VOUCHERS}) v)))"""


def kept_rows(delivery: Delivery, lacking: Sequence[str]) -> KeptRows:
    """Return how lines of costs are kept; `lacking` are columns that files of this kind do not have."""
    owner = {"tenant_id": f"'{delivery.tenant_id}'", "delivery_id": f"'{delivery.id}'"}
    values = {
        "account": "coalesce(t.account, '')",
        "zone": "t.zone::int",
        "time_class": "coalesce(t.time_class, 'ordinary')",
    }
    columns = {name: values.get(name, f"t.{name}") for name in _COLUMNS if name not in lacking}
    query = (
        "SELECT k.*, s.id AS supplier_id FROM agency.staged_line k"
        f" LEFT JOIN agency.supplier s ON s.code = k.supplier WHERE k.delivery_id = '{delivery.id}'"
    )
    return KeptRows("agency.staged_line", owner | columns, query)


def use_kept(staged: StagedFile, delivery: Delivery, reader: Reader) -> bool:
    """Let `file_rows` be the lines kept from the dry run; False where these do not hold or are not there."""
    mark = delivery.summary.get("kept")
    if not mark or reader.kept is None or mark != mark_of(staged.session, staged.spec, delivery):
        return False
    # Lines and sums are written and deleted together, and an unlogged table is lost whole.
    lines = select(func.sum(StagedSum.lines)).where(StagedSum.delivery_id == delivery.id)
    there = select(StagedLine.row_number).where(StagedLine.delivery_id == delivery.id).limit(1)
    if staged.session.scalar(lines) != delivery.rows or staged.session.scalar(there) is None:
        return False
    staged.use_kept(reader.kept(delivery))
    staged.rows, staged.file.sums = delivery.rows, delivery.summary["sum_rows"]
    return True


def forget_lines(session: TenantSession, delivery: Delivery | None = None) -> None:
    """Delete what is kept of a delivery, or of all that do not wait to be read in."""
    waiting = select(Delivery.id).where(Delivery.state == "checked")
    for kept in (StagedLine, StagedSum):
        gone = delete(kept).where(
            kept.delivery_id == delivery.id if delivery else kept.delivery_id.not_in(waiting)
        )
        session.execute(gone.execution_options(synchronize_session=False))


def mark_of(session: TenantSession, spec: SheetSpec, delivery: Delivery) -> str:
    """Return by what kept lines are told to hold still: the mapping, the accounts, the units, the words."""
    words = [(column.key, [choice.value for choice in column.choices]) for column in spec.columns]
    names = [str(choice) for column in spec.columns for choice in column.choices]
    mapping = json.dumps(delivery.mapping, sort_keys=True)
    known = session.connection().exec_driver_sql(_KNOWN).scalar_one()
    return sha256("\n".join([_FORM, mapping, str(words), *names, known]).encode()).hexdigest()
