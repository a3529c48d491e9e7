"""An entry of the audit trail in the words of its reader; where no word is known, its code stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from werkzeug.routing import BuildError

from samplan.access.policy import can
from samplan.audit.lookup import REFERRING, job_types, names_of_things
from samplan.audit.masking import CHANGED, SET
from samplan.audit.models import AuditEntry
from samplan.audit.queries import Names
from samplan.db.session import TenantSession
from samplan.i18n import LOCALES, _
from samplan.ids import parse_uuid
from samplan.jobs.words import OUTCOMES
from samplan.modules.contributions import AuditWords, Text
from samplan.modules.manager import CORE, Modules
from samplan.organisation.texts import CATEGORY_LABELS, KIND_LABELS, SITE_LABELS
from samplan.tenancy.context import current_tenant
from samplan.web.formats import show_number, show_time
from samplan.web.request import current_core, maybe_principal

MOST_SHOWN = 4  # of a list; the file has them all
MOST_OPENED = 100  # entries of an act; the file has them all
NOTHING = "–"
_PLAIN = frozenset({"year", "version", "number", "seed", "county_code", "municipality_code"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with what it was and what it became; `code` is its name in the file."""

    code: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry, ready for the template."""

    sequence: int
    at: datetime
    actor: str
    via: str
    action: str
    label: str
    object_type: str
    object_label: str
    object_id: str | None
    object_name: str
    object_url: str | None
    changes: tuple[Difference, ...]
    request_id: str | None


@dataclass(frozen=True, slots=True)
class ActView:
    """Entries that somebody made at once, ready for the template: the first ones, and how many there are."""

    entries: tuple[EntryView, ...]
    count: int


class Reader:
    """Turns the entries of a page into words; what they refer to is looked up once."""

    def __init__(self, session: TenantSession, entries: Iterable[AuditEntry], people: Names) -> None:
        """Read the names that `entries` need."""
        self._entries = list(entries)
        self._people = people
        self._names = names_of_things(session, self._entries, people)
        self._job_types = job_types(session, self._entries)
        self._modules = current_core().modules
        self._roles = {key: role.label for key, role in self._modules.role_templates().items()}
        self._permissions = self._modules.permissions()

    def acts(self, acts: Iterable[Sequence[AuditEntry]]) -> list[ActView]:
        """Return acts, whose entries are among those of this reader, for the template."""
        return [ActView(tuple(self._view(entry) for entry in act[:MOST_OPENED]), len(act)) for act in acts]

    def _view(self, entry: AuditEntry) -> EntryView:
        words = words_for(self._modules, entry.object_type)
        before, after = entry.before or {}, entry.after or {}
        return EntryView(
            sequence=entry.sequence,
            at=entry.at,
            actor=self._actor(entry),
            via=_("with an API key") if entry.actor_kind == "api_key" else "",
            action=entry.action,
            label=action_label(self._modules, entry.action, entry.object_type),
            object_type=entry.object_type,
            object_label=str(words.objects.get(entry.object_type, entry.object_type)),
            object_id=entry.object_id,
            object_name=self._object_name(entry),
            object_url=_object_url(words, entry),
            changes=tuple(
                Difference(name, str(words.fields.get(name, name)), *self._sides(name, before, after))
                for name in sorted({*before, *after})
                if _tells(before.get(name)) or _tells(after.get(name))
            ),
            request_id=entry.request_id,
        )

    def _sides(self, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
        if after and name not in after:  # only what it was is told
            return NOTHING, _("was %(value)s", value=self._value(name, before.get(name)))
        return self._value(name, before.get(name)), self._value(name, after.get(name))

    def _actor(self, entry: AuditEntry) -> str:
        if entry.actor_id is None or entry.actor_kind == "job":  # a run's id is no person's
            return _("The system")
        return self._people.accounts.get(entry.actor_id) or _("Somebody outside the region")

    def _object_name(self, entry: AuditEntry) -> str:
        """Return what people call the thing; empty where only its id is known."""
        key = entry.object_id or ""
        if key in self._names:
            return self._names[key]
        after = {**(entry.before or {}), **(entry.after or {})}
        known: dict[str, Callable[[], str]] = {
            "job_run": lambda: self._job(self._job_types.get(key, "")),
            "module": lambda: self._module(key),
            "role": lambda: self._role(str(after.get("key", ""))),
            "indicator": lambda: self._indicator(key),
        }
        if entry.object_type in known:
            return known[entry.object_type]()
        shown = after.get("name") or after.get("title")
        if isinstance(shown, str) and shown not in (SET, CHANGED):
            return shown
        return key if parse_uuid(key) is None else ""

    def _value(self, name: str, value: Any) -> str:
        """Return a field's value for reading; marks of what is not shown are in the user's language."""
        if value is None or value == {}:
            return NOTHING
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, int | float):
            return str(value) if name in _PLAIN else show_number(value, 0 if isinstance(value, int) else 2)
        if isinstance(value, list):
            return _listed([self._value(name, item) for item in value])
        if isinstance(value, dict):
            return _listed([f"{key}: {self._value(key, item)}" for key, item in sorted(value.items())])
        return self._text(name, str(value))

    def _text(self, name: str, value: str) -> str:
        marks = {SET: _("set"), CHANGED: _("changed")}
        if value in marks:
            return marks[value]
        if name in REFERRING:
            return self._names.get(value, value)
        coded: dict[str, Callable[[str], str]] = {
            "permissions": self._permission,
            "scopes": self._permission,
            "roles": self._role,
            "key": self._role,
            "job_type": self._job,
            "subject": self._subject,
            "status": lambda code: str(OUTCOMES.get(code, code)),
            "action": lambda code: action_label(self._modules, code),
            "locale": lambda code: LOCALES.get(code, code),
            "kind": lambda code: str(KIND_LABELS.get(code) or SITE_LABELS.get(code) or code),
            "category": lambda code: str(CATEGORY_LABELS.get(code, code)),
        }
        return coded[name](value) if name in coded else _instant(value)

    def _permission(self, code: str) -> str:
        return str(self._permissions[code].label) if code in self._permissions else code

    def _role(self, code: str) -> str:
        return str(self._roles.get(code, code))

    def _job(self, code: str) -> str:
        return next((str(job.label) for m in self._modules for job in m.jobs if job.name == code), code)

    def _module(self, code: str) -> str:
        return str(self._modules.get(code).title) if code in self._modules.enabled else code

    def _indicator(self, code: str) -> str:
        spec = self._modules.indicators().get(code)
        return str(spec.title) if spec else code

    def _subject(self, code: str) -> str:
        kind, _colon, key = code.partition(":")
        if kind == "indicator":
            return self._indicator(key)
        # What a module's run is about is known by an id alone: its page is the run's own to lead to.
        return self._module(kind) if parse_uuid(key) else code


def words_for(modules: Modules, object_type: str) -> AuditWords:
    """Return the words of the module that the thing belongs to, on top of the core's."""
    core = modules.get(CORE).audit_words or AuditWords({})
    name = object_type.partition(".")[0] if "." in object_type else CORE
    own = modules.get(name).audit_words if name in modules.enabled else None
    if own is None or own is core:
        return core
    return AuditWords(
        actions={**core.actions, **own.actions},
        objects={**core.objects, **own.objects},
        fields={**core.fields, **own.fields},
        pages={**core.pages, **own.pages},
    )


def action_label(modules: Modules, action: str, object_type: str | None = None) -> str:
    """Return what an action is called; its code where no module names it."""
    if object_type is not None:
        return str(words_for(modules, object_type).actions.get(action, action))
    found = (module.audit_words.actions for module in modules if module.audit_words)
    return next((str(actions[action]) for actions in found if action in actions), action)


def choices(modules: Modules, enabled: Iterable[str]) -> tuple[dict[str, Text], dict[str, Text]]:
    """Return what the enabled modules call their actions and their things, by code."""
    actions: dict[str, Text] = {}
    objects: dict[str, Text] = {}
    for words in (modules.get(name).audit_words for name in sorted(enabled)):
        if words is not None:
            actions |= words.actions
            objects |= words.objects
    return actions, objects


def _object_url(words: AuditWords, entry: AuditEntry) -> str | None:
    """Return where the thing is shown, for who may go there; None where there is no such page."""
    endpoint, argument = words.pages.get(entry.object_type, ("", ""))
    # A thing that was known by its code only when it was written has no page by its id.
    named = not argument or (
        parse_uuid(entry.object_id or "") if argument.endswith("_id") else entry.object_id
    )
    if not named or not _may_open(endpoint):
        return None
    values: dict[str, Any] = {argument: entry.object_id} if argument else {}
    try:
        return url_for(endpoint, **values)
    except (BuildError, ValueError):
        return None


def _may_open(endpoint: str) -> bool:
    """Tell whether there is such a page in the tenant, and whether who is asking may see it."""
    view = current_app.view_functions.get(endpoint)
    if view is None or endpoint.partition(".")[0] not in current_tenant().enabled_modules:
        return False
    needed = getattr(view, "__samplan_permission__", "")
    return ":" not in needed or can(maybe_principal(), needed)


def _tells(value: Any) -> bool:
    """Tell whether a value says anything: nothing that stays nothing is left out."""
    return value is not None and value not in ({}, [])


def _listed(shown: list[str]) -> str:
    rest = len(shown) - MOST_SHOWN
    text = ", ".join(shown[:MOST_SHOWN]) or NOTHING
    return _("%(shown)s and %(rest)s more", shown=text, rest=rest) if rest > 0 else text


def _instant(value: str) -> str:
    """Return an instant in the tenant's time zone, and any other text as it is."""
    if len(value) < 19 or value[10:11] != "T":
        return value
    try:
        return show_time(datetime.fromisoformat(value))
    except ValueError:
        return value
