"""Changes that do not overwrite: `ETag` says a version, and `If-Match` which one a change is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, request
from marshmallow import Schema, fields

from samplan_rostering.services.versions import Stale

VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


class VersionHeadersSchema(Schema):
    """The version that a change is based on."""

    if_match = fields.String(
        data_key="If-Match", metadata={"description": 'the `ETag` of what is changed, as `"3"`'}
    )


def tag(version: int) -> dict[str, str]:
    """Return the header that says a version."""
    return {"ETag": f'"{version}"'}


def version_given() -> int:
    """Return the version that the request is based on; answers 428 without one and 412 for what is none."""
    given = request.headers.get("If-Match")
    if given is None:
        abort(428)
    found = VERSION.fullmatch(given)
    if found is None:
        abort(412)
    return int(found[1])


@contextmanager
def stale_refused() -> Iterator[None]:
    """Answer 412 where there is a newer version, as HTTP has it."""
    try:
        yield
    except Stale:
        abort(412)
