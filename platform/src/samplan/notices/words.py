"""What states and reasons of mails and deliveries are called."""

from __future__ import annotations

from samplan.i18n import _, _l
from samplan.modules.contributions import Text

MAIL_STATES: dict[str, tuple[str, Text]] = {
    "queued": ("waiting", _l("Waiting")),
    "sent": ("success", _l("Sent")),
    "failed": ("danger", _l("Failed")),
    "declined": ("neutral", _l("Not sent")),
}
DELIVERY_STATES: dict[str, tuple[str, Text]] = {
    "queued": ("waiting", _l("Waiting")),
    "delivered": ("success", _l("Delivered")),
    "failed": ("danger", _l("Failed")),
}

_REASONS: dict[str, Text] = {
    "address": _l("The address cannot be used."),
    "late": _l("It was too old to be sent."),
    "gone": _l("The person is no longer a member."),
    "off": _l("The person has switched e-mail off."),
    "withdrawn": _l("It was withdrawn before it was sent."),
    "unknown": _l("The module no longer sends this."),
    "timeout": _l("No answer in time."),
    "unreachable": _l("The server could not be reached."),
    "private": _l("The name leads to a private network."),
    "unknown_host": _l("There is no such server."),
    "tls": _l("The server's certificate is not accepted."),
    "secret": _l("The service's key has been changed. Make a new secret."),
    "by_hand": _l("Switched off by an administrator."),
    "failing": _l("Switched off because it failed for five days."),
}


def reason_text(reason: str, answer: int | None = None) -> str:
    """Return why something did not arrive, in words; empty where there is nothing to tell."""
    word, _space, code = reason.partition(" ")
    if word == "refused":
        return _("The mail server refused it (%(code)s).", code=code)
    if word == "login":
        return _("The mail server does not let Samplan in (%(code)s).", code=code)
    if answer is not None:
        return _("Answered %(code)s", code=answer)
    return str(_REASONS.get(reason, reason))


def disabled_text(reason: str) -> str:
    """Return why an endpoint is off, in words; empty where it is on."""
    if reason == "gone":
        return _("Switched off because it answered that it wants no more (410).")
    return str(_REASONS.get(reason, reason))
