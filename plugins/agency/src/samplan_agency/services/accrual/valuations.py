"""Keeping valuations, and the accounts that they are booked on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record, take_turn
from samplan_agency.models import (
    CATEGORIES,
    JournalTemplate,
    Valuation,
    ValuationPart,
    ValuationRow,
)
from samplan_agency.queries.accrual.valuations import journal_template
from samplan_agency.queries.accrual.valuing import Proposal
from samplan_agency.services.numbers import next_number

LONGEST_CODE = 20


def keep_valuation(
    session: TenantSession,
    proposal: Proposal,
    *,
    by: UUID | None,
    now: datetime,
    seen: Decimal | None = None,
    proposed: bool = False,
) -> Valuation:
    """Keep a valuation as it is now, and return it.

    `seen` is the total that was shown. Raises `Conflict` where what is known has changed since.
    """
    valued = proposal.valued
    if seen is not None and seen != valued.total.mean:
        raise Conflict(
            _("What the valuation rests on has changed since the page was shown. This is how it is now.")
        )
    row = _head(session, proposal)
    row.kept_by, row.kept_at, row.proposed = by, now, proposed
    session.add(row)
    session.flush()
    _add_rows(session, row.id, proposal)
    session.flush()
    after = {"number": row.number, "booked_to": row.booked_to.isoformat(), "method": row.method}
    record(
        session, "valuation.kept", "agency.valuation", row.id, after={**after, "reserve": str(row.reserve)}
    )
    return row


def _add_rows(session: TenantSession, valuation_id: UUID, proposal: Proposal) -> None:
    for found in proposal.valued.rows:
        session.add(
            ValuationRow(
                valuation_id=valuation_id,
                work_month=found.month,
                reported=found.reported,
                expected=found.expected,
                reserve=found.reserve.mean,
                error=found.reserve.error,
                p10=found.reserve.p10,
                p50=found.reserve.p50,
                p90=found.reserve.p90,
                reported_share=found.reported_share,
            )
        )
    for part in proposal.parts:
        unit_id, category, sector_id = part.place
        session.add(
            ValuationPart(
                valuation_id=valuation_id,
                work_month=part.work_month,
                unit_id=unit_id,
                category=category,
                sector_id=sector_id,
                amount=part.amount,
            )
        )


def _head(session: TenantSession, proposal: Proposal) -> Valuation:
    wanted, valued = proposal.wanted, proposal.valued
    notes = [valued.because, *([valued.instead] if valued.instead else [])]
    return Valuation(
        number=next_number(session, Valuation.number),
        booked_to=wanted.booked_to,
        source=wanted.source,
        method=valued.method,
        params={
            **wanted.as_json(),
            "hours_used": proposal.expected.source,
            "groups": [group.as_json() for group in valued.groups],
        },
        notes=[str(note) for note in notes],
        deliveries=[vintage.as_json() for vintage in proposal.vintages],
        reported=sum((found.reported for found in valued.rows), Decimal(0)),
        reserve=valued.total.mean,
        error=valued.total.error,
        p10=valued.total.p10,
        p50=valued.total.p50,
        p90=valued.total.p90,
    )


def save_journal_template(
    session: TenantSession,
    accounts: Mapping[str, str],
    counter_account: str,
    cost_centre: str,
    *,
    version: int,
    now: datetime,
) -> JournalTemplate:
    """Choose the accounts that valuations are booked on.

    Raises `Invalid` for a missing account and `Conflict` where somebody has changed them since.
    """
    given = {**accounts, "counter_account": counter_account, "cost_centre": cost_centre}
    wrong = {
        name: [_("Fill this in, with at most %(most)s characters.", most=LONGEST_CODE)]
        for name in (*CATEGORIES, "counter_account", "cost_centre")
        if not 0 < len(given.get(name, "").strip()) <= LONGEST_CODE
    }
    if wrong:
        raise Invalid(_("Accounts are missing."), wrong)
    take_turn(session, "agency.journal_template")
    row = journal_template(session)
    if (row.version if row else 0) != version:
        raise Conflict(_("Somebody else has changed the accounts since. These are the newest."))
    if row is None:
        row = JournalTemplate(version=0)
        session.add(row)
    row.accounts = {name: accounts[name].strip() for name in CATEGORIES}
    row.counter_account, row.cost_centre = counter_account.strip(), cost_centre.strip()
    row.version, row.updated_at = row.version + 1, now
    session.flush()
    after = {**row.accounts, "counter_account": row.counter_account, "cost_centre": row.cost_centre}
    record(session, "journal_template.saved", "agency.journal_template", row.id, after=after)
    return row
