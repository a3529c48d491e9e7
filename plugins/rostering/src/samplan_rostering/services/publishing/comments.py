"""What people say of a roster in consultation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_rostering.domain.publication import State
from samplan_rostering.models import PeriodComment
from samplan_rostering.queries.publishing.publications import get_period, standing_of

LONGEST_TEXT = 2000
SPEAKERS = ("self", "union", "employer")


def add_comment(
    session: TenantSession, period_id: UUID, text: str, speaks_for: str, *, by: UUID, now: datetime
) -> PeriodComment:
    """Keep what somebody says of the roster in consultation.

    Raises `Conflict` while the period is not in consultation, and `Invalid` without a text or with too much.
    """
    now_standing = standing_of(session, get_period(session, period_id))
    if now_standing.state is not State.CONSULTATION or now_standing.roster is None:
        raise Conflict(_("The period is not in consultation."))
    said = text.strip()
    if not 0 < len(said) <= LONGEST_TEXT:
        fault = _("Write a comment of at most %(n)s characters.", n=LONGEST_TEXT)
        raise Invalid(fault, {"text": [fault]})
    if speaks_for not in SPEAKERS:
        fault = _("Say on whose behalf you write.")
        raise Invalid(fault, {"speaks_for": [fault]})
    comment = PeriodComment(
        period_id=period_id,
        roster_id=now_standing.roster.id,
        roster_version=now_standing.roster.version,
        speaks_for=speaks_for,
        text=said,
        at=now,
        by=by,
    )
    session.add(comment)
    session.flush()
    after = {"speaks_for": speaks_for, "text": said}
    record(session, "period.commented", "rostering.period", period_id, after=after, personal=("text",))
    return comment
