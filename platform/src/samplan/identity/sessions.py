"""Sessions kept in PostgreSQL: the cookie holds a random token, the table its SHA-256.

Only those who have signed in have a row, so that nobody can fill the table from outside. What a visitor
needs (the secret behind the CSRF token, the language) stands in a signed cookie of its own. `flask.session`
is the mapping of either; the account of a session cannot be set through it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Flask, Request, Response, current_app
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ColumnElement, and_, delete, not_, select, update

from samplan.clock import Clock
from samplan.core import Core
from samplan.db.session import Database
from samplan.identity.models import Account, LoginSession
from samplan.settings import Settings

ACCOUNT, LOCALE = "account_id", "locale"
VISITOR_COOKIE = "samplan_visitor"
SEEN_EVERY = timedelta(minutes=1)
LONGEST_USER_AGENT = 200


@dataclass(frozen=True, slots=True)
class SessionRow:
    """What the table says of a live session; `password_due`: a one-time password must be changed first."""

    id: UUID
    account_id: UUID
    password_due: bool
    data: dict[str, Any]
    user_agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SessionStore:
    """The table of sessions: `idle` and `absolute` are how long one lives."""

    database: Database
    clock: Clock
    idle: timedelta
    absolute: timedelta

    def find(self, token: str) -> SessionRow | None:
        """Return the live session with this token, of an account that may sign in."""
        found = self._live(LoginSession.token_hash == _hashed(token))
        return found[0] if found else None

    def of_account(self, account_id: UUID) -> list[SessionRow]:
        """Return the live sessions of an account, the newest first."""
        return self._live(LoginSession.account_id == account_id)

    def start(self, account_id: UUID, data: dict[str, Any], user_agent: str) -> str:
        """Start a session and return its token; those that have run out are removed on the way."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        row = LoginSession(
            token_hash=_hashed(token),
            account_id=account_id,
            data=data,
            user_agent=user_agent[:LONGEST_USER_AGENT],
            created_at=now,
            seen_at=now,
        )
        with self.database.system_session() as system:
            system.execute(delete(LoginSession).where(not_(self._is_live())))
            system.add(row)
        return token

    def rotate(self, session_id: UUID) -> str:
        """Give a session another token, and return it."""
        token = secrets.token_urlsafe(32)
        self._update(session_id, token_hash=_hashed(token))
        return token

    def save(self, session_id: UUID, data: dict[str, Any]) -> None:
        """Keep what a request has changed, and that the session was used."""
        self._update(session_id, data=data, seen_at=self.clock.now())

    def revoke(self, account_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> int:
        """End the account's sessions, `only` one, or all `but` one; returns how many there were."""
        query = delete(LoginSession).where(LoginSession.account_id == account_id)
        if only is not None:
            query = query.where(LoginSession.id == only)
        if but is not None:
            query = query.where(LoginSession.id != but)
        with self.database.system_session() as system:
            return len(system.scalars(query.returning(LoginSession.id)).all())

    def _update(self, session_id: UUID, **values: Any) -> None:
        with self.database.system_session() as system:
            system.execute(update(LoginSession).where(LoginSession.id == session_id).values(**values))

    def _live(self, condition: ColumnElement[bool]) -> list[SessionRow]:
        query = (
            select(LoginSession, Account.one_time_until)
            .join(Account, Account.id == LoginSession.account_id)
            .where(condition, Account.active, self._is_live())
            .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
        )
        with self.database.system_session() as system:
            return [
                SessionRow(
                    id=row.id,
                    account_id=row.account_id,
                    password_due=one_time_until is not None,
                    data=row.data,
                    user_agent=row.user_agent,
                    created_at=row.created_at,
                    seen_at=row.seen_at,
                )
                for row, one_time_until in system.execute(query)
            ]

    def _is_live(self) -> ColumnElement[bool]:
        now = self.clock.now()
        return and_(LoginSession.seen_at > now - self.idle, LoginSession.created_at > now - self.absolute)


class ServerSession(SessionMixin):
    """The session of a request: a mapping that is read when it is first used."""

    def __init__(self, interface: DatabaseSessions, request: Request) -> None:
        """Read through `interface`, by the request's cookies, when first asked."""
        self._interface, self.request = interface, request
        self._row: SessionRow | None = None
        self._data: dict[str, Any] | None = None
        self.new_token: str | None = None
        self.modified = self.accessed = False

    @property
    def loaded(self) -> bool:
        """Whether anything has used the session in this request."""
        return self._data is not None

    @property
    def row(self) -> SessionRow | None:
        """The session's row; None for a visitor."""
        self._values()
        return self._row

    @property
    def data(self) -> dict[str, Any]:
        """What is to be kept of the mapping: all but the account."""
        return {key: value for key, value in self._values().items() if key != ACCOUNT}

    def begin(self, account_id: UUID, *, locale: str | None = None) -> None:
        """Sign the account in: a new token, and of what was there before only the language."""
        self.end()
        if locale is not None:
            self[LOCALE] = locale
        token = self._interface.store.start(account_id, self.data, self.request.user_agent.string)
        self._load(self._interface.store.find(token))
        self.new_token = token

    def rotate(self) -> None:
        """Go on under a new token, because what the session may do has changed."""
        if self.row is not None:
            self.new_token = self._interface.store.rotate(self.row.id)

    def end(self) -> None:
        """Sign out: the row goes, and with it all that it held but the language."""
        if self.row is not None:
            self._interface.store.revoke(self.row.account_id, only=self.row.id)
        self._row, self._data = None, {key: self[key] for key in (LOCALE,) if key in self}
        self.new_token, self.modified = None, True

    def _values(self) -> dict[str, Any]:
        if self._data is None:
            self._load(self._interface.read(self.request))
        return cast("dict[str, Any]", self._data)

    def _load(self, row: SessionRow | None) -> None:
        self._row = row
        if row is None:
            self._data = self._interface.visitor_data(self.request)
        else:
            self._data = {**row.data, ACCOUNT: row.account_id}

    def __getitem__(self, key: str) -> Any:
        return self._values()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if key == ACCOUNT:
            raise ValueError("an account is signed in with begin()")
        self._values()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._values()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


class DatabaseSessions(SessionInterface):
    """Opens and saves the sessions of an application."""

    def __init__(self, store: SessionStore, settings: Settings, cookie: str) -> None:
        """Keep sessions in `store`, and visitors' data in a cookie signed with the settings' key."""
        self.store, self._cookie = store, cookie
        self._signer = URLSafeTimedSerializer(settings.secret_key, salt="samplan-visitor")

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return the session of a request; nothing is read yet."""
        del app
        return ServerSession(self, request)

    def read(self, request: Request) -> SessionRow | None:
        """Return the session that the request's cookie names."""
        token = request.cookies.get(self._cookie)
        return self.store.find(token) if token else None

    def visitor_data(self, request: Request) -> dict[str, Any]:
        """Return what a visitor's signed cookie holds; nothing when it is old or not ours."""
        signed = request.cookies.get(VISITOR_COOKIE, "")
        try:
            data = self._signer.loads(signed, max_age=int(self.store.absolute.total_seconds()))
        except BadData:
            return {}
        return {key: value for key, value in data.items() if key != ACCOUNT}

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what the request has changed, and set or delete the cookies."""
        current = cast("ServerSession", session)
        if not current.loaded:
            return
        response.vary.add("Cookie")
        if current.row is not None:
            self._save_row(current, current.row)
        if current.new_token is not None:
            self._set(app, response, self._cookie, current.new_token)
            self._drop(current.request, response, VISITOR_COOKIE)
        elif current.row is None:
            self._drop(current.request, response, self._cookie)
            if current.modified:
                self._set(app, response, VISITOR_COOKIE, str(self._signer.dumps(current.data)))

    def _save_row(self, current: ServerSession, row: SessionRow) -> None:
        if current.modified or self.store.clock.now() - row.seen_at >= SEEN_EVERY:
            self.store.save(row.id, current.data)

    def _set(self, app: Flask, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            name,
            value,
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
        )

    def _drop(self, request: Request, response: Response, name: str) -> None:
        if name in request.cookies:
            response.delete_cookie(name)


def install_sessions(app: Flask, core: Core) -> None:
    """Keep the sessions of `app` in the core's database."""
    settings = core.settings
    store = SessionStore(
        core.database,
        core.clock,
        idle=timedelta(minutes=settings.idle_minutes),
        absolute=timedelta(hours=settings.absolute_hours),
    )
    app.session_interface = DatabaseSessions(store, settings, app.config["SESSION_COOKIE_NAME"])


def login_session() -> ServerSession:
    """Return the session of this request."""
    return cast("ServerSession", flask_session)


def session_store() -> SessionStore:
    """Return the table of sessions of this application."""
    return cast("DatabaseSessions", current_app.session_interface).store


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
