"""Letters: an event in words, in the language of who gets it, with the address as it is when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from samplan.core import Core
from samplan.i18n import DEFAULT_LOCALE, LOCALES, _
from samplan.identity.models import Account, Membership
from samplan.modules.contributions import Attachment, MailText, OutsideMail, load
from samplan.tenancy.context import TenantContext
from samplan.web.locale import install_locale


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, ready to be sent."""

    id: UUID
    address: str
    language: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail: the address in the tenant, and the locale."""

    address: str
    locale: str


class Writer:
    """Writes a tenant's letters; a worker has no application that would know the texts of every module."""

    def __init__(self, core: Core, tenant: TenantContext) -> None:
        """Write for `tenant`."""
        self._core, self._tenant = core, tenant
        self._texts = Flask("samplan.notices")
        install_locale(self._texts, core.modules)

    def recipient(self, account_id: UUID) -> Recipient | str:
        """Return who an account is, or in a word why it gets no mail: `gone` or `off`."""
        with self._core.database.unit_of_work(self._tenant.id) as session:
            member = select(Membership.email).where(Membership.account_id == account_id, Membership.active)
            address = session.scalar(member)
        with self._core.database.system_session() as system:
            account = system.get(Account, account_id)
            if address is None or account is None or not account.active:
                return "gone"
            if not account.mail:
                return "off"
            wanted = (account.locale, self._tenant.locale)
        return Recipient(address, next((one for one in wanted if one in LOCALES), DEFAULT_LOCALE))

    def letter(
        self, mail_id: UUID, recipient: Recipient, event: str, payload: dict[str, Any]
    ) -> Letter | None:
        """Return an event's mail to a recipient; None where its module says nothing of it any more."""
        spec = self._core.modules.events().get(event)
        if spec is None or spec.mail is None:
            return None
        with self._texts.app_context(), force_locale(recipient.locale):
            said: MailText = load(spec.mail)(payload)
            return Letter(
                mail_id,
                recipient.address,
                recipient.locale.replace("_", "-"),
                str(said.subject),
                self._body(said),
            )

    def outside_letter(self, mail_id: UUID, event: str, payload: dict[str, Any]) -> Letter | str:
        """Return an event's mail to an organisation, or in a word why there is none."""
        spec = self._core.modules.events().get(event)
        if spec is None or spec.outside is None:
            return "unknown"
        locale = self._tenant.locale if self._tenant.locale in LOCALES else DEFAULT_LOCALE
        with (
            self._texts.app_context(),
            force_locale(locale),
            self._core.database.unit_of_work(self._tenant.id) as session,
        ):
            said: OutsideMail | None = load(spec.outside)(session, payload)
            if said is None:
                return "withdrawn"
            text = f"{said.text}\n\n-- \n{self._tenant.name}\n"
            language = locale.replace("_", "-")
            return Letter(mail_id, said.address, language, str(said.subject), text, said.attachments)

    def _body(self, said: MailText) -> str:
        base, tenant = self._core.settings.public_url, self._tenant
        off = _("You get this as a member of %(tenant)s in Samplan.", tenant=tenant.name)
        how = _("Switch such e-mail off on your page: %(link)s", link=f"{base}/account")
        return f"{said.text}\n\n{base}/t/{tenant.slug}/{said.path}\n\n-- \n{off}\n{how}\n"
