"""Who may do what: the principal of a request and the mark that every view must carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from samplan.errors import Forbidden, NotFound, NotSignedIn
from samplan.i18n import _

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN, OPERATOR, BY_TOKEN = "public", "signed_in", "operator", "by_token"


@dataclass(frozen=True, slots=True)
class Principal:
    """The account behind a request, with its permissions in the tenant of the address."""

    account_id: UUID
    membership_id: UUID | None = None
    tenant_id: UUID | None = None
    name: str = ""
    email: str = ""
    permissions: frozenset[str] = frozenset()
    operator: bool = False
    via_api_key: bool = False


def can(principal: Principal | None, permission: str) -> bool:
    """Tell whether the principal holds `permission` in its tenant."""
    return principal is not None and permission in principal.permissions


def requires(permission: str) -> Callable[[View], View]:
    """Let only those with `permission` in the tenant of the address through to the view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not can(_principal(), permission):
                raise Forbidden(_("You lack the permission that this needs."), permission=permission)
            return view(*args, **kwargs)

        return cast("View", _marked(guarded, permission))

    return decorate


def signed_in(view: View) -> View:
    """Let everybody who is signed in through to the view; it decides the rest itself."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _principal()
        return view(*args, **kwargs)

    return cast("View", _marked(guarded, SIGNED_IN))


def operator_only(view: View) -> View:
    """Let the operator outside the tenants through; to everybody else the page does not exist."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not _principal().operator:
            raise NotFound(_("There is no such page."))
        return view(*args, **kwargs)

    return cast("View", _marked(guarded, OPERATOR))


def public(view: View) -> View:
    """Mark a view that needs nobody to be signed in; to be used sparingly."""
    return cast("View", _marked(view, PUBLIC))


def by_token(view: View) -> View:
    """Let programs that cannot sign in through to a view of a tenant: its address holds a secret, `token`.

    The view finds what the token opens by the hash that is kept of it, and raises `NotFound` for every other;
    so does whatever else is wrong, and each answer of that kind counts against the address that asked.
    Nobody is signed in: the view sees one tenant's rows, and must show what the token is for and no more.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        from samplan.identity.throttle import limited_by_token

        return limited_by_token(str(kwargs.get("token", "")), lambda: view(*args, **kwargs))

    return cast("View", _marked(guarded, BY_TOKEN))


def mark_of(view: Callable[..., Any] | None) -> str | None:
    """Return who a view lets in: a permission, or one of the marks above."""
    return getattr(view, "__samplan_permission__", None)


def _marked(view: Callable[..., Any], mark: str) -> Any:
    cast("Any", view).__samplan_permission__ = mark
    return view


def _principal() -> Principal:
    from samplan.web.request import maybe_principal

    principal = maybe_principal()
    if principal is None:
        raise NotSignedIn(_("Sign in to go on."))
    return principal
