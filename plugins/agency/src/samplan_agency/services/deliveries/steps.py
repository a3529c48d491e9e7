"""Deliveries: a file is kept, its columns are mapped, it is checked, and then it is read in or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import (
    ColumnMapping,
    Conflict,
    FaultLog,
    ImportFaults,
    Invalid,
    LargeFile,
    NotFound,
    SavedMapping,
    StagedFile,
    TenantSession,
    _,
    first_mapping,
    holds_identity_number,
    pack_file,
    record,
    save_mapping,
    stage_file,
    unknown_values,
)
from samplan_agency.domain.months import month_of
from samplan_agency.models import Delivery
from samplan_agency.queries.deliveries import mapping_before
from samplan_agency.queries.rows import get_row
from samplan_agency.services.deliveries.kept_lines import forget_lines, mark_of, use_kept
from samplan_agency.services.deliveries.readers import reader_of
from samplan_agency.services.deliveries.reading import Change, Counts, Reader, Sum
from samplan_agency.services.numbers import next_number

_OBJECT = "agency.delivery"
OPEN = ("waiting", "checked", "refused")
Tell = Callable[[int], None]
_MOST_CHANGES, _MOST_SUMS = 200, 2000


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a file with it: its kind, the system that wrote it, and the months that it holds.

    With `whole_months` what the file lacks of these months is no longer in force.
    """

    kind: str
    source: str
    filename: str
    first: date | None = None
    last: date | None = None
    whole_months: bool = False


def deliver(session: TenantSession, said: Said, file: BinaryIO) -> Delivery:
    """Keep a file and return its delivery, which waits for its columns to be mapped.

    Raises:
        ImportFaults: the file cannot be read.
        Invalid: the months are none, or the names hold a personal identity number.
    """
    if said.first and said.last and said.last < said.first:
        message = _("The last month is before the first.")
        raise Invalid(message, {"last": [message]})
    message = _("Personal identity numbers may not be used here.")
    named = {"source": said.source, "file": said.filename}
    if wrong := {name: [message] for name, text in named.items() if holds_identity_number(text)}:
        raise Invalid(message, wrong)
    packed = pack_file(file, reader_of(said.kind).spec(session), FaultLog())
    delivery = Delivery(
        number=next_number(session, Delivery.number),
        kind=said.kind,
        source=said.source,
        filename=said.filename[:200],
        sha256=packed.sha256,
        content=packed.content,
        whole_months=said.whole_months,
        first_month=said.first and month_of(said.first),
        last_month=said.last and month_of(said.last),
        mapping={
            "said_first": said.first and month_of(said.first).isoformat(),
            "said_last": said.last and month_of(said.last).isoformat(),
            "refused": [packed.sample.headings[place - 1] for place in sorted(packed.sample.refused)],
        },
    )
    session.add(delivery)
    session.flush()
    after = {"number": delivery.number, "kind": said.kind, "filename": delivery.filename}
    record(session, "delivery.made", _OBJECT, delivery.id, after=after)
    return delivery


def get_delivery(session: TenantSession, delivery_id: UUID, *, lock: bool = False) -> Delivery:
    """Return a delivery, with `lock` when nobody else changes it; raises `NotFound`."""
    return get_row(session, Delivery, delivery_id, _("There is no such delivered file."), lock=lock)


def take_delivery(session: TenantSession, delivery_id: UUID) -> Delivery:
    """Return a delivery, locked; raises `NotFound`, and `Conflict` while it is being worked on.

    Who reads it in has it for as long as that takes: too long to wait for.
    """
    wanted = select(Delivery).where(Delivery.id == delivery_id)
    found = session.scalar(wanted.with_for_update(skip_locked=True))
    if found is None:
        get_delivery(session, delivery_id)
        raise Conflict(_("The file is being looked through or read in just now. Wait until that is done."))
    return found


def expect_open(delivery: Delivery) -> None:
    """Raise `Conflict` for a delivery that has been read in or left aside."""
    if delivery.state not in OPEN:
        raise Conflict(_("The delivery has been read in or cancelled already."))


def opened(session: TenantSession, delivery: Delivery) -> LargeFile:
    """Return the kept file of a delivery; raises `NotFound` where it was not kept."""
    if not is_kept(session, delivery):
        raise NotFound(_("The file of this delivery is not kept."))
    return LargeFile(lambda: delivery.content or b"", reader_of(delivery.kind).spec(session))


def is_kept(session: TenantSession, delivery: Delivery) -> bool:
    """Tell whether a delivery's file is kept, without fetching it."""
    return bool(session.scalar(select(Delivery.content.is_not(None)).where(Delivery.id == delivery.id)))


def proposed_mapping(
    session: TenantSession, delivery: Delivery, file: LargeFile
) -> tuple[SavedMapping, bool]:
    """Return the mapping to begin with, and whether it is a saved one that says all there is to say."""
    reader = reader_of(delivery.kind)
    spec = reader.spec(session)
    if delivery.mapping.get("columns"):
        mapping = ColumnMapping.of(delivery.mapping)
        return SavedMapping(delivery.mapping_name, delivery.mapping_version, mapping), False
    saved = first_mapping(session, reader.purpose, spec, file.source)
    if not saved.version and (before := mapping_before(session, delivery, file.source)) is not None:
        return SavedMapping("", 0, before), False
    wider = saved.mapping.with_new(spec, file.source) if saved.version else saved.mapping
    if wider is not saved.mapping:  # nobody has said yet what the new columns are
        return SavedMapping(saved.name, saved.version, wider), False
    return saved, bool(saved.version) and not unknown_values(spec, file.source, saved.mapping)


def set_mapping(session: TenantSession, delivery: Delivery, mapping: ColumnMapping, name: str = "") -> None:
    """Say which column is what; with a name the mapping is saved for the next file too.

    Raises:
        Conflict: the delivery has been read in or cancelled.
        Invalid: the name or the mapping is none.
    """
    expect_open(delivery)
    reader = reader_of(delivery.kind)
    if name:
        saved = save_mapping(session, reader.purpose, reader.spec(session), name, mapping)
        delivery.mapping_name, delivery.mapping_version = saved.name, saved.version
    else:
        delivery.mapping_name, delivery.mapping_version = "", 0
    delivery.mapping = {**delivery.mapping, **mapping.as_dict()}
    delivery.state, delivery.faults, delivery.fault_count, delivery.summary = "waiting", [], 0, {}
    session.flush()


def check_delivery(session: TenantSession, delivery: Delivery, tell: Tell | None = None) -> None:
    """Look through a delivery without reading it in: its faults, and what it would change.

    A file in which a personal identity number was found is not kept.
    """
    expect_open(delivery)
    reader, counts, kept = reader_of(delivery.kind), Counts(), ""
    staged = _staged(session, delivery, FaultLog())
    begun = session.begin_nested()
    try:
        _make_rows(staged, delivery, reader, tell, look=True)
        reader.check(staged, delivery)
        counts = reader.count(staged, delivery)
    except ImportFaults:
        pass  # the log has them
    staged.close()
    if staged.log.total:
        begun.rollback()
    else:
        begun.commit()
        kept = mark_of(session, staged.spec, delivery) if reader.kept else ""
    _note(delivery, staged, counts, kept)
    after = {"number": delivery.number, "state": delivery.state, "faults": delivery.fault_count}
    record(session, "delivery.checked", _OBJECT, delivery.id, after=after)
    session.flush()


def read_delivery(
    session: TenantSession, delivery: Delivery, now: datetime, tell: Tell | None = None
) -> bool:
    """Read a checked delivery in, whole; False where faults came up since: then nothing is changed."""
    if delivery.state != "checked":
        raise Conflict(_("Only a delivery that is checked and without faults can be read in."))
    reader = reader_of(delivery.kind)
    staged = _staged(session, delivery, FaultLog())
    staged.plain, delivery.read_at = bool(delivery.summary.get("plain")), now
    if not use_kept(staged, delivery, reader) and not _make_again(staged, delivery, reader, tell):
        _note(delivery, staged, Counts())
        delivery.read_at = None
        session.flush()
        return False
    counts = reader.read(staged, delivery)
    staged.close()
    _note(delivery, staged, counts)
    delivery.state = "read"
    after = {name: getattr(delivery, name) for name in ("number", "rows", "added", "replaced", "removed")}
    record(session, "delivery.read", _OBJECT, delivery.id, after=after)
    session.flush()
    return True


def _make_again(staged: StagedFile, delivery: Delivery, reader: Reader, tell: Tell | None) -> bool:
    """Make the typed rows of a file once more; False where faults came up since: then nothing is changed."""
    begun = staged.session.begin_nested()
    _make_rows(staged, delivery, reader, tell, look=False)
    if staged.log.total:
        staged.close()
        begun.rollback()
        return False
    if reader.kept is not None:
        reader.count(staged, delivery)
    begun.commit()
    return True


def _make_rows(
    staged: StagedFile, delivery: Delivery, reader: Reader, tell: Tell | None, *, look: bool
) -> None:
    shape = reader.shape(frozenset({*staged.mapping.columns, *staged.mapping.constants}))
    if reader.kept is not None:
        forget_lines(staged.session, delivery)
        shape = replace(shape, kept=reader.kept(delivery))
    stage_file(staged, shape, reader.refusals(staged, delivery), look=look, tell=tell)


def cancel_delivery(session: TenantSession, delivery: Delivery) -> None:
    """Leave a delivery aside; raises `Conflict` for one that has been read in."""
    expect_open(delivery)
    delivery.state = "cancelled"
    record(session, "delivery.cancelled", _OBJECT, delivery.id, after={"number": delivery.number})
    session.flush()


def _staged(session: TenantSession, delivery: Delivery, log: FaultLog) -> StagedFile:
    spec = reader_of(delivery.kind).spec(session)
    return StagedFile(session, spec, opened(session, delivery), ColumnMapping.of(delivery.mapping), log)


def _note(delivery: Delivery, staged: StagedFile, counts: Counts, kept: str = "") -> None:
    found = staged.log.found()
    delivery.faults = [fault.packed() for fault in found.faults] if found else []
    delivery.fault_count = staged.log.total
    delivery.state = "refused" if found else "checked"
    delivery.rows = staged.rows
    for name in ("added", "replaced", "removed", "unchanged", "amount"):
        setattr(delivery, name, getattr(counts, name))
    delivery.first_month = counts.first_month or delivery.first_month
    delivery.last_month = counts.last_month or delivery.last_month
    delivery.summary = {
        "sums": [_sum_json(each) for each in counts.sums[:_MOST_SUMS]],
        "plain": staged.plain,
        "sum_rows": staged.file.sums,
        "kept": kept,
        "unknown_units": list(counts.unknown_units),
        "new_suppliers": list(counts.new_suppliers),
        "changes": [_change_json(each) for each in counts.changes[:_MOST_CHANGES]],
        "ahead": counts.ahead and counts.ahead.packed(),
        "accrued": counts.accrued,
    }
    if staged.identities:
        delivery.content = None


def _change_json(change: Change) -> Mapping[str, Any]:
    after = None if change.after is None else str(change.after)
    return {"name": change.name, "before": str(change.before), "after": after}


def _sum_json(found: Sum) -> Mapping[str, Any]:
    return {
        "name": found.name,
        "month": found.month and found.month.isoformat(),
        "rows": found.rows,
        "amount": None if found.amount is None else str(found.amount),
        "hours": None if found.hours is None else str(found.hours),
    }
