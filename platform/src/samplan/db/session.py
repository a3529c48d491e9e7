"""Sessions that say whose they are, and the unit of work that owns the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session, SessionTransaction

from samplan.db.base import TenantMixin
from samplan.errors import TenantContextMissing

log = structlog.get_logger(__name__)

SETTINGS = ("tenant_id", "member_of", "group_id", "account_id")
_OWNER = "SELECT " + ", ".join(f"set_config('app.{name}', :{name}, true)" for name in SETTINGS)
_SET_ALL = text(_OWNER)
# To start workers takes longer than what a page may ask for, and there are other requests.
_SET_PAGE = text(f"{_OWNER}, set_config('max_parallel_workers_per_gather', '0', true)")


class _WorkSession(Session):
    """A session with settings to announce at each transaction, and work to do after the real commit."""

    _announce: tuple[str, ...] = ()
    _required: str | None = None

    def on_commit(self, action: Callable[[], Any]) -> None:
        """Do `action` when the unit of work has committed; a failure is logged, never raised.

        SQLAlchemy's own `after_commit` event is not used: it also fires when a savepoint is released.
        """
        self.info.setdefault("on_commit", []).append(action)


class TenantSession(_WorkSession):
    """A session that cannot start a transaction without a tenant."""

    _announce = ("tenant_id", "member_of")
    _required = "tenant_id"

    @property
    def tenant_id(self) -> UUID:
        """The tenant whose rows this session sees; fixed for the session's life."""
        return UUID(str(self.info["tenant_id"]))


class GroupSession(_WorkSession):
    """A management group's reading session: every tenant's table is empty, published rows show."""

    _announce = ("group_id",)
    _required = "group_id"


class SystemSession(_WorkSession):
    """A session outside every tenant: the register of tenants, and the tables needed to sign in."""

    _announce = ("account_id",)


AnySession = TenantSession | GroupSession | SystemSession
S = TypeVar("S", TenantSession, GroupSession, SystemSession)


@event.listens_for(_WorkSession, "after_begin", propagate=True)
def _announce_owner(session: _WorkSession, _transaction: SessionTransaction, connection: Connection) -> None:
    """Set who we are for this transaction only (`set_config(…, true)` is SET LOCAL with a parameter).

    All settings are set, those of other kinds of session to nothing: whatever the connection said before.
    """
    required = session._required  # noqa: SLF001 - the listener is part of the class
    if required and session.info.get(required) is None:
        raise TenantContextMissing("open sessions with Database.unit_of_work(tenant_id)")
    announced = session._announce  # noqa: SLF001
    values = {name: session.info.get(name) if name in announced else None for name in SETTINGS}
    statement = _SET_PAGE if session.info.get("page") else _SET_ALL
    connection.execute(statement, {name: str(value or "") for name, value in values.items()})


@event.listens_for(TenantSession, "before_flush")
def _stamp_new_rows(session: TenantSession, _context: object, _instances: object) -> None:
    """Give new rows their tenant, so that they can be written many at a time."""
    for row in session.new:
        if isinstance(row, TenantMixin) and row.tenant_id is None:
            row.tenant_id = session.tenant_id


class Database:
    """The only way to a session; each context manager commits when its block ends well."""

    def __init__(self, engine: Engine) -> None:
        """Serve sessions of `engine`, whose role must be `samplan_app`."""
        self.engine = engine
        self._bind: Engine | Connection = engine

    @contextmanager
    def unit_of_work(self, tenant_id: UUID, *, member_of: UUID | None = None) -> Iterator[TenantSession]:
        """Open a tenant's transaction; `member_of` opens what its management group shares, once checked."""
        with self._work(TenantSession, tenant_id=tenant_id, member_of=member_of) as session:
            yield session

    def tenant_session(self, tenant_id: UUID, *, member_of: UUID | None = None) -> TenantSession:
        """Return a tenant's session that its caller commits and closes, as the request does."""
        session = self._session(TenantSession, tenant_id=tenant_id, member_of=member_of)
        session.info["page"] = True
        return session

    @contextmanager
    def group_session(self, group_id: UUID) -> Iterator[GroupSession]:
        """Open a management group's reading transaction."""
        with self._work(GroupSession, group_id=group_id) as session:
            yield session

    @contextmanager
    def system_session(self, account_id: UUID | None = None) -> Iterator[SystemSession]:
        """Open a transaction outside every tenant; with `account_id` that account's memberships show."""
        with self._work(SystemSession, account_id=account_id) as session:
            yield session

    def _session(self, kind: type[S], **info: UUID | None) -> S:
        return kind(self._bind, expire_on_commit=False, info=dict(info))

    @contextmanager
    def _work(self, kind: type[S], **info: UUID | None) -> Iterator[S]:
        session = self._session(kind, **info)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        run_on_commit(session)


def run_on_commit(session: AnySession) -> None:
    """Do what was registered with `on_commit`, once; used by the unit of work and by the request."""
    for action in session.info.pop("on_commit", []):
        try:
            action()
        except Exception:
            # The row is committed: the reconciler sends what could not be sent.
            log.exception("after_commit_failed")
