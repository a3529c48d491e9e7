"""The API holds what its OpenAPI document says: no generated request is a fault of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from samplan.identity.principal import load_principal
from samplan.identity.tokens import create_api_key
from samplan.testing.site import Site

MODULES = ("rostering", "agency", "blood", "fragile_areas")


def api_key(site: Site) -> str:
    """Return a key with every permission of an administrator who also makes rosters."""
    person = site.person("region-a", "administrator", "scheduler")
    now = datetime.now(UTC)
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        principal = load_principal(site.core, session, person.account_id)
        assert principal is not None
        _, key = create_api_key(
            session, principal, "prov", principal.permissions, expires_at=now + timedelta(days=1), now=now
        )
    return key


@pytest.mark.slow
def test_no_generated_request_is_answered_with_a_server_error(site: Site) -> None:
    site.add_tenant("region-a", modules=MODULES)
    headers = {"Authorization": f"Bearer {api_key(site)}"}
    document = site.app.test_client().get("/api/v1/t/region-a/openapi.json", headers=headers).get_json()
    document["paths"] = {
        path.replace("{tenant}", "region-a"): {
            **item,
            "parameters": [p for p in item.get("parameters", []) if p.get("name") != "tenant"],
        }
        for path, item in document["paths"].items()
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.app = site.app
    walked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        walked += 1

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), _seed=st.integers(0, 1))
        def call(case: schemathesis.Case, _seed: int) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=[not_a_server_error])

        call()
    assert walked >= 10
