"""The navigation and the start page's cards: only what the tenant has and the principal may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request, session, url_for

from samplan import __version__
from samplan.access.policy import can
from samplan.i18n import LOCALES, _
from samplan.modules.contributions import NavItem
from samplan.modules.manager import CORE, Module
from samplan.web.locale import choose_locale
from samplan.web.request import current_core, maybe_principal


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation, ready for the template."""

    label: str
    url: str
    icon: str | None
    current: bool
    children: tuple[Link, ...] = ()


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


BESIDE_MODULES = frozenset({"core.indicators"})
"""Pages of the core that are no administration: they have a place of their own, after the modules."""


def nav_links() -> list[Link]:
    """Return the start page, a link for each page of the modules and beside them, and administration."""
    if g.get("tenant") is None:
        return []
    start = Link(_("Start"), url_for("core.start"), "home", request.endpoint == "core.start")
    modules = [m for m in visible_modules() if m.name != CORE]
    core_items = current_core().modules.get(CORE).nav
    links = [
        start,
        *_links([item for module in modules for item in module.nav]),
        *_links([item for item in core_items if item.endpoint in BESIDE_MODULES]),
    ]
    administration = _links([item for item in core_items if item.endpoint not in BESIDE_MODULES])
    if administration:
        current = any(link.current for link in administration)
        label = _("Administration")
        links.append(Link(label, administration[0].url, "cog", current, tuple(administration)))
    return links


def _links(items: list[NavItem]) -> list[Link]:
    """Return the links that this principal may see, in order."""
    principal = maybe_principal()
    allowed = [item for item in items if can(principal, item.permission)]
    shown = sorted(allowed, key=lambda item: (item.order, item.endpoint))
    urls = {item.endpoint: url_for(item.endpoint) for item in shown}
    return [
        Link(str(item.label), urls[item.endpoint], item.icon, _is_current(item.endpoint, urls))
        for item in shown
    ]


def _is_current(endpoint: str, urls: Mapping[str, str]) -> bool:
    """Tell whether the page belongs to the link: itself or below it, or (outside the core) its module.

    Of several links of one module it is the one that the page lies nearest below.
    """
    blueprint, url = endpoint.split(".", maxsplit=1)[0], urls[endpoint]
    if blueprint != CORE:
        above = [
            other
            for name, other in urls.items()
            if name.startswith(f"{blueprint}.") and request.path.startswith(other)
        ]
        return request.blueprint == blueprint and url == max(above, key=len, default=url)
    return request.endpoint == endpoint or request.path.startswith(f"{url}/")


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
    return {
        "user": principal,
        "tenant": g.get("tenant"),
        "nav": nav_links(),
        "can_switch_tenant": bool(session.get("several_tenants")) if principal else False,
        "locale": choose_locale(),
        "languages": LOCALES,
        "version": __version__,
        "request_id": g.get("request_id", ""),
        "may": lambda permission: can(principal, permission),
    }
