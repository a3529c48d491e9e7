"""No test reaches another host: only this one's own addresses and Unix sockets are connected to."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ELSEWHERE = "192.0.2.1"  # RFC 5737: an address for examples, nobody's


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, ELSEWHERE), (socket.AF_INET6, "2001:db8::1")])
def test_another_host_is_refused(family: socket.AddressFamily, host: str) -> None:
    with (
        socket.socket(family, socket.SOCK_STREAM) as connection,
        pytest.warns(UserWarning, match="socket.connect"),
        pytest.raises(SocketConnectBlockedError, match=host),
    ):
        connection.connect((host, 9))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_host_is_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
            connection.connect((host, server.getsockname()[1]))
        accepted, address = server.accept()
        accepted.close()
    assert address[0] == "127.0.0.1"


def test_a_unix_socket_is_reached(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(path)
        server.listen()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)
            assert connection.getpeername() == path
