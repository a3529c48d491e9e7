"""The members of a tenant: who they are, which roles they hold, and their access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.access.declarations import MEMBERS_MANAGE, MEMBERS_READ
from samplan.access.models import Role
from samplan.access.policy import requires
from samplan.access.service import role_labels, roles_of, set_roles
from samplan.db.sorting import swedish_key, swedish_sort
from samplan.errors import Conflict, Invalid
from samplan.i18n import _
from samplan.identity.forms import MemberForm, RolesForm
from samplan.identity.models import Membership
from samplan.identity.onboarding import invite_member, reset_password
from samplan.identity.service import find_member, set_active
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session

FormWithRoles = TypeVar("FormWithRoles", MemberForm, RolesForm)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member, ready for the template."""

    id: UUID
    name: str
    email: str
    roles: str
    active: bool


@core_pages.get("/t/<tenant>/members")
@requires(MEMBERS_READ)
def members() -> Response:
    """List the tenant's members, with a form for a new one."""
    return _list_page(_with_roles(MemberForm()), 200)


@core_pages.post("/t/<tenant>/members")
@requires(MEMBERS_MANAGE)
def add_member() -> Response:
    """Add a member, and show the one-time password of a new account this once."""
    form = _with_roles(MemberForm())
    if not form.validate():
        return _list_page(form, 422)
    try:
        invitation = invite_member(
            current_core(), current_session(), form.name.data, form.email.data, form.roles.data
        )
    except (Conflict, Invalid) as error:
        form.show(error)
        return _list_page(form, error.status)
    if invitation.one_time_password is None:
        flash(_("The person has been added, and signs in with the password of the account."), "success")
        return redirect(url_for("core.members"))
    return _password_page(invitation.member, invitation.one_time_password)


@core_pages.get("/t/<tenant>/members/<uuid:member_id>")
@requires(MEMBERS_MANAGE)
def member(member_id: UUID) -> Response:
    """Show a member, with what can be changed."""
    found = find_member(current_session(), member_id)
    form = _with_roles(RolesForm())
    form.roles.data = sorted(roles_of(current_session()).get(found.id, frozenset()))
    return _member_page(found, form, 200)


@core_pages.post("/t/<tenant>/members/<uuid:member_id>/roles")
@requires(MEMBERS_MANAGE)
def change_roles(member_id: UUID) -> Response:
    """Give a member other roles."""
    found, form = find_member(current_session(), member_id), _with_roles(RolesForm())
    if not form.validate():
        return _member_page(found, form, 422)
    try:
        set_roles(current_session(), found.id, form.roles.data)
    except (Conflict, Invalid) as error:
        form.show(error)
        return _member_page(found, form, error.status)
    flash(_("The roles have been saved."), "success")
    return redirect(url_for("core.members"))


@core_pages.post("/t/<tenant>/members/<uuid:member_id>/access")
@requires(MEMBERS_MANAGE)
def change_access(member_id: UUID) -> Response:
    """End a member's access, or give it back."""
    found = find_member(current_session(), member_id)
    active = request.form.get("active") == "1"
    try:
        set_active(current_session(), found, active=active)
    except Conflict as error:
        form = _with_roles(RolesForm(formdata=None))
        form.show(error)
        return _member_page(found, form, error.status)
    flash(_("The member has access again.") if active else _("The member's access has ended."), "success")
    return redirect(url_for("core.members"))


@core_pages.post("/t/<tenant>/members/<uuid:member_id>/password")
@requires(MEMBERS_MANAGE)
def reset_member_password(member_id: UUID) -> Response:
    """Give a member a one-time password, and show it this once."""
    found = find_member(current_session(), member_id)
    return _password_page(found, reset_password(current_core(), current_session(), found))


def _with_roles(form: FormWithRoles) -> FormWithRoles:
    labels = _labels()
    keys = current_session().scalars(select(Role.key)).all()
    form.roles.choices = sorted(
        ((key, labels.get(key, key)) for key in keys), key=lambda c: swedish_key(c[1])
    )
    return form


def _labels() -> dict[str, str]:
    return role_labels(current_core().modules.role_templates())


def _list_page(form: MemberForm, status: int) -> Response:
    session = current_session()
    query = select(Membership).order_by(
        Membership.active.desc(), swedish_sort(Membership.display_name), Membership.id
    )
    held, labels = roles_of(session), _labels()
    rows = [
        MemberView(
            id=row.id,
            name=row.display_name,
            email=row.email,
            roles=", ".join(sorted(labels.get(key, key) for key in held.get(row.id, frozenset()))),
            active=row.active,
        )
        for row in session.scalars(query)
    ]
    return make_response(render_template("core/members.html", members=rows, form=form), status)


def _member_page(found: Membership, form: RolesForm, status: int) -> Response:
    own = found.id == current_principal().membership_id
    return make_response(render_template("core/member.html", member=found, form=form, own=own), status)


def _password_page(found: Membership, password: str) -> Response:
    return make_response(render_template("core/one_time_password.html", member=found, password=password))
