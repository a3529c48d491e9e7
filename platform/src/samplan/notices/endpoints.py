"""Endpoints of other systems: added, changed, given another secret, switched on and off, tried, removed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Invalid, NotFound
from samplan.i18n import _
from samplan.ids import new_id
from samplan.notices.declarations import TRIAL
from samplan.notices.guard import check_url
from samplan.notices.models import WebhookDelivery, WebhookEndpoint
from samplan.notices.secrets import new_secret
from samplan.notices.service import add_event
from samplan.settings import Settings

LONGEST_NAME = 100
MOST_ENDPOINTS = 20
BOTH_SIGN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint is to be: a name, an address, and which events it is called about."""

    name: str
    url: str
    events: Collection[str]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A tenant's endpoints: where they are kept, what the deployment allows, and which events there are."""

    session: TenantSession
    settings: Settings
    offered: frozenset[str]

    def add(self, wanted: Wanted) -> tuple[WebhookEndpoint, str]:
        """Add an endpoint, and return it with its secret, which is shown once.

        Raises:
            Invalid: no name, an address that may not be called, or an unknown event.
            Conflict: webhooks are not set up, or the name is taken.
        """
        wanted = self._checked(wanted)
        if (self.session.scalar(select(func.count()).select_from(WebhookEndpoint)) or 0) >= MOST_ENDPOINTS:
            raise Conflict(_("There are %(n)s webhooks already. Remove one first.", n=MOST_ENDPOINTS))
        self._expect_free(wanted.name, None)
        key = new_id()
        secret = new_secret(self.settings, self.session.tenant_id, key)
        row = WebhookEndpoint(
            id=key,
            name=wanted.name,
            url=wanted.url,
            events=sorted(wanted.events),
            active=True,
            version=1,
            salt=secret.salt,
            secret_check=secret.check,
            disabled_reason="",
        )
        self.session.add(row)
        self.session.flush()
        record(self.session, "webhook.added", "webhook", row.id, after=_told(row))
        return row, secret.text

    def change(self, endpoint_id: UUID, wanted: Wanted, *, version: int) -> WebhookEndpoint:
        """Change an endpoint that is as it was seen; raises as `add`, and `NotFound`."""
        wanted, row = self._checked(wanted), self._locked(endpoint_id, version)
        self._expect_free(wanted.name, row.id)
        before = _told(row)
        row.name, row.url, row.events = wanted.name, wanted.url, sorted(wanted.events)
        self._changed(row, "webhook.changed", before)
        return row

    def rotate(self, endpoint_id: UUID, *, version: int, now: datetime) -> tuple[WebhookEndpoint, str]:
        """Give an endpoint another secret, and return it; the former one signs too for a day."""
        row = self._locked(endpoint_id, version)
        secret = new_secret(self.settings, self.session.tenant_id, row.id)
        row.former_salt, row.former_until = row.salt, now + BOTH_SIGN_FOR
        row.salt, row.secret_check = secret.salt, secret.check
        self._changed(row, "webhook.rotated")
        return row, secret.text

    def switch(self, endpoint_id: UUID, *, active: bool, version: int, now: datetime) -> WebhookEndpoint:
        """Switch an endpoint on or off; what waited for it is tried at once when it is on again."""
        row = self._locked(endpoint_id, version)
        row.active, row.disabled_reason, row.failing_since = active, "" if active else "by_hand", None
        if active:
            waiting = select(WebhookDelivery).where(
                WebhookDelivery.endpoint_id == row.id, WebhookDelivery.status == "queued"
            )
            for delivery in self.session.scalars(waiting):
                delivery.next_try_at = now
        self._changed(row, "webhook.switched_on" if active else "webhook.switched_off")
        return row

    def remove(self, endpoint_id: UUID, *, version: int) -> None:
        """Remove an endpoint with its log."""
        row = self._locked(endpoint_id, version)
        record(self.session, "webhook.removed", "webhook", row.id, before=_told(row))
        self.session.delete(row)
        self.session.flush()

    def try_out(self, endpoint_id: UUID, now: datetime) -> None:
        """Call an endpoint about nothing, also one that is switched off, to see whether it answers."""
        row = find_endpoint(self.session, endpoint_id)
        event = add_event(self.session, TRIAL, {"endpoint_id": row.id}, now)
        self.session.add(WebhookDelivery(endpoint_id=row.id, event_id=event.id, next_try_at=now))
        record(self.session, "webhook.tried", "webhook", row.id)
        self.session.flush()

    def resend(self, endpoint_id: UUID, delivery_id: UUID, now: datetime) -> None:
        """Deliver an event once more, under its id; raises `NotFound`, and `Conflict` while it waits."""
        row = self.session.get(
            WebhookDelivery,
            (self.session.tenant_id, delivery_id),
            with_for_update=True,
            populate_existing=True,
        )
        if row is None or row.endpoint_id != endpoint_id:
            raise NotFound(_("There is no such delivery."))
        if row.status == "queued" and row.tries == 0:
            raise Conflict(_("The delivery is on its way already."))
        row.status, row.tries, row.next_try_at, row.delivered_at = "queued", 0, now, None
        record(self.session, "webhook.sent_again", "webhook", row.endpoint_id)
        self.session.flush()

    def _checked(self, wanted: Wanted) -> Wanted:
        """Return what is wanted as it is kept; raises `Invalid` with a message for each field at fault."""
        faults: dict[str, list[str]] = {}
        if not 0 < len(wanted.name.strip()) <= LONGEST_NAME:
            faults["name"] = [_("Give a name of at most %(n)s characters.", n=LONGEST_NAME)]
        if unknown := sorted(set(wanted.events) - self.offered):
            faults["events"] = [_("There is no event %(name)s.", name=", ".join(unknown))]
        elif not wanted.events:
            faults["events"] = [_("Choose at least one event.")]
        try:
            url = check_url(wanted.url, self.settings.webhook_networks)
        except Invalid as error:
            faults |= error.fields
        if faults:
            raise Invalid(_("The webhook cannot be like this."), faults)
        return Wanted(wanted.name.strip(), url, frozenset(wanted.events))

    def _expect_free(self, name: str, own: UUID | None) -> None:
        taken = self.session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.name == name))
        if taken is not None and taken != own:
            message = _("Another webhook has this name.")
            raise Invalid(message, {"name": [message]})

    def _locked(self, endpoint_id: UUID, version: int) -> WebhookEndpoint:
        row = find_endpoint(self.session, endpoint_id, lock=True)
        if row.version != version:
            raise Conflict(_("Somebody else has changed the webhook since you saw it. Look again."))
        return row

    def _changed(self, row: WebhookEndpoint, action: str, before: dict[str, object] | None = None) -> None:
        row.version += 1
        self.session.flush()
        record(self.session, action, "webhook", row.id, before=before, after=_told(row))


def find_endpoint(session: TenantSession, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint:
    """Return an endpoint of the session's tenant; raises `NotFound`."""
    row = session.get(
        WebhookEndpoint, (session.tenant_id, endpoint_id), with_for_update=lock, populate_existing=lock
    )
    if row is None:
        raise NotFound(_("There is no such webhook."))
    return row


def _told(row: WebhookEndpoint) -> dict[str, object]:
    """Return what the trail keeps of an endpoint: of its address the host, for the rest may hold a secret."""
    host = urlsplit(row.url).hostname
    return {"name": row.name, "host": host, "events": list(row.events), "active": row.active}
