"""Documents between tenants: who may write, who may read, by each of the three policies."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from samplan.audit.models import AuditEntry
from samplan.errors import NotFound
from samplan.exchange.models import HandedOver, SentToMembers, Shared
from samplan.exchange.service import Document, hand_over, readable, send_to_members, share, withdraw
from samplan.modules.manager import Modules
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_group, add_tenant
from samplan.testing.server import RolledBackDatabase

DOCUMENT = Document("dummy.report", "Rapport", {"n": 1})
MODELS: list[Any] = [HandedOver, SentToMembers, Shared]
WRITERS = {HandedOver: hand_over, SentToMembers: send_to_members, Shared: share}


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


@dataclass(frozen=True, slots=True)
class Scene:
    """A group of two members, its own tenant, and an outsider."""

    db: RolledBackDatabase
    group: UUID
    own: Tenant
    first: Tenant
    second: Tenant
    outsider: Tenant

    def write(self, tenant: Tenant, model: Any) -> UUID:
        with self.db.unit_of_work(tenant.id) as session:
            document_id: UUID = WRITERS[model](session, DOCUMENT, self.group).id
            return document_id

    def seen_by(self, tenant: Tenant, model: Any, *, as_member: bool = False) -> int:
        with self.db.unit_of_work(tenant.id, member_of=self.group if as_member else None) as session:
            return len(readable(session, model))

    def seen_by_group(self, model: Any) -> int:
        with self.db.group_session(self.group) as session:
            return len(readable(session, model))


@pytest.fixture
def scene(db: RolledBackDatabase) -> Scene:
    first, second, outsider = (add_tenant(db, slug) for slug in ("forsta", "andra", "utanfor"))
    own, group = add_group(db, members=[first, second])
    return Scene(db, group, own, first, second, outsider)


@pytest.mark.parametrize(
    ("model", "by_member", "readers"),
    [
        # which of: the writer itself, the group, the other member, the outsider
        (HandedOver, True, (1, 1, 0, 0)),
        (SentToMembers, False, (1, 0, 1, 0)),
        (Shared, True, (1, 1, 1, 0)),
    ],
)
def test_each_policy_shows_documents_to_its_readers_only(
    scene: Scene, model: Any, by_member: bool, readers: tuple[int, ...]
) -> None:
    writer = scene.first if by_member else scene.own
    scene.write(writer, model)
    assert (
        scene.seen_by(writer, model),
        scene.seen_by_group(model),
        scene.seen_by(scene.second, model, as_member=True),
        scene.seen_by(scene.outsider, model),
    ) == readers
    # without the checked membership, a member sees nothing of the others
    assert scene.seen_by(scene.second, model) == 0
    with scene.db.system_session() as system:
        assert system.scalars(select(model)).all() == []


@pytest.mark.parametrize(("model", "by_member"), [(HandedOver, True), (SentToMembers, False), (Shared, True)])
def test_postgresql_refuses_other_writers(scene: Scene, model: Any, by_member: bool) -> None:
    others = [scene.outsider, scene.own if by_member else scene.first]
    for writer in others:
        with pytest.raises(IntegrityError):
            scene.write(writer, model)
    writer, other = (scene.first, scene.second) if by_member else (scene.own, scene.first)
    with pytest.raises(ProgrammingError), scene.db.unit_of_work(other.id) as session:
        session.add(model(group_id=scene.group, tenant_id=writer.id, kind="x.y", title="t", body={}))
    assert scene.seen_by_group(model) == 0


@pytest.mark.parametrize("model", MODELS)
def test_readers_cannot_change_what_they_read(scene: Scene, model: Any) -> None:
    writer = scene.own if model is SentToMembers else scene.first
    scene.write(writer, model)
    with scene.db.unit_of_work(scene.second.id, member_of=scene.group) as session:
        assert session.execute(update(model).values(title="mine")).rowcount == 0
    with scene.db.group_session(scene.group) as session:
        assert session.execute(update(model).values(title="mine")).rowcount == 0


@pytest.mark.parametrize("model", MODELS)
def test_the_writer_withdraws_its_own_and_readers_leave_it_out(scene: Scene, model: Any) -> None:
    writer = scene.own if model is SentToMembers else scene.first
    document_id = scene.write(writer, model)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with (
        scene.db.unit_of_work(scene.second.id, member_of=scene.group) as session,
        pytest.raises(NotFound),
    ):
        withdraw(session, model, document_id, now)
    with scene.db.unit_of_work(writer.id) as session:
        withdraw(session, model, document_id, now)
        with pytest.raises(NotFound):
            withdraw(session, model, document_id, now)
        assert [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))][
            -1
        ] == "exchange.withdrawn"
        assert session.scalars(select(model.withdrawn_at)).one() == now
    assert scene.seen_by_group(model) == 0
    assert scene.seen_by(scene.second, model, as_member=True) == 0


def test_documents_are_found_by_kind_newest_first(scene: Scene) -> None:
    with scene.db.unit_of_work(scene.first.id) as session:
        for title in ("a", "b"):
            hand_over(session, Document("dummy.report", title, {}), scene.group)
        hand_over(session, Document("dummy.other", "c", {}), scene.group)
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["exchange.handed_over"] * 3
    with scene.db.group_session(scene.group) as session:
        assert [row.title for row in readable(session, HandedOver, "dummy.report")] == ["b", "a"]
