"""Personal API keys: shown once, kept as SHA-256, limited in scope and time.

A key is `smp_` and 32 random bytes in hexadecimal. It works in one tenant, where it may do what both its
scopes and its owner's roles allow at that moment.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from samplan.access.policy import Principal
from samplan.access.service import permissions_of
from samplan.audit.service import record
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import Forbidden, Invalid, NotFound
from samplan.i18n import _
from samplan.identity.models import Account, ApiKey, Membership
from samplan.identity.principal import member_principal

PREFIX = "smp_"
KEY = re.compile(r"smp_[0-9a-f]{64}")
SHOWN = len(PREFIX) + 8  # what is kept in the clear, to tell keys apart
LONGEST_LIFE = timedelta(days=366)
USED_EVERY = timedelta(minutes=1)
LONGEST_NAME = 100


def create_api_key(
    session: TenantSession,
    principal: Principal,
    name: str,
    scopes: Iterable[str],
    *,
    expires_at: datetime,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Create a key for the principal, and return its row and the key itself, which is not kept.

    Raises:
        Invalid: no name or scope, a scope that the principal does not hold, or an expiry that is past or
            more than a year away; with messages for the fields `name`, `scopes` and `expires_at`.
        Forbidden: the principal came with an API key; a key cannot make keys.
    """
    if principal.via_api_key or principal.membership_id is None:
        raise Forbidden(_("An API key can be created only by somebody who has signed in."))
    wanted = sorted(set(scopes))
    if faults := _faults(principal, name, wanted, expires_at, now):
        raise Invalid(_("The key cannot be created like this."), faults)
    key = PREFIX + secrets.token_hex(32)
    row = ApiKey(
        membership_id=principal.membership_id,
        name=name.strip(),
        prefix=key[:SHOWN],
        key_hash=_hashed(key),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    after = {"prefix": row.prefix, "scopes": wanted, "expires_at": expires_at}
    record(session, "api_key.created", "api_key", row.id, after=after)
    return row, key


def revoke_api_key(session: TenantSession, key: ApiKey, *, now: datetime) -> None:
    """Make a key useless for ever; a key that is revoked already stays as it is."""
    if key.revoked_at is not None:
        return
    key.revoked_at = now
    record(session, "api_key.revoked", "api_key", key.id, before={"prefix": key.prefix})


def find_api_key(session: TenantSession, key_id: object) -> ApiKey:
    """Return a key of the session's tenant; raises `NotFound`."""
    key = session.get(ApiKey, (session.tenant_id, key_id))
    if key is None:
        raise NotFound(_("There is no such API key."))
    return key


def authenticate(core: Core, session: TenantSession, key: str) -> Principal | None:
    """Return who comes with `key` to the session's tenant, or None where the key is not good there."""
    if not KEY.fullmatch(key):
        return None
    now = core.clock.now()
    found = session.execute(
        select(ApiKey, Membership)
        .join(
            Membership, (Membership.tenant_id == ApiKey.tenant_id) & (Membership.id == ApiKey.membership_id)
        )
        .where(ApiKey.key_hash == _hashed(key), ApiKey.revoked_at.is_(None), ApiKey.expires_at > now)
        .where(Membership.active)
    ).one_or_none()
    if found is None:
        return None
    row, member = found
    if not _may_sign_in(core, member):
        return None
    _note_use(session, row, now)
    allowed = permissions_of(session, member.id) & core.modules.permissions().keys()
    return member_principal(member, allowed & frozenset(row.scopes), via_api_key=True)


def _may_sign_in(core: Core, member: Membership) -> bool:
    with core.database.system_session() as system:
        query = select(Account.active).where(Account.id == member.account_id)
        return bool(system.scalar(query))


def _note_use(session: TenantSession, key: ApiKey, now: datetime) -> None:
    """Keep when a key was last used, to the minute: not every request need write."""
    if key.last_used_at is None or now - key.last_used_at >= USED_EVERY:
        session.execute(
            update(ApiKey)
            .where(ApiKey.tenant_id == session.tenant_id, ApiKey.id == key.id)
            .values(last_used_at=now)
        )


def _faults(
    principal: Principal, name: str, scopes: list[str], expires_at: datetime, now: datetime
) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        faults["name"] = [_("Give the key a name of at most %(n)s characters.", n=LONGEST_NAME)]
    if not scopes:
        faults["scopes"] = [_("Choose at least one thing that the key may do.")]
    elif foreign := sorted(set(scopes) - principal.permissions):
        faults["scopes"] = [_("You may not do this yourself: %(names)s.", names=", ".join(foreign))]
    if not now < expires_at <= now + LONGEST_LIFE:
        faults["expires_at"] = [_("The key must end within a year from today.")]
    return faults


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
