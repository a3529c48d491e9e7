"""Sending through a mail server: one connection for many letters, and what its answers mean."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from samplan.clock import Clock
from samplan.notices.letters import Letter
from samplan.settings import Settings

SECONDS = 15.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SENDER = "Samplan"


@dataclass(frozen=True, slots=True)
class Sent:
    """How a letter fared: `sent`, `again` (later) or `never`; `reason` in a word, with the server's code."""

    fate: Literal["sent", "again", "never"]
    reason: str = ""
    unreachable: bool = False


class MailServer:
    """A connection to the deployment's mail server, opened at the first letter."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Send as `settings` say."""
        self._settings, self._clock = settings, clock
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the connection."""
        self._close()

    def send(self, letter: Letter) -> Sent:
        """Hand a letter over, and return how that went; a person's address is in no reason."""
        try:
            message = self._message(letter)
        except ValueError:
            return Sent("never", "address")
        try:
            self._open().send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError):
                self._close()
            return _fate(error)
        return Sent("sent")

    def _open(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (
                smtplib.SMTPNotSupportedError
            ) as error:  # no encryption or login, and not the letter's fault
                raise smtplib.SMTPException(str(error)) from error
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self._settings.mail_url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            found: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        else:
            found = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if parts.scheme == "smtp+starttls":
                found.starttls(context=context)
            if parts.username:
                found.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            found.close()
            raise
        return found

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _message(self, letter: Letter) -> EmailMessage:
        """Return a letter as a message; raises `ValueError` for an address that is none.

        Its id is the same at every try, so that who gets it twice can tell.
        """
        message = EmailMessage(policy=SMTP_POLICY)
        host = urlsplit(self._settings.public_url).hostname or "localhost"
        message["From"] = Address(SENDER, addr_spec=self._settings.mail_from)
        try:
            message["To"] = Address(addr_spec=letter.address)
        except (ValueError, LookupError, AttributeError, MessageError) as error:  # as odd addresses are
            raise ValueError("not an address") from error
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{letter.id}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = letter.language
        message.set_content(letter.body)
        for file in letter.attachments:
            kind, _slash, subtype = file.media_type.partition("/")
            message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
        return message


def _fate(error: smtplib.SMTPException | OSError) -> Sent:
    """Return what an error means: a refusal is for good with codes from 500 on (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Sent("again", f"login {error.smtp_code}", unreachable=True)
    code = 0
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
    elif isinstance(error, smtplib.SMTPSenderRefused):  # a fault of the settings: all mail waits
        return Sent("again", f"refused {error.smtp_code}", unreachable=True)
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        return Sent("never", "address")
    if code:
        return Sent("never" if code >= 500 else "again", f"refused {code}")
    return Sent("again", "timeout" if isinstance(error, TimeoutError) else "unreachable", unreachable=True)
