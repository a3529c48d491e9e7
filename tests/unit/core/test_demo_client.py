"""The user of the demo: cookies and tokens as a browser sends them, files, and refusals in plain words."""

import json
import threading
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from samplan.demo.client import Client
from samplan.demo.folder import DemoFault

PAGE = '<form><input id="csrf_token" name="csrf_token" type="hidden" value="{}"></form>'


class Site(BaseHTTPRequestHandler):
    """Answers as the product does, and keeps what it was sent."""

    sent: ClassVar[list[tuple[str, Message, bytes]]] = []

    def do_GET(self) -> None:
        if self.path == "/api/things":
            self.answer(200, json.dumps({"cookie": self.headers["Cookie"]}))
        elif self.path == "/api/refused":
            problem = {"title": "Wrong", "detail": "The file has faults.", "errors": {"file": ["row 3"]}}
            self.answer(422, json.dumps(problem))
        elif self.path == "/api/broken":
            self.answer(500, "<html>")
        else:
            self.answer(200, PAGE.format("before") if self.path == "/login" else "<p>nothing</p>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent.append((self.path, self.headers, body))
        if self.path == "/login":
            good = parse_qs(body.decode())["password"] == ["right"]
            self.answer(200 if good else 422, PAGE.format("after"), cookie="s=1; Path=/")
        else:
            self.answer(201, '{"id": 7}')

    def answer(self, status: int, text: str, *, cookie: str | None = None) -> None:
        self.send_response(status)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def client() -> Iterator[Client]:
    Site.sent.clear()
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Client(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def test_signing_in_sends_the_pages_token_and_keeps_the_new_one_and_the_cookie(client: Client) -> None:
    client.sign_in("schemalaggare@dalarna.example.test", "right")
    path, _, body = Site.sent[0]
    assert path == "/login"
    assert parse_qs(body.decode())["csrf_token"] == ["before"]
    assert client.token == "after"
    assert client.get("/api/things") == {"cookie": "s=1"}
    assert client.post("/api/things", {"a": "å"}, key="k1") == {"id": 7}
    _, headers, body = Site.sent[1]
    assert headers["X-CSRFToken"] == "after"
    assert headers["Idempotency-Key"] == "k1"
    assert json.loads(body) == {"a": "å"}


def test_wrong_password_is_a_fault(client: Client) -> None:
    with pytest.raises(DemoFault, match="/login was answered with 422"):
        client.sign_in("schemalaggare@dalarna.example.test", "wrong")


def test_file_arrives_byte_for_byte_under_a_name_that_cannot_break_the_form(client: Client) -> None:
    content = bytes(range(256)) + b"\r\n--x\r\n"
    assert client.upload("/api/imports", 'my "ward"\r\n.xlsx', content) == {"id": 7}
    _, headers, body = Site.sent[0]
    head = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
    part = BytesParser().parsebytes(head + body).get_payload(0)
    assert isinstance(part, Message)
    assert part.get_filename() == "my _ward___.xlsx"
    assert part.get_payload(decode=True) == content


def test_refusals_are_told_with_their_reason(client: Client) -> None:
    with pytest.raises(DemoFault, match=r"/api/refused was answered with 422: The file has faults\..*row 3"):
        client.get("/api/refused")
    with pytest.raises(DemoFault, match="/api/broken was answered with 500: Internal Server Error"):
        client.get("/api/broken")
    with pytest.raises(DemoFault, match="without its token"):
        client._find_token("<p>nothing</p>")
    gone = Client("http://127.0.0.1:1")
    with pytest.raises(DemoFault, match="/login was not answered"):
        gone.get("/login")
