"""The checked-in browser files are those that VENDOR.json names; the lock tells no address."""

import hashlib
import json
import re
from pathlib import Path

import samplan

ROOT = Path(__file__).parents[3]
VENDOR = Path(samplan.__file__).parent / "web/static/core/vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))["packages"]


def test_every_file_is_listed_with_its_hash() -> None:
    listed = {name: digest for package in PACKAGES for name, digest in package["sha256"].items()}
    present = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    assert present == listed


def test_every_package_has_a_licence_that_lets_us_pass_it_on() -> None:
    assert {package["licence"] for package in PACKAGES} <= {
        "MIT",
        "OFL-1.1",
        "Apache-2.0",
        "BSD-0-Clause",
        "0BSD",
    }
    for package in PACKAGES:
        folder = next(iter(package["sha256"])).split("/")[0]
        text = (VENDOR / folder / "LICENSE.txt").read_text("utf-8")
        assert f"{package['name']} {package['version']}" in text


def test_versions_are_exact_and_those_of_the_lock() -> None:
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = {**manifest["dependencies"], **manifest["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    vendored = {package["name"]: package["version"] for package in PACKAGES}
    assert vendored.items() <= wanted.items()


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, entry in lock.items() if "resolved" in entry] == []
    # What a package bundles inside itself has no hash of its own.
    bare = [
        name
        for name, entry in lock.items()
        if name and "integrity" not in entry and not entry.get("inBundle")
    ]
    assert bare == []


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (VENDOR / "icons/icons.svg").read_text("utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    templates = VENDOR.parents[2] / "templates"
    used = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r"""(?:icon\(|icon_name=)["']([\w-]+)["']""", path.read_text("utf-8"))
    }
    assert used
    assert used - known == set()
