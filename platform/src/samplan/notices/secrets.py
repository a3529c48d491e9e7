"""Signing secrets of endpoints: derived when they are needed, and kept nowhere.

A secret is an HMAC of the endpoint's ids and a random salt under the deployment's key. Who has the database
alone has no secret, and who has the key alone neither. Another salt is another secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from samplan.errors import Conflict
from samplan.i18n import _
from samplan.settings import Settings

PREFIX = "whsec_"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret as it is shown once, and what is kept of it."""

    text: str
    salt: bytes
    check: bytes


def new_secret(settings: Settings, tenant_id: UUID, endpoint_id: UUID) -> NewSecret:
    """Return another secret for an endpoint; raises `Conflict` where the deployment has no key."""
    if not settings.webhook_key:
        raise Conflict(_("Webhooks are not set up for this service. Ask who runs it."))
    salt = os.urandom(SALT_BYTES)
    text = secret_text(settings, tenant_id, endpoint_id, salt)
    return NewSecret(text, salt, secret_check(text))


def secret_text(settings: Settings, tenant_id: UUID, endpoint_id: UUID, salt: bytes) -> str:
    """Return an endpoint's secret as the Standard Webhooks write it."""
    told = b"samplan webhook\0" + tenant_id.bytes + endpoint_id.bytes + salt
    key = hmac.new(settings.webhook_key.encode(), told, hashlib.sha256).digest()
    return PREFIX + base64.b64encode(key).decode()


def secret_check(text: str) -> bytes:
    """Return what tells whether a derived secret is the one that was shown; it gives nothing away of it."""
    return hashlib.sha256(b"samplan webhook check\0" + text.encode()).digest()
