"""A tenant whose people and other systems are told of things, with the peers that they are told through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from notices import KEY, OtherSystem, Postbox, other_system, postbox
from notices_bench import NoticeBench, make_notice_bench
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.modules.manager import Modules


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Postbox]:
    with postbox() as found:
        yield found


@pytest.fixture
def box(mail_server: Postbox) -> Postbox:
    """Give a mail server that has got nothing yet."""
    mail_server.letters.clear()
    mail_server.refused.clear()
    return mail_server


@pytest.fixture
def system() -> Iterator[OtherSystem]:
    with other_system() as found:
        yield found


@pytest.fixture
def clock() -> FrozenClock:
    """Give a clock that stands at this moment: who verifies a signature asks how old it is."""
    return FrozenClock(datetime.now(UTC))


@pytest.fixture
def bench(db: Database, modules: Modules, clock: FrozenClock, box: Postbox) -> NoticeBench:
    return make_notice_bench(db, modules, clock, mail_url=box.url, webhook_key=KEY)
