"""The deployment's settings, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from samplan.errors import SettingsError

MINIMUM_SECRET_LENGTH = 32
IPNetwork: TypeAlias = IPv4Network | IPv6Network
MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment needs to know; every field can be set by the variable that its comment names."""

    database_url: str = field(repr=False)  # DATABASE_URL: as samplan_app, postgresql://…
    redis_url: str = field(repr=False)  # REDIS_URL: redis://…, rediss://… or unix://…
    secret_key: str = field(repr=False)  # SAMPLAN_SECRET_KEY: signs nothing but CSRF tokens and cursors
    environment: str = "production"  # SAMPLAN_ENVIRONMENT: prefix of the queues; "demo" marks the demo
    modules: tuple[str, ...] | None = None  # SAMPLAN_MODULES: comma separated; unset means all installed
    trusted_hosts: tuple[str, ...] = ()  # SAMPLAN_TRUSTED_HOSTS: comma separated host names; unset means any
    secure_cookies: bool = True  # SAMPLAN_SECURE_COOKIES: 0 only where the site is served without TLS
    trusted_proxies: int = 0  # SAMPLAN_TRUSTED_PROXIES: how many proxies in front set X-Forwarded-For
    idle_minutes: int = 30  # SAMPLAN_SESSION_IDLE_MINUTES: a session ends after so long without a request
    absolute_hours: int = 12  # SAMPLAN_SESSION_ABSOLUTE_HOURS: and in any case after so long
    lease_seconds: float = 30.0  # SAMPLAN_LEASE_SECONDS: a worker that is silent so long has lost its run
    grace_seconds: float = 15.0  # SAMPLAN_GRACE_SECONDS: a queued run not in Redis after so long is sent anew
    max_runs_per_tenant: int = 20  # SAMPLAN_MAX_RUNS_PER_TENANT: queued and running at the same time
    max_upload_bytes: int = 10_000_000  # SAMPLAN_MAX_UPLOAD_BYTES: larger requests are refused
    login_attempts: str = "10 per 5 minutes"  # SAMPLAN_LOGIN_ATTEMPTS: per account and per address
    log_level: str = field(default="INFO")  # SAMPLAN_LOG_LEVEL
    public_url: str = ""  # SAMPLAN_PUBLIC_URL: https://…, what links in e-mail begin with
    mail_url: str = field(default="", repr=False)  # SAMPLAN_MAIL_URL: without it mail stays queued
    mail_from: str = ""  # SAMPLAN_MAIL_FROM: the address that mail comes from
    webhook_key: str = field(default="", repr=False)  # SAMPLAN_WEBHOOK_KEY: secrets are derived from it
    webhook_networks: tuple[IPNetwork, ...] = ()  # SAMPLAN_WEBHOOK_NETWORKS: private ones that may be called

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings, or raise `SettingsError` that names all faults at once."""
        faults: list[str] = []
        values: dict[str, Any] = {
            "database_url": environ.get("DATABASE_URL", ""),
            "redis_url": environ.get("REDIS_URL", ""),
            "secret_key": environ.get("SAMPLAN_SECRET_KEY", ""),
        }
        for name, (variable, convert) in _OPTIONAL.items():
            if variable in environ:
                try:
                    values[name] = convert(environ[variable])
                except ValueError:
                    faults.append(f"{variable}={environ[variable]!r} is not valid")
        faults += _faults(values)
        if faults:
            raise SettingsError("the settings are wrong:\n  " + "\n  ".join(faults))
        return cls(**values)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes"}:
        return True
    if text.lower() in {"0", "false", "no"}:
        return False
    raise ValueError(text)


def _level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(text)
    return text.upper()


def _base(text: str) -> str:
    if text and not _is_address(text, "http", "https"):
        raise ValueError(text)
    return text.rstrip("/")


def _networks(text: str) -> tuple[IPNetwork, ...]:
    return tuple(ip_network(part) for part in _names(text))


def _limit(text: str) -> str:
    from limits import parse

    parse(text)
    return text


_OPTIONAL: dict[str, tuple[str, Any]] = {
    "environment": ("SAMPLAN_ENVIRONMENT", str),
    "modules": ("SAMPLAN_MODULES", _names),
    "trusted_hosts": ("SAMPLAN_TRUSTED_HOSTS", _names),
    "secure_cookies": ("SAMPLAN_SECURE_COOKIES", _flag),
    "trusted_proxies": ("SAMPLAN_TRUSTED_PROXIES", int),
    "idle_minutes": ("SAMPLAN_SESSION_IDLE_MINUTES", int),
    "absolute_hours": ("SAMPLAN_SESSION_ABSOLUTE_HOURS", int),
    "lease_seconds": ("SAMPLAN_LEASE_SECONDS", float),
    "grace_seconds": ("SAMPLAN_GRACE_SECONDS", float),
    "max_runs_per_tenant": ("SAMPLAN_MAX_RUNS_PER_TENANT", int),
    "max_upload_bytes": ("SAMPLAN_MAX_UPLOAD_BYTES", int),
    "login_attempts": ("SAMPLAN_LOGIN_ATTEMPTS", _limit),
    "log_level": ("SAMPLAN_LOG_LEVEL", _level),
    "public_url": ("SAMPLAN_PUBLIC_URL", _base),
    "mail_url": ("SAMPLAN_MAIL_URL", str),
    "mail_from": ("SAMPLAN_MAIL_FROM", str),
    "webhook_key": ("SAMPLAN_WEBHOOK_KEY", str),
    "webhook_networks": ("SAMPLAN_WEBHOOK_NETWORKS", _networks),
}


def _faults(values: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the required values."""
    faults = []
    if not _is_address(values["database_url"], "postgresql", "postgresql+psycopg"):
        faults.append("DATABASE_URL must be a postgresql:// address for the role samplan_app")
    if not _is_address(values["redis_url"], "redis", "rediss", "unix"):
        faults.append("REDIS_URL must be a redis://, rediss:// or unix:// address")
    if len(values["secret_key"]) < MINIMUM_SECRET_LENGTH:
        faults.append(f"SAMPLAN_SECRET_KEY must have at least {MINIMUM_SECRET_LENGTH} characters")
    return faults + _notice_faults(values)


def _notice_faults(values: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the settings of mail and webhooks; without them neither goes out."""
    faults = []
    if values.get("mail_url"):
        if not _is_address(values["mail_url"], *MAIL_SCHEMES) or not urlsplit(values["mail_url"]).hostname:
            faults.append("SAMPLAN_MAIL_URL must be a smtps://, smtp+starttls:// or smtp:// address")
        if "@" not in values.get("mail_from", ""):
            faults.append("SAMPLAN_MAIL_FROM must be an address where SAMPLAN_MAIL_URL is set")
        if not values.get("public_url"):
            faults.append("SAMPLAN_PUBLIC_URL must be set where SAMPLAN_MAIL_URL is")
    if 0 < len(values.get("webhook_key", "")) < MINIMUM_SECRET_LENGTH:
        faults.append(f"SAMPLAN_WEBHOOK_KEY must have at least {MINIMUM_SECRET_LENGTH} characters")
    return faults


def _is_address(text: str, *schemes: str) -> bool:
    """Tell whether `text` is an address of one of these schemes, with a port that is a number, if any."""
    try:
        parts = urlsplit(text)
        return text.startswith(tuple(f"{scheme}://" for scheme in schemes)) and parts.port != 0
    except ValueError:
        return False
