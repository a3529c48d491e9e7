"""Publishing values to a management group: frozen facts, suppressed below the smallest number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from samplan.audit.service import record
from samplan.db.session import GroupSession, TenantSession
from samplan.errors import Conflict, Forbidden, NotFound
from samplan.i18n import _
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.indicators.service import newest_of
from samplan.modules.contributions import IndicatorSpec, Period
from samplan.tenancy.models import GroupMember

_SUPPRESSED = ("value", "numerator", "denominator", "strata", "n")


def publish(
    session: TenantSession,
    group_id: UUID,
    spec: IndicatorSpec,
    period: Period,
    *,
    by: UUID,
    comment: str | None = None,
) -> IndicatorFact:
    """Publish the newest value of a period as a fact of a new version; earlier ones stay as they were.

    A value with fewer observations than the indicator's `min_n` is published as suppressed, without numbers.
    Raises `NotFound` without a value, `Forbidden` for who is no member, and `Conflict` when the indicator
    has a smallest number and it is not known how many observations are behind the value.
    """
    row = newest_of(session, spec.name, period)
    _check(session, group_id, spec, row)
    suppressed = row.n is not None and row.n < spec.min_n
    fact = IndicatorFact(
        group_id=group_id,
        tenant_id=session.tenant_id,
        indicator=spec.name,
        period_start=period.start,
        period_end=period.end,
        version=_next_version(session, group_id, spec.name, period),
        min_n=spec.min_n,
        suppressed=suppressed,
        provisional=row.provisional,
        comment=comment,
        source=row.source,
        method_version=row.method_version,
        published_by=by,
        **{name: None if suppressed else getattr(row, name) for name in _SUPPRESSED},
    )
    session.add(fact)
    session.flush()
    told = {**_named(fact), "suppressed": suppressed, "method_version": fact.method_version}
    record(session, "indicator.published", "indicator", spec.name, after=told)
    return fact


def _check(session: TenantSession, group_id: UUID, spec: IndicatorSpec, row: IndicatorValueRow) -> None:
    own = GroupMember.tenant_id == session.tenant_id
    if session.scalar(select(GroupMember).where(GroupMember.group_id == group_id, own)) is None:
        raise Forbidden(_("Only members publish to the group."))
    if row.n is None and spec.min_n > 0 and row.value is not None:
        raise Conflict(_("It is not known how many observations are behind the value."))


def withdraw(session: TenantSession, fact: IndicatorFact, *, by: UUID, now: datetime) -> None:
    """Withdraw one's own fact: it stays, marked; raises `Forbidden` for another's, `Conflict` when done."""
    if fact.tenant_id != session.tenant_id:
        raise Forbidden(_("Only who published a value can withdraw it."))
    if fact.withdrawn_at is not None:
        raise Conflict(_("The value has been withdrawn already."))
    fact.withdrawn_at, fact.withdrawn_by = now, by
    session.flush()
    record(session, "indicator.withdrawn", "indicator", fact.indicator, after=_named(fact))


def facts(
    session: TenantSession | GroupSession,
    group_id: UUID,
    *,
    indicator: str | None = None,
    seen_at: datetime | None = None,
) -> Sequence[IndicatorFact]:
    """Return what counts: of each member and period the newest version, unless that is withdrawn.

    Args:
        session: of the group, or of a tenant, which sees its own facts only.
        group_id: the group that they were published to.
        indicator: just this one.
        seen_at: as it was at that moment, None for now.
    """
    statement = select(IndicatorFact).where(IndicatorFact.group_id == group_id)
    if indicator is not None:
        statement = statement.where(IndicatorFact.indicator == indicator)
    if seen_at is not None:
        statement = statement.where(IndicatorFact.published_at <= seen_at)
    key = (
        IndicatorFact.indicator,
        IndicatorFact.period_start,
        IndicatorFact.period_end,
        IndicatorFact.tenant_id,
    )
    newest = session.scalars(statement.ext(distinct_on(*key)).order_by(*key, IndicatorFact.version.desc()))
    return [fact for fact in newest if not _is_withdrawn(fact, seen_at)]


def _is_withdrawn(fact: IndicatorFact, seen_at: datetime | None) -> bool:
    return fact.withdrawn_at is not None and (seen_at is None or fact.withdrawn_at <= seen_at)


def find_fact(
    session: TenantSession, group_id: UUID, name: str, period: Period, version: int
) -> IndicatorFact:
    """Return the tenant's own fact; raises `NotFound`."""
    fact = session.get(IndicatorFact, (group_id, session.tenant_id, name, period.start, period.end, version))
    if fact is None:
        raise NotFound(_("There is no such published value."))
    return fact


def _next_version(session: TenantSession, group_id: UUID, name: str, period: Period) -> int:
    newest = session.scalar(
        select(func.max(IndicatorFact.version)).where(
            IndicatorFact.group_id == group_id,
            IndicatorFact.tenant_id == session.tenant_id,
            IndicatorFact.indicator == name,
            IndicatorFact.period_start == period.start,
            IndicatorFact.period_end == period.end,
        )
    )
    return (newest or 0) + 1


def _named(fact: IndicatorFact) -> dict[str, object]:
    return {
        "group_id": fact.group_id,
        "period_start": fact.period_start,
        "period_end": fact.period_end,
        "version": fact.version,
    }
