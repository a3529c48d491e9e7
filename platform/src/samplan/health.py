"""Can this process serve? Asked by `/readyz` and by the operator's page."""

from __future__ import annotations

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from samplan.core import Core
from samplan.db.catalogue import catalogue_faults
from samplan.db.engine import role_faults
from samplan.db.migrate import pending
from samplan.modules.contributions import Check


def readiness(core: Core) -> tuple[bool, list[Check]]:
    """Return whether the process may serve, and each check; without Redis it still serves."""
    engine = core.database.engine
    try:
        role = role_faults(engine)
        migrations = pending(core.modules, engine)
        with engine.connect() as connection:
            holes = catalogue_faults(connection)
        checks = [
            Check("database", ok=True),
            Check("role", not role, "; ".join(role)),
            Check("migrations", not migrations, "; ".join(migrations)),
            Check("catalogue", not holes, "; ".join(holes)),
        ]
    except SQLAlchemyError as error:
        checks = [Check("database", ok=False, detail=type(error).__name__)]
    ready = all(check.ok for check in checks)
    return ready, [*checks, _redis_check(core.settings.redis_url)]


def _redis_check(url: str) -> Check:
    try:
        with Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as connection:
            connection.ping()
    except RedisError as error:
        return Check("redis", ok=False, detail=type(error).__name__)
    return Check("redis", ok=True)
