"""The organisation's workbook: looked at first, then imported."""

import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from organisations import BASE, content, everything, workbook
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site

SOUND = {
    "units": [
        {"code": "r", "name": "Region Prov", "kind": "region"},
        {"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "r"},
    ]
}


FAULTY = {"units": [{"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "q"}]}


def upload(client: FlaskClient, data: bytes) -> TestResponse:
    answer = client.post(f"{BASE}/import", data={"file": (io.BytesIO(data), "o.xlsx")})
    answer.request.input_stream.close()  # the test client leaves a large form open
    return answer


def test_a_workbook_is_looked_at_first_and_then_imported(site: Site, boss: Person) -> None:
    data = workbook(**SOUND)
    preview = upload(boss.client, data)
    assert preview.status_code == 200
    assert "Sjukhuset" in preview.text
    assert content(data)["content"] in preview.text
    assert everything(site, OrgUnit) == []
    assert boss.client.post(f"{BASE}/import/confirm", data=content(data)).status_code == 302
    assert {row.code for row in everything(site, OrgUnit)} == {"r", "h"}
    exported = boss.client.get(f"{BASE}/export.xlsx")
    assert exported.headers["Content-Disposition"].startswith("attachment")
    same = upload(boss.client, exported.data)
    assert same.status_code == 200
    assert "import/confirm" not in same.text  # nothing would change


def test_a_faulty_workbook_is_explained_marked_and_not_saved(site: Site, boss: Person) -> None:
    data = workbook(**FAULTY)
    answer = upload(boss.client, data)
    assert answer.status_code == 422
    assert "Enheter" in answer.text
    assert boss.client.post(f"{BASE}/import/confirm", data=content(data)).status_code == 422
    assert everything(site, OrgUnit) == []
    marked = boss.client.post(f"{BASE}/import/marked", data=content(data))
    assert marked.data.startswith(b"PK")
    assert boss.client.post(f"{BASE}/import/marked", data=content(workbook(**SOUND))).status_code == 302


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 no", b"x" * 900_000])
def test_another_file_is_refused_with_a_reason(site: Site, boss: Person, data: bytes) -> None:
    answer = upload(boss.client, data)
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert everything(site, OrgUnit) == []


def test_no_file_and_half_a_file_are_refused(boss: Person) -> None:
    assert boss.client.post(f"{BASE}/import", data={}).status_code == 422
    for path in ("confirm", "marked"):
        assert boss.client.post(f"{BASE}/import/{path}", data={"content": "räv"}).status_code == 422
    assert boss.client.post(f"{BASE}/import/confirm", data={}).status_code == 422


def test_the_template_can_be_had(boss: Person) -> None:
    assert boss.client.get(f"{BASE}/template.xlsx").data.startswith(b"PK")
