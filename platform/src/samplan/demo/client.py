"""A user of the running demo: signs in over HTTP as a browser does, and asks its REST API."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

from samplan.demo.folder import DemoFault

TIMEOUT_SECONDS = 60.0
_TOKEN = re.compile(r'name="csrf_token"[^>]*\bvalue="([^"]+)"')


def _opener() -> OpenerDirector:
    # The demo is on this machine: a proxy that the environment names is not asked.
    return build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({}))


@dataclass(slots=True)
class Client:
    """A user at `url`, who signs in before anything else; refusals are raised as `DemoFault`."""

    url: str
    opener: OpenerDirector = field(default_factory=_opener)
    token: str = ""

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form, and keep the session's cookie and its token against forgery."""
        form = {
            "email": email,
            "password": password,
            "csrf_token": self._find_token(self._text("/login")),
        }
        self.token = self._find_token(self._text("/login", urlencode(form).encode()))

    def get(self, path: str) -> Any:
        """Return the API's answer."""
        return json.loads(self._text(path))

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Any:
        """Send JSON and return the answer; `key` is the request's `Idempotency-Key`."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return json.loads(self._text(path, json.dumps(body).encode(), headers))

    def upload(self, path: str, filename: str, content: bytes) -> Any:
        """Send a file as the field `file` of a form (RFC 7578) and return the answer."""
        boundary = secrets.token_hex(16)
        safe = filename.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return json.loads(
            self._text(path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        )

    def _text(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> str:
        request = Request(f"{self.url}{path}", body, {"Accept-Language": "en", **(headers or {})})  # noqa: S310 - our own address
        if self.token:
            request.add_header("X-CSRFToken", self.token)
        try:
            with self.opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                text: str = answer.read().decode()
        except HTTPError as error:
            with error:
                raise DemoFault(f"{path} was answered with {error.code}: {_reason(error)}") from None
        except (URLError, TimeoutError) as error:
            raise DemoFault(f"{path} was not answered: {error}") from None
        return text

    def _find_token(self, page: str) -> str:
        found = _TOKEN.search(page)
        if found is None:
            raise DemoFault("a page came without its token against forgery")
        return found[1]


def _reason(error: HTTPError) -> str:
    """Return what a problem+json says, with the faults of the input; the bare title of another answer."""
    try:
        problem = json.loads(error.read())
    except ValueError:
        return str(error.reason)
    faults = problem.get("errors") or problem.get("faults")
    return f"{problem.get('detail') or problem.get('title')}{f' {json.dumps(faults)}' if faults else ''}"
