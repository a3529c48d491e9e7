"""What a run was asked, has come to and failed of: Redis holds three ids of it, other tenants see nothing."""

from __future__ import annotations

import json
import logging
import re
import zlib
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from redis import Redis

from samplan.ids import new_id
from samplan.jobs.dispatch import EXECUTE, RqDispatcher
from samplan.jobs.models import JobRun
from samplan.jobs.service import send_after_commit
from samplan.testing.site import Person, Site

SIGN = "⟦A⟧"
SAID: dict[str, Any] = {
    "params": {"note": SIGN},
    "subject": f"roster:{SIGN}",
    "idempotency_key": SIGN,
    "progress": {"phase": SIGN, "percent": 40},
    "result": {"text": SIGN},
    "error_code": SIGN,
    "error_details": {"message": SIGN},
    "error_id": SIGN,
}


@pytest.fixture
def regions(site: Site) -> Site:
    """Two regions with rostering on."""
    for slug in ("region-a", "region-b"):
        site.add_tenant(slug, ("rostering",))
    return site


def add_run(site: Site, *, send: bool = False, **values: Any) -> UUID:
    """Add a run of the first region in which everything that it can say has the sign."""
    job = next(job for job in site.core.modules.get("rostering").jobs)
    run = JobRun(
        id=new_id(), job_type=job.name, module="rostering", attempt=1, queue="solve", **SAID | values
    )
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        session.add(run)
        session.flush()
        if send:
            send_after_commit(site.core, session, run, job)
        return run.id


def contents(redis: Redis) -> dict[str, Any]:
    """Return all that lies in a Redis, by key."""
    read = {
        "string": redis.get,
        "hash": lambda key: {name: unpacked(value) for name, value in redis.hgetall(key).items()},
        "set": redis.smembers,
        "list": lambda key: redis.lrange(key, 0, -1),
        "zset": lambda key: redis.zrange(key, 0, -1),
    }
    return {key.decode(): read[redis.type(key).decode()](key) for key in redis.scan_iter("*")}


def unpacked(value: bytes) -> bytes:
    """Return a field as it was before RQ compressed it; the sign could not be seen in it otherwise."""
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def signs(value: object) -> list[str]:
    """Return the forms of the sign in a value: as it is, as JSON escapes it, as bytes are printed."""
    forms = (SIGN, json.dumps(SIGN)[1:-1], repr(SIGN.encode())[2:-1])
    return [form for form in forms if form in str(value)]


def test_redis_holds_the_ids_of_tenant_run_and_attempt_only(regions: Site, redis_url: str) -> None:
    settings = replace(regions.core.settings, redis_url=redis_url)
    regions.core = replace(regions.core, settings=settings, dispatcher=RqDispatcher(settings))
    run_id = add_run(regions, send=True)
    with Redis.from_url(redis_url) as redis:
        found = contents(redis)
    message = found[f"rq:job:{run_id}-1"]
    ids = [str(regions.tenants["region-a"].id), str(run_id), 1]
    assert json.loads(message[b"data"]) == [EXECUTE, None, ids, {}]
    assert message[b"description"].decode() == f"{run_id}-1"
    assert json.loads(message.get(b"meta", b"{}")) == {}
    assert signs(found) == []
    assert signs({"data": SIGN.encode()}) != [], "it would be seen"


@pytest.mark.parametrize("status", ["queued", "running", "succeeded", "failed", "cancelled"])
def test_another_tenant_is_told_nothing_of_a_run(
    regions: Site, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = add_run(regions, status=status)
    owner = regions.person("region-a", "administrator", "scheduler")
    stranger = regions.person("region-b", "administrator", "scheduler")
    assert shown(owner, f"/api/v1/t/region-a/jobs/{run_id}") == (200, True), "the owner is told"
    caplog.set_level(logging.DEBUG)
    one = [rule for rule in regions.app.url_map.iter_rules() if re.search(r"/jobs/<uuid:run_id>", rule.rule)]
    assert len(one) == 7
    for rule in one:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for slug in ("region-a", "region-b"):
                url = rule.rule.replace("<tenant>", slug).replace("<uuid:run_id>", str(run_id))
                assert shown(stranger, url, method) == (404, False), f"{method} {url}"
    for url in ("/api/v1/t/region-b/jobs", "/t/region-b/jobs", "/t/region-b/"):
        assert shown(stranger, url) == (200, False), url
    assert signs(caplog.text) == []
    with regions.core.database.unit_of_work(regions.tenants["region-a"].id) as session:
        run = session.get_one(JobRun, (session.tenant_id, run_id))
        assert (run.status, run.cancel_requested) == (status, False)


def shown(person: Person, url: str, method: str = "GET") -> tuple[int, bool]:
    """Return the status of an answer, and whether it has the sign, as it is or escaped."""
    with person.client.open(url, method=method) as answer:
        return answer.status_code, bool(signs(answer.text))
