"""Static files under addresses that name their contents, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.security import safe_join

KEPT = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"
NOT_KEPT = "no-store"
VERSION = "v"
VERSION_LENGTH = 12  # hexadecimal digits of the SHA-256: it need only tell one release's file from another's

_ANSWERED = frozenset({200, 206, 304})


class StaticVersions:
    """The version of each static file; computed once, and anew when the file has changed."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[str, tuple[tuple[int, int], str]] = {}

    def of(self, folder: str | None, filename: str) -> str | None:
        """Return the version of a file below `folder`; None where there is no such file."""
        path = safe_join(folder, filename) if folder else None
        if path is None:
            return None
        try:
            state = Path(path).stat()
            stamp = (state.st_mtime_ns, state.st_size)
            if path not in self._known or self._known[path][0] != stamp:
                self._known[path] = (stamp, version_of(Path(path).read_bytes()))
        except (OSError, ValueError):  # a name that no file can have
            return None
        return self._known[path][1]


def version_of(content: bytes) -> str:
    """Return the version that stands in the address of a file with this content."""
    return hashlib.sha256(content).hexdigest()[:VERSION_LENGTH]


def install_static_versions(app: Flask) -> None:
    """Give the addresses of static files, the core's and the plugins', their version."""
    versions = app.extensions["samplan_static"] = StaticVersions()

    @app.url_defaults
    def give_version(endpoint: str, values: dict[str, Any]) -> None:
        if is_static(endpoint) and VERSION not in values:
            version = versions.of(_folder_of(app, endpoint), str(values.get("filename", "")))
            if version is not None:
                values[VERSION] = version


def is_static(endpoint: str | None) -> bool:
    """Tell whether an endpoint serves static files: the core's own, or a blueprint's."""
    return endpoint == "static" or (endpoint or "").endswith(".static")


def static_cache_control(response: Response) -> str:
    """Return how long the static file that is being answered may be kept.

    For ever only when the address names the very content that is sent: while a new release is rolled out, a
    new page may ask a process with the old file, which must not be kept under the new address.
    """
    if response.status_code not in _ANSWERED:
        return NOT_KEPT
    versions: StaticVersions = current_app.extensions["samplan_static"]
    folder = _folder_of(current_app, request.endpoint or "")
    version = versions.of(folder, str((request.view_args or {}).get("filename", "")))
    return KEPT if version is not None and request.args.get(VERSION) == version else SHORT


def _folder_of(app: Flask, endpoint: str) -> str | None:
    """Return the folder that an endpoint serves files from."""
    name = endpoint.rpartition(".")[0]
    return (app.blueprints[name] if name else app).static_folder
