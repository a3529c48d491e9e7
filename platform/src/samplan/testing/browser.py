"""What a browser does with our forms, for tests that go through them: it sends the page's CSRF token."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')


def csrf_token(client: FlaskClient, page: str = "/login") -> str:
    """Return the CSRF token of the forms on `page`."""
    found = _TOKEN.search(client.get(page, follow_redirects=True).text)
    if found is None:
        raise AssertionError(f"{page} has no form with a CSRF token")
    return found[1]


def submit(client: FlaskClient, page: str, action: str | None = None, **fields: Any) -> TestResponse:
    """Open `page` and send a form of it, to `action` where that is another address.

    What is to happen after the answer has gone out has happened when this returns.
    """
    fields["csrf_token"] = csrf_token(client, page)
    return client.post(action or page, data=fields, buffered=True)
