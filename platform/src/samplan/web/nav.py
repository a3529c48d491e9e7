"""The navigation and the start page's cards: only what the tenant has and the principal may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from samplan.access.policy import can
from samplan.modules.manager import Module
from samplan.web.request import current_core, maybe_principal


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation, ready for the template."""

    label: str
    url: str
    icon: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """A card of the start page, ready for the template."""

    id: str
    title: str
    url: str
    size: str


def visible_modules() -> list[Module]:
    """Return the modules that the tenant of this request has enabled."""
    tenant = g.get("tenant")
    return [m for m in current_core().modules if tenant is not None and m.name in tenant.enabled_modules]


def nav_links(*, administration: bool = False) -> list[Link]:
    """Return the links of the modules, or those of the core for the administration menu."""
    principal = maybe_principal()
    items = [
        item
        for module in visible_modules()
        if (module.name == "core") == administration
        for item in module.nav
        if can(principal, item.permission)
    ]
    return [
        Link(
            label=str(item.label),
            url=url_for(item.endpoint),
            icon=item.icon,
            current=request.endpoint == item.endpoint
            or (request.blueprint == item.endpoint.split(".")[0] and request.blueprint != "core"),
        )
        for item in sorted(items, key=lambda item: (item.order, item.endpoint))
    ]


def cards() -> list[CardView]:
    """Return the cards that this principal may see, in order."""
    principal = maybe_principal()
    found = [c for m in visible_modules() for c in m.cards if can(principal, c.permission)]
    return [
        CardView(card.id, str(card.title), url_for(card.endpoint), card.size)
        for card in sorted(found, key=lambda card: (card.order, card.id))
    ]


def template_context() -> dict[str, Any]:
    """Return what every page's frame needs."""
    principal = maybe_principal()
    tenant = g.get("tenant")
    return {
        "principal": principal,
        "tenant": tenant,
        "nav": nav_links() if principal and tenant else [],
        "administration": nav_links(administration=True) if principal and tenant else [],
        "may": lambda permission: can(principal, permission),
    }
