"""Lines of a large file kept from the dry run, so that they are not made once more when it is read in.

They hold as long as the mapping, the accounts, the units and the words of the file are those of the dry run;
else, and where the server has lost them, the file is read again.
"""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

import json
from hashlib import sha256

from sqlalchemy import delete, select

from samplan.plugin_api import SheetSpec, StagedFile, TenantSession
from samplan_agency.models import Delivery, StagedLine, StagedSum

LEAST = 20_000
"""Files of fewer rows are soon read again."""
_FORM = "1"  # another one makes lines that an older version kept be made again
_COLUMNS = (
    "line_key", "row_number", "kind", "account", "unit", "unit_id", "work_month", "booked_month", "worked",
    "line_category", "level", "sector_id", "supplier", "supplier_name", "zone", "time_class", "amount",
    "hours", "unit_price", "invoice", "order_reference", "consultant", "shift", "description",
)  # fmt: skip
ROUNDED = {name: f"round(t.{name}, 2)" for name in ("amount", "hours", "unit_price")}
LINE_ID = "(:begin || lpad(to_hex(t.row_number), 12, '0'))::uuid"
"""The delivery's own id, which begins with its time, ends with the row: in order, nothing drawn for it."""
_SUPPLIERS = """
SELECT k.supplier, max(k.supplier_name), s.id IS NOT NULL, sum(k.lines) FROM agency.staged_sum k
LEFT JOIN agency.supplier s ON s.code = k.supplier WHERE k.delivery_id = :delivery GROUP BY 1, 3 ORDER BY 1"""
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


def keep_lines(staged: StagedFile, delivery: Delivery, lacking: tuple[str, ...]) -> str:
    """Keep the typed rows of a file without faults; return by what they can be told to hold still.

    `lacking` are columns that files of this kind do not have. Empty for a small file: nothing is kept.
    """
    forget_lines(staged.session, delivery)
    if staged.rows < LEAST:
        return ""
    names = [name for name in _COLUMNS if name not in lacking]
    values = ", ".join(ROUNDED.get(name, f"t.{name}") for name in names)
    staged.execute(
        f"INSERT INTO agency.staged_line (tenant_id, id, delivery_id, {', '.join(names)})"
        f" SELECT :tenant, {LINE_ID}, :delivery, {values} FROM file_rows t",
        **line_ids(delivery),
    )
    return _mark(staged.session, staged.spec, delivery)


def line_ids(delivery: Delivery) -> dict[str, object]:
    """Return the parameters of statements that make lines of a delivery."""
    return {"tenant": delivery.tenant_id, "delivery": delivery.id, "begin": str(delivery.id)[:24]}


def use_kept(staged: StagedFile, delivery: Delivery) -> bool:
    """Let `file_rows` be the lines kept from the dry run; False where these do not hold or are not there.

    It is a view, to be dropped (`end_kept`) before the transaction ends.
    """
    kept = delivery.summary.get("kept")
    if not kept or kept != _mark(staged.session, staged.spec, delivery):
        return False
    # Lines and sums are written and deleted together, and an unlogged table is lost whole.
    suppliers = staged.execute(_SUPPLIERS, delivery=delivery.id).all()
    there = select(StagedLine.id).where(StagedLine.delivery_id == delivery.id).limit(1)
    whole = sum(lines for *_supplier, lines in suppliers) == delivery.rows
    if not whole or staged.session.scalar(there) is None:
        return False
    staged.execute("DROP TABLE IF EXISTS file_rows")
    staged.execute(
        "CREATE TEMP VIEW file_rows AS SELECT k.*, s.id AS supplier_id FROM agency.staged_line k"
        f" LEFT JOIN agency.supplier s ON s.code = k.supplier WHERE k.delivery_id = '{delivery.id}'"
    )
    staged.execute("SET LOCAL work_mem = '64MB'")
    staged.execute("SET LOCAL jit = off")
    staged.notes["unknown"] = [(code, name) for code, name, known, _count in suppliers if code and not known]
    staged.rows, staged.file.sums = delivery.rows, delivery.summary["sum_rows"]
    staged.notes["kept"] = True
    return True


def execute_by_hash(staged: StagedFile, statement: str, **params: object) -> None:
    """Run SQL that joins all lines of a file with a small one; PostgreSQL cannot know that they are many."""
    staged.execute("SET LOCAL enable_nestloop = off")
    staged.execute(statement, **params)
    staged.execute("SET LOCAL enable_nestloop = on")


def end_kept(staged: StagedFile) -> None:
    """Let `file_rows` be free again."""
    staged.execute("DROP VIEW file_rows")


def forget_lines(session: TenantSession, delivery: Delivery | None = None) -> None:
    """Delete what is kept of a delivery, or of all that do not wait to be read in."""
    waiting = select(Delivery.id).where(Delivery.state == "checked")
    for kept in (StagedLine, StagedSum):
        gone = delete(kept).where(
            kept.delivery_id == delivery.id if delivery else kept.delivery_id.not_in(waiting)
        )
        session.execute(gone.execution_options(synchronize_session=False))


def _mark(session: TenantSession, spec: SheetSpec, delivery: Delivery) -> str:
    words = [(column.key, [choice.value for choice in column.choices]) for column in spec.columns]
    names = [str(choice) for column in spec.columns for choice in column.choices]
    mapping = json.dumps(delivery.mapping, sort_keys=True)
    known = session.connection().exec_driver_sql(_KNOWN).scalar_one()
    return sha256("\n".join([_FORM, mapping, str(words), *names, known]).encode()).hexdigest()
