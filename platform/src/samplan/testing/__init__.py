"""Shared test fixtures, registered with pytest as `samplan`; also for plugins outside this repository.

The application is imported by the fixtures, not here, so that coverage sees its import.
"""

import pytest

pytest_plugins = ("samplan.testing.fixtures",)

_MARKS = {"db": "database_server", "redis": "redis_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the two marks that `pytest_collection_modifyitems` sets."""
    config.addinivalue_line("markers", "db: needs PostgreSQL")
    config.addinivalue_line("markers", "redis: needs Redis")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers that its fixtures start, so that `-m "not db"` is always true."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for mark, fixture in _MARKS.items():
            if fixture in fixtures:
                item.add_marker(mark)
