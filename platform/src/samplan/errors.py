"""The errors that services raise; `samplan.web.errors` and `samplan.api.errors` map them to answers."""

from __future__ import annotations


class SamplanError(Exception):
    """Base of every expected error; `code` is stable and machine-readable, the text is for people."""

    code = "error"
    status = 500

    def __init__(self, message: str = "", **details: object) -> None:
        """Keep `message` (already translated or a lazy string) and typed `details` for the answer."""
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message) or self.code


class NotFound(SamplanError):
    """The thing does not exist, or not for this tenant: the two are never told apart."""

    code, status = "not_found", 404


class Forbidden(SamplanError):
    """The principal is known, but lacks the permission."""

    code, status = "forbidden", 403


class NotSignedIn(SamplanError):
    """Nobody is signed in, or the session has ended."""

    code, status = "not_signed_in", 401


class Conflict(SamplanError):
    """The change clashes with the present state (newer version, duplicate, wrong state)."""

    code, status = "conflict", 409


class Invalid(SamplanError):
    """The input breaks a rule; `fields` maps a field path to its messages."""

    code, status = "invalid", 422

    def __init__(self, message: str = "", fields: dict[str, list[str]] | None = None) -> None:
        """Keep `message` and the messages per field path."""
        super().__init__(message)
        self.fields = fields or {}


class TooMany(SamplanError):
    """A limit for this tenant, account or address is reached; try again later."""

    code, status = "too_many", 429


class ModuleDisabled(NotFound):
    """The tenant has not enabled the module; answered as not found, so that nobody learns who uses what."""

    code = "module_disabled"


class TenantContextMissing(RuntimeError):
    """Code tried to open a transaction without saying whose: a programming error, never an answer."""


class UnsafeDatabaseRole(RuntimeError):
    """The application connected with a role that could pass by row-level security."""


class SettingsError(RuntimeError):
    """The settings are wrong; the message lists every fault at once."""


class ContractError(RuntimeError):
    """A plugin breaks the plugin contract; the message lists every fault at once."""
