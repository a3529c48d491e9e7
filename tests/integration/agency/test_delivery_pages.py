"""The pages of deliveries, as their users go through them."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, text

from agency_files import FIRST, NOW, checked, fill_reference, said
from samplan.access.models import RolePermission
from samplan.jobs.heartbeat import Heartbeat
from samplan.testing.site import Person, Site
from samplan_agency.cli import agency
from samplan_agency.models import CostLine, Delivery, Supplier
from samplan_agency.permissions import Allow
from samplan_agency.services.deliveries.steps import get_delivery, read_delivery

BASE = "/t/ett/agency"
PAST = FIRST.replace("2027", "2026")


@pytest.fixture
def controller(site: Site) -> Person:
    site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        fill_reference(session)
    return site.person("ett", "controller")


def send(person: Person, content: bytes, name: str = "huvudbok.csv", **more: str) -> Any:
    data = {"kind": "ledger", "source": "Raindance", "file": (BytesIO(content), name), **more}
    return person.client.post(f"{BASE}/deliveries/new", data=data, content_type="multipart/form-data")


def chosen(page: str) -> dict[str, str]:
    """Return what the mapping's form sends as it is shown."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'value="([^"]*)" selected', options)
        found[name] = selected[1] if selected else ""
    return found | dict(re.findall(r'name="(raw-[^"]+)" value="([^"]*)"', page))


def test_a_file_is_mapped_checked_and_read_in(site: Site, controller: Person) -> None:
    sent = send(controller, FIRST.encode("cp1252"))
    assert sent.status_code == 303
    mapping = controller.client.get(sent.location)
    assert "KONTO_ID" in mapping.text
    checked = controller.client.post(sent.location, data=chosen(mapping.text) | {"name": "Raindance"})
    assert checked.status_code == 303
    site.dispatcher().work(site.core)
    page = controller.client.get(checked.location)
    assert "Vad den ändrar" in page.text
    assert "0999" in page.text

    viewer = site.person("ett", "viewer").client
    assert viewer.get(checked.location).status_code == 200
    assert viewer.post(f"{checked.location}/read").status_code == 403
    assert controller.client.post(f"{checked.location}/read").status_code == 303
    site.dispatcher().work(site.core)

    assert "734,50" in controller.client.get(f"{BASE}/deliveries").text
    again = send(controller, FIRST.replace("1 234,50", "2 000,00").encode())
    site.dispatcher().work(site.core)  # the saved mapping fits: nobody is asked
    controller.client.post(f"{again.location}/read")
    site.dispatcher().work(site.core)
    newest = controller.client.get(again.location).text
    assert "765,50" in newest  # the difference of the line that was replaced
    assert controller.client.post(f"{again.location}/read").status_code == 303
    assert controller.client.post(f"{again.location}/cancel").status_code == 409
    of_sums, of_rows = (site.person("ett", role).client for role in ("viewer", "production_director"))
    assert "Enstaka rader visas" in (sums := of_sums.get(again.location).text)
    assert "2\u00a0000,00" not in sums.split("Vad filen innehåller")[0]
    assert "2\u00a0000,00" in of_rows.get(again.location).text


def test_a_column_that_a_saved_mapping_has_not_seen_is_asked_about(site: Site, controller: Person) -> None:
    def where(heading: str, day: int) -> str:
        rows = FIRST.replace("2027-02-03", f"2027-02-{day:02d}").splitlines()
        return str(send(controller, f"{rows[0]};{heading}\n{rows[1]};A-1\n".encode()).location)

    mapping = send(controller, FIRST.encode()).location
    said = chosen(controller.client.get(mapping).text) | {"name": "Raindance"}
    assert controller.client.post(mapping, data=said).status_code == 303
    assert not where("Okänd", 1).endswith("/mapping"), "it names no field"
    asked = chosen(controller.client.get(new := where("Avropsnr", 2)).text)
    assert (asked["column-order_reference"], asked["column-account"]) == ("c12", said["column-account"])
    left = said | asked | {"column-order_reference": ""}
    assert controller.client.post(new, data=left).status_code == 303
    assert not where("Avropsnr", 3).endswith("/mapping"), "it is left out"


def checked_delivery(site: Site, content: str = FIRST) -> UUID:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return checked(session, content, said()).id


def test_a_delivery_that_is_worked_on_is_not_waited_for(site: Site, controller: Person) -> None:
    page = f"{BASE}/deliveries/{checked_delivery(site)}"
    with site.core.database.unit_of_work(site.tenants["ett"].id) as working:
        working.scalars(select(Delivery).with_for_update()).all()
        for step in ("read", "check", "cancel"):
            answer = controller.client.post(f"{page}/{step}")
            assert answer.status_code == 409, step
            assert "just nu" in answer.text
    assert controller.client.post(f"{page}/cancel").status_code == 303
    assert controller.client.post(f"{page}/check").status_code == 409, "it has been left aside"


def test_a_run_that_is_stopped_reads_nothing_in(
    site: Site, controller: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"{BASE}/deliveries/{checked_delivery(site)}"
    with monkeypatch.context() as patched:
        patched.setattr(Heartbeat, "report", lambda _self, _news: False)
        controller.client.post(f"{page}/read")
        site.dispatcher().work(site.core)
    assert "ingenting har lästs in" in controller.client.get(page).text
    controller.client.post(f"{page}/read")
    site.dispatcher().work(site.core)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert session.scalars(select(CostLine.delivery_id)).all(), "the second run did"


def test_an_older_file_tells_that_a_later_one_of_its_months_has_been_read_in(
    site: Site, controller: Person
) -> None:
    old, other = checked_delivery(site), checked_delivery(site, FIRST.replace("2027-02", "2026-12"))
    new = checked_delivery(site, FIRST.replace("1 234,50", "2 000,00"))
    warning = "En senare fil för de här månaderna har lästs in."
    assert warning not in controller.client.get(f"{BASE}/deliveries/{old}").text
    controller.client.post(f"{BASE}/deliveries/{new}/read")
    site.dispatcher().work(site.core)
    shown = {key: controller.client.get(f"{BASE}/deliveries/{key}").text for key in (old, other, new)}
    assert [warning in text for text in shown.values()] == [True, False, False]


def test_two_files_may_name_the_same_new_supplier_at_once(site: Site, controller: Person) -> None:
    first, second = (checked_delivery(site, FIRST.replace("1001;", f"{number};")) for number in (1, 2))
    database, tenant_id = site.core.database, site.tenants["ett"].id

    def read_second() -> None:
        with database.unit_of_work(tenant_id) as session:
            read_delivery(session, get_delivery(session, second), NOW)

    with ThreadPoolExecutor(1) as other:
        with database.unit_of_work(tenant_id) as session:
            read_delivery(session, get_delivery(session, first), NOW)
            reading = other.submit(read_second)
            while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not reading.done()
        reading.result()
    with database.unit_of_work(tenant_id) as session:
        assert session.scalars(select(Supplier.code)).all() == ["L1"]
        assert len(set(session.scalars(select(CostLine.supplier_id)))) == 1


def test_a_corrected_file_is_mapped_as_the_one_before(site: Site, controller: Person) -> None:
    """The heading of the account is not known, and nobody has saved the mapping under a name."""
    file = FIRST.replace("KONTO_ID", "Slag").replace("4471", "9999")
    sent = send(controller, file.encode())
    said = chosen(controller.client.get(sent.location).text)
    assert said["column-account"] == ""
    refused = controller.client.post(sent.location, data=said)
    assert refused.status_code == 422
    assert "<li>Säg vilken kolumn som är: Konto.</li></ul></ds-error-summary>" in refused.text
    place = f"c{FIRST.split(chr(10))[0].split(';').index('KONTO_ID') + 1}"
    assert controller.client.post(sent.location, data=said | {"column-account": place}).status_code == 303
    site.dispatcher().work(site.core)
    again = send(controller, file.replace("9999", "4471").encode())
    assert chosen(controller.client.get(again.location).text)["column-account"] == place
    other = send(controller, file.replace("Slag", "Kontoslag").encode())
    assert chosen(controller.client.get(other.location).text)["column-account"] == ""


def test_faults_are_shown_by_row_and_column_in_the_readers_language(site: Site, controller: Person) -> None:
    sent = send(controller, FIRST.replace("4471", "9999").encode())
    mapping = controller.client.get(sent.location)
    controller.client.post(sent.location, data=chosen(mapping.text))
    site.dispatcher().work(site.core)
    page = controller.client.get(sent.location.removesuffix("/mapping")).text
    assert "Kontot finns inte i kontotabellen." in page
    assert "KONTO_ID" in page
    viewer = site.person("ett", "viewer").client.get(sent.location.removesuffix("/mapping")).text
    assert "1 fel" in viewer
    assert "KONTO_ID" not in viewer


def test_kinds_that_need_another_permission_are_neither_offered_nor_taken(
    site: Site, controller: Person
) -> None:
    prices = (
        "Avtal;Yrkeskategori;Yrke;Zon;Timpris;Gäller från\nD-1;Barnmorska;Ssk;3;700;2027-01-01\n".encode()
    )
    sent = send(controller, prices, kind="prices")
    assert sent.status_code == 303
    delivery = sent.location.removesuffix("/mapping")
    assert 'value="prices"' in controller.client.get(f"{BASE}/deliveries/new").text
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        session.execute(delete(RolePermission).where(RolePermission.permission == Allow.WRITE_REFERENCE))

    page = controller.client.get(f"{BASE}/deliveries/new").text
    assert 'value="prices"' not in page
    assert 'value="ledger"' in page
    assert send(controller, prices, kind="prices").status_code == 422
    assert controller.client.get(f"{delivery}/mapping").status_code == 403
    steps = ("mapping", "check", "read", "cancel")
    assert [controller.client.post(f"{delivery}/{step}").status_code for step in steps] == [403] * 4
    assert controller.client.get(delivery).status_code == 200
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert session.scalars(select(Delivery.state)).all() == ["waiting"]


def test_what_cannot_be_used_is_told_and_nothing_kept(site: Site, controller: Person) -> None:
    assert "kan inte läsas in" in send(controller, b"%PDF-1.7 hej").text
    assert send(controller, FIRST.encode(), first="2027-13").status_code == 422
    assert send(controller, FIRST.encode(), first="2027-03", last="2027-02").status_code == 422
    assert send(controller, FIRST.encode(), kind="recept").status_code == 422
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert session.scalars(select(Delivery)).all() == []


@pytest.fixture
def command(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Return what runs `samplan agency deliver` and tells how it ended and what it said."""
    monkeypatch.setattr("samplan.plugin_api.command_core", lambda: site.core)

    def run(file: Path, *more: str, mapping: str = "Raindance", kind: str = "ledger") -> tuple[int, str]:
        words = ["deliver", str(file), "--tenant", "ett", "--kind", kind, "--mapping", mapping, *more]
        done = CliRunner().invoke(agency, words)
        return done.exit_code, done.output

    return run


def stored(site: Site) -> tuple[int, int]:
    """Return how many lines of costs and deliveries there are."""
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        counts = (select(func.count()).select_from(kind) for kind in (CostLine, Delivery))
        lines, deliveries = (session.scalar(count) or 0 for count in counts)
    return lines, deliveries


def test_the_command_reads_in_by_a_saved_mapping_and_tells_by_its_end(
    site: Site, controller: Person, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    file = tmp_path / "huvudbok.csv"
    file.write_bytes(PAST.encode("cp1252"))
    assert (command(file)[0], stored(site)) == (2, (0, 0))  # nobody has saved that mapping
    sent = send(controller, PAST.encode("cp1252"))
    answers = chosen(controller.client.get(sent.location).text) | {"name": "Raindance"}
    controller.client.post(sent.location, data=answers)

    would = "2 rows: 2 new, 0 replaced, 0 put aside, 0 as before; would be read in\n"
    assert (command(file, "--dry-run"), stored(site)) == ((0, would), (0, 1))
    done = would.replace("would be read in", "read in as delivery 2")
    assert (command(file, "--from", "2026-02", "--to", "2026-02"), stored(site)) == ((0, done), (2, 2))
    assert command(file)[1].startswith("2 rows: 0 new, 0 replaced, 0 put aside, 2 as before")

    file.write_bytes(PAST.replace("4471", "9999").replace("2026-02-03", "2026-02-30", 1).encode("cp1252"))
    code, told = command(file)
    assert (code, stored(site)) == (1, (2, 4))  # what was refused is kept with its faults
    for words in ("C2: There is no such date", "E2: The account", "2 faults, nothing is read in"):
        assert words in told
    for content in (b"Konto;Belopp\n1;2\n", PAST.encode().decode("cp1252").encode(), b"%PDF-1.7"):
        file.write_bytes(content)
        code, told = command(file)
        assert (code, stored(site)) == (2, (2, 4)), told
    assert "PDF" in told
    ends = [command(file, kind="recept"), command(file, mapping="Annan"), command(file, "--from", "2027-13")]
    assert [code for code, _told in ends] == [2, 2, 2]
