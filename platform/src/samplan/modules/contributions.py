"""What a plugin may contribute: frozen declarations, returned once while the application is built.

Labels are lazy texts (`_l("…")`), so that they follow the language of the request. Dotted paths such as
`samplan_rostering.jobs:solve_roster` are imported when they are first needed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString
    from marshmallow import Schema

    from samplan.db.session import TenantSession
    from samplan.tenancy.context import TenantContext

Text: TypeAlias = "str | LazyString"
Queue: TypeAlias = Literal["high", "default", "solve"]
Direction: TypeAlias = Literal["higher", "lower", "neutral"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ModelSet:
    """A plugin's mapped classes; all their tables are in the schema named as the module."""

    classes: tuple[type, ...]


@dataclass(frozen=True, slots=True)
class MigrationBranch:
    """A plugin's branch of migrations: `label` is the module's name, `path` its `migrations/versions`."""

    label: str
    path: Path
    depends_on: tuple[str, ...] = ("core",)


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission `module:thing:verb`; `sensitive` ones are marked where roles are edited."""

    name: str
    label: Text
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """A suggested bundle of permissions; a tenant copies it and is not bound to it afterwards.

    The same `key` in several parts names one role: its permissions are joined.
    """

    key: str
    label: Text
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link in the navigation, shown to who has `permission` where the module is enabled."""

    endpoint: str
    label: Text
    permission: str
    order: int = 100
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card on the start page; `endpoint` answers an HTML fragment."""

    id: str
    title: Text
    endpoint: str
    permission: str
    order: int = 100
    size: Literal["small", "wide"] = "small"


@dataclass(frozen=True, slots=True)
class JobType:
    """A kind of background work; `handler` is `module:function`, called with `(JobContext, params)`.

    `params` is a marshmallow schema: what is not valid is refused before a run is created.
    `cancel_keeps_result`: cancelling may keep the best result so far if the user wishes.
    """

    name: str
    label: Text
    handler: str
    params: type[Schema]
    permission: str
    queue: Queue = "default"
    max_seconds: int = 900
    max_attempts: int = 3
    params_version: int = 1
    cancel_keeps_result: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job to request on a cron expression (minute hour day month weekday, the tenant's time zone)."""

    job: str
    cron: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Period:
    """A period that an indicator is about; both days belong to it."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One computed value; `n` is the number of observations behind it, for small-number suppression."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    strata: Mapping[str, Any] | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """A comparable figure: what it is, where it comes from, how it is computed.

    `compute` is `module:function`, called with `(TenantSession, Period)` → `IndicatorValue`; None for a
    manual series. `good` says which direction is better.
    """

    name: str
    title: Text
    unit: Text
    good: Direction
    definition: Text
    source: Text
    period: Literal["week", "month", "quarter", "half_year", "year"] = "month"
    numerator: Text = ""
    denominator: Text = ""
    min_n: int = 0
    method_version: int = 1
    decimals: int = 1
    compute: str | None = None


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """A typed read interface for other plugins: `protocol` stands in `samplan.plugin_api`."""

    protocol: type[T]
    factory: Callable[[TenantSession], T]


@dataclass(frozen=True, slots=True)
class AuditWords:
    """What the plugin's entries in the audit trail say to people.

    `actions` names each action that it records, `objects` each type of thing, `fields` what is before and
    after; `pages` tells where a thing is shown: its endpoint, and which argument of it takes the thing's id.
    """

    actions: Mapping[str, Text]
    objects: Mapping[str, Text] = field(default_factory=dict)
    fields: Mapping[str, Text] = field(default_factory=dict)
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateGlobal:
    """A function for the plugin's templates; its name there is `<module>_<name>`."""

    name: str
    function: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says to one person: its subject, its text, and the page within the tenant it leads to."""

    subject: Text
    text: Text
    path: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; `media_type` such as `application/pdf`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutsideMail:
    """A mail to an organisation outside, which can open no page: what it says, and its files."""

    address: str
    subject: Text
    text: Text
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSpec:
    """A thing that happens, `module.thing.done`, which other systems and people may be told of.

    `payload` is a marshmallow schema of what is told: ids and figures, no names of persons. `mail` is
    `module:function`, called with the payload in the recipient's language → `MailText`; None where nobody
    gets mail. A mail waits for `mail_wait`, so that several changes in a row make one. `outside` is
    `module:function`, called with the tenant's session and the payload when the mail is sent → `OutsideMail`,
    or None where it is not wanted any more; it makes one mail to an organisation.
    """

    name: str
    title: Text
    description: Text
    payload: type[Schema]
    mail: str | None = None
    mail_wait: timedelta = timedelta(0)
    outside: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """The person that an export or erasure is about: an account or a plugin's own reference."""

    account_id: UUID | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One table of a person's register extract; `label` says what it holds, `name` names its files."""

    name: str
    rows: tuple[Mapping[str, Any], ...]
    label: Text = ""


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Whose data to erase; a dry run unless told otherwise."""

    subject: SubjectRef
    dry_run: bool = True


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """How many rows per table were, or in a dry run would be, erased; `labels` says what happens to them."""

    rows: Mapping[str, int]
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the operator's page: what was checked, whether it is well, and what to do if not.

    The operator belongs to no tenant: neither text holds personal data or a tenant's contents.
    """

    name: Text
    ok: bool
    detail: Text = ""


@dataclass(frozen=True, slots=True)
class DemoSeed:
    """What a plugin gets to fill a demo tenant: its session, context and a seeded source of chance."""

    session: TenantSession
    tenant: TenantContext
    random: random.Random
    today: date


def load(path: str) -> Any:
    """Return what the dotted path `package.module:name` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
