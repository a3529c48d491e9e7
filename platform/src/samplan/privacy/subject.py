"""Whose data are asked for: a member of the tenant, or a reference that a module knows a person by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.identity.models import Membership
from samplan.ids import parse_uuid
from samplan.modules.contributions import SubjectRef

LONGEST_REFERENCE = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """A person in one tenant: what modules are asked for, and the membership, if the person has one."""

    ref: SubjectRef
    membership_id: UUID | None = None

    @property
    def key(self) -> str:
        """What tells this subject from others, for the confirmation of what was shown."""
        return f"{self.membership_id}/{self.ref.account_id}/{self.ref.reference}"


def find_subject(session: TenantSession, member: str, reference: str) -> Subject:
    """Return the subject that a form or a command names.

    Args:
        session: of the tenant.
        member: id of a membership of the tenant, or of its account; may be empty.
        reference: an employment id, or another reference of a module; may be empty.

    Raises:
        Invalid: neither is given, or one is malformed; with messages per field.
        NotFound: the tenant has no such member.
    """
    member, reference = member.strip(), reference.strip()
    if not member and not reference:
        message = _("Choose a member, or fill in an employment id.")
        raise Invalid(message, {"reference": [message]})
    if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        message = _(
            "An employment id has at most %(n)s characters, and no line breaks or control characters.",
            n=LONGEST_REFERENCE,
        )
        raise Invalid(message, {"reference": [message]})
    found = _member(session, member) if member else None
    ref = SubjectRef(found.account_id if found else None, reference or None)
    return Subject(ref, found.id if found else None)


def _member(session: TenantSession, text: str) -> Membership:
    given = parse_uuid(text)
    if given is None:
        message = _("This is not the id of a member.")
        raise Invalid(message, {"member": [message]})
    either = or_(Membership.id == given, Membership.account_id == given)
    member = session.scalar(select(Membership).where(either))
    if member is None:
        # Another tenant's member is not told from one that there is not.
        raise NotFound(_("There is no such member."))
    return member
