"""Messages to workers: three ids, sent through Redis by RQ, or kept in memory by tests.

A message is a hint where to look. Losing or doubling one does no harm: the reconciler sends what is
missing, and only one worker can take a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from samplan.settings import Settings

if TYPE_CHECKING:
    from samplan.core import Core

# Message ids in a queue are asked for in whole, so a queue must stay short: the reconciler keeps at most so
# many messages of one tenant in each, and sends the tenants' messages in turn.
MESSAGES_PER_TENANT = 4

CONNECT_SECONDS, ANSWER_SECONDS = 2.0, 5.0  # a request must not hang when Redis is away
FAILURE_SECONDS = 3600  # how long RQ keeps what it knows of a message whose worker died
EXECUTE = "samplan.jobs.runner.execute"


def message_id(run_id: UUID, attempt: int) -> str:
    """Return the id of the message for one attempt of a run."""
    return f"{run_id}-{attempt}"


class Dispatcher(Protocol):
    """Sends messages to workers."""

    def send(self, tenant_id: UUID, run_id: UUID, attempt: int, queue: str, *, max_seconds: int) -> None:
        """Put the message into `queue` unless it is there already."""
        ...

    def waiting(self, queue: str) -> frozenset[str]:
        """Return the ids of the messages that wait in `queue` for a worker."""
        ...


class RqDispatcher:
    """Sends through Redis; as JSON, so that write access to Redis is no way to run code."""

    def __init__(self, settings: Settings) -> None:
        """Send to the queues of the deployment's environment; connects at the first message."""
        self._environment = settings.environment
        self._redis = Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )

    def send(self, tenant_id: UUID, run_id: UUID, attempt: int, queue: str, *, max_seconds: int) -> None:
        """Put the message into `queue`; raises `redis.RedisError` when Redis is away."""
        line = rq_queue(self._environment, queue, self._redis)
        name = message_id(run_id, attempt)
        try:
            line.enqueue_call(
                EXECUTE,
                args=(str(tenant_id), str(run_id), attempt),
                timeout=max_seconds,
                result_ttl=0,
                failure_ttl=FAILURE_SECONDS,
                description=name,
                job_id=name,
                unique=True,
            )
        except DuplicateJobError:
            # A worker took it from the queue and died before it took the run.
            if name not in self.waiting(queue):
                line.push_job_id(name)

    def waiting(self, queue: str) -> frozenset[str]:
        """Return the ids in the list of `queue`; raises `redis.RedisError` when Redis is away."""
        return frozenset(rq_queue(self._environment, queue, self._redis).get_job_ids())


def rq_queue(environment: str, queue: str, connection: Redis) -> Queue:
    """Return RQ's queue of a deployment."""
    return Queue(f"samplan:{environment}:{queue}", connection=connection, serializer=JSONSerializer)


@dataclass(slots=True)
class InlineDispatcher:
    """Keeps messages in memory until a test lets them be worked off in its own process."""

    messages: dict[str, tuple[UUID, UUID, int, str]] = field(default_factory=dict)

    def send(self, tenant_id: UUID, run_id: UUID, attempt: int, queue: str, *, max_seconds: int) -> None:  # noqa: ARG002 - no time limit within a test's process
        """Keep the message."""
        self.messages.setdefault(message_id(run_id, attempt), (tenant_id, run_id, attempt, queue))

    def waiting(self, queue: str) -> frozenset[str]:
        """Return the ids of the messages of `queue`."""
        return frozenset(name for name, message in self.messages.items() if message[-1] == queue)

    def work(self, core: Core) -> int:
        """Run every attempt that was asked for, also those asked for meanwhile; returns how many."""
        from samplan.jobs.runner import run_attempt

        count = 0
        while self.messages:
            tenant_id, run_id, attempt, _queue = self.messages.pop(next(iter(self.messages)))
            run_attempt(core, tenant_id, run_id, attempt)
            count += 1
        return count
