"""Extract and erasure on the command line."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from operations import entries, widgets
from samplan.testing.site import Person, Site


def test_extract_and_erasure_on_the_command_line(
    site: Site, administrator: Person, run: Any, tmp_path: Any
) -> None:
    whose = ("--tenant", "region-a", "--reference", "first of region-a")
    out = tmp_path / "person.zip"
    result = run("privacy", "export", *whose, "--out", str(out))
    assert (result.exit_code, result.output) == (0, f"1 rows written to {out}\n")
    assert out.stat().st_mode & 0o077 == 0
    assert "dummy/widget.json" in zipfile.ZipFile(out).namelist()
    assert "cannot be written" in run("privacy", "export", *whose, "--out", str(out)).output
    assert len(entries(site, "personal_data.exported")) == 1, "what was not written was not taken out"
    shown = json.loads(run("privacy", "erase", *whose, "--json").stdout)
    assert shown["rows"] == {"dummy.widget": 1}
    assert widgets(site) == ["first of region-a"]
    refused = run("privacy", "erase", *whose, "--confirm", "0" * 16)
    assert refused.exit_code == 1
    assert "has changed" in refused.stderr
    assert "--confirm " + shown["confirm"] in run("privacy", "erase", *whose).output
    done = run("privacy", "erase", *whose, "--confirm", shown["confirm"])
    assert (done.exit_code, done.output) == (0, "     1 dummy.widget\n1 rows erased\n")
    assert widgets(site) == []
    (entry,) = entries(site, "personal_data.erased")
    assert entry.actor_kind == "operator"
    assert run("audit", "verify").exit_code == 0


def test_the_command_line_refuses_in_words(
    site: Site, administrator: Person, run: Any, tmp_path: Any
) -> None:
    out = ("--out", str(tmp_path / "x.zip"))
    nobody = run("privacy", "export", "--tenant", "region-a", *out)
    assert (nobody.exit_code, "Choose a member" in nobody.stderr) == (2, True)
    nowhere = run("privacy", "export", "--tenant", "nowhere", "--reference", "x", *out)
    assert (nowhere.exit_code, nowhere.stderr) == (1, "Error: there is no tenant nowhere\n")
    empty = run("privacy", "export", "--tenant", "region-a", "--reference", "x", *out)
    assert (empty.exit_code, "nothing is kept" in empty.stderr) == (1, True)
    other = ("--tenant", "region-b", "--member", str(administrator.membership_id))
    assert "There is no such member" in run("privacy", "erase", *other).stderr
    assert run("privacy", "erase", "--tenant", "region-a", "--reference", "x").output == (
        "nothing is kept under this reference\n"
    )
    assert not (tmp_path / "x.zip").exists()
