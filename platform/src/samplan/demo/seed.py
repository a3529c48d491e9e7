"""What a demo starts with: a login per role and tenant, and what each module brings. All of it is invented.

May be repeated: what is there already is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from uuid import UUID

from sqlalchemy import select

from samplan.access.models import Role
from samplan.audit.context import SYSTEM, acting_as
from samplan.core import Core
from samplan.identity import passwords
from samplan.identity.models import Account, Membership
from samplan.identity.service import add_member, create_account, set_password
from samplan.modules.contributions import DemoSeed
from samplan.tenancy.context import TenantContext, tenant_scope

DOMAIN = "example.test"  # reserved for examples: no message can ever arrive there (RFC 2606)
OPERATOR_EMAIL = f"drift@samplan.{DOMAIN}"

# What the holder of a role is called in an address; a role that a module adds goes by its key.
LOCAL_PARTS = {
    "administrator": "administrator",
    "scheduler": "schemalaggare",
    "ward_manager": "enhetschef",
    "staffing_coordinator": "bemanning",
    "employee": "medarbetare",
    "controller": "controller",
    "laboratory_head": "labchef",
    "production_director": "produktionsdirektor",
    "board_secretary": "sekreterare",
    "viewer": "lasare",
    "group_member": "ledamot",
}
# Common names, put together at random.
FIRST_NAMES = (
    "Anna", "Karin", "Maria", "Eva", "Lena", "Sara", "Johanna", "Elin", "Ingrid", "Sofia", "Amina", "Leila",
    "Lars", "Anders", "Mikael", "Johan", "Per", "Erik", "Karl", "Nils", "Oskar", "Omar", "Yusuf", "Gustav",
)  # fmt: skip
LAST_NAMES = (
    "Lindberg", "Bergström", "Sandberg", "Holm", "Nyström", "Ek", "Åkerlund", "Sjödin", "Öberg", "Dahl",
    "Hedlund", "Norrby", "Fors", "Almgren", "Haddad", "Rashid", "Söderholm", "Vik", "Åström", "Lundin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who can sign in: with which address, as what, and where (None: outside the tenants)."""

    email: str
    role: str
    tenant: TenantContext | None


def seed_accounts(core: Core, password: str) -> list[Login]:
    """Give each tenant a login for each of its roles, and the service its operator; all by one password.

    The regions' production directors also sit in the management group, so that somebody has a choice.
    Returns the logins: the operator, then by tenant and role.
    """
    tenants = core.tenants.all()
    logins = [Login(OPERATOR_EMAIL, "operator", None)]
    for tenant in tenants:
        with core.database.unit_of_work(tenant.id) as session:
            keys = session.scalars(select(Role.key).order_by(Role.key)).all()
        logins += [Login(address(key, tenant), key, tenant) for key in keys]
    accounts = _accounts(core, [login.email for login in logins], password)
    for tenant in tenants:
        members = {login.email: login.role for login in logins if login.tenant == tenant}
        if tenant.kind == "group":
            regions = [region for region in tenants if region.member_of == tenant.group_id]
            members |= {address("production_director", region): "group_member" for region in regions}
        with acting_as(SYSTEM), core.database.unit_of_work(tenant.id) as session:
            known = set(session.scalars(select(Membership.account_id)))
            for email, role in members.items():
                if accounts[email] not in known:
                    add_member(session, accounts[email], _name(email), email, [role])
    return logins


def _accounts(core: Core, emails: list[str], password: str) -> dict[str, UUID]:
    """Return an account for each address, which the password opens; new ones are created."""
    # Hashing takes a quarter of a second by intention: it is done once, not once an account.
    new_hash = cache(lambda: passwords.hash_password(password))
    opens = cache(lambda stored: passwords.verify(stored, password))
    ids: dict[str, UUID] = {}
    with core.database.system_session() as session:
        known = {account.email: account for account in session.scalars(select(Account))}
        for email in emails:
            account = known.get(email)
            if account is None:
                account = create_account(session, email, new_hash(), operator=email == OPERATOR_EMAIL)
            elif not opens(account.password_hash):
                set_password(account, new_hash())
            ids[email] = account.id
    return ids


def seed_modules(core: Core, today: date) -> None:
    """Let each module fill the tenants that use it, each in a transaction of its own."""
    for tenant in core.tenants.all():
        for name in sorted(tenant.enabled_modules):
            chance = Random(f"{tenant.slug}/{name}")  # noqa: S311 - examples that are the same every time
            with (
                acting_as(SYSTEM),
                tenant_scope(tenant),
                core.database.unit_of_work(tenant.id) as session,
            ):
                core.modules.call(name, "samplan_demo", seed=DemoSeed(session, tenant, chance, today))


def address(role: str, tenant: TenantContext) -> str:
    """Return the address that the holder of a role signs in with."""
    local = LOCAL_PARTS.get(role, role.replace("_", "-"))
    return f"{local}@{tenant.slug.removeprefix('region-')}.{DOMAIN}"


def _name(email: str) -> str:
    chance = Random(email)  # noqa: S311 - the same person everywhere
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
