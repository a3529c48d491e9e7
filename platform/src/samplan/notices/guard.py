"""Which addresses may be called: none within the deployment's own networks, whatever a name leads to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

from samplan.errors import Invalid
from samplan.i18n import _
from samplan.settings import IPNetwork

LONGEST_URL = 500
IPAddress = IPv4Address | IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Blocked(Exception):
    """A name leads to an address that may not be called."""


def check_url(url: str, networks: Iterable[IPNetwork]) -> str:
    """Return an endpoint's address as it is kept; raises `Invalid` (field `url`) for one not to be called.

    Where a name leads is asked at each call and not here. Without TLS only this machine may be called,
    and that only where the operator allows its network.
    """
    text, networks = url.strip(), tuple(networks)
    if fault := _fault(text, networks):
        raise Invalid(fault, {"url": [fault]})
    return text


def _fault(text: str, networks: tuple[IPNetwork, ...]) -> str | None:
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port = "", 0
    if not text.isascii() or not text.isprintable() or " " in text or not host or port == 0:
        return _("This is not an address. Write it as https://example.org/hook.")
    if len(text) > LONGEST_URL:
        return _("The address may have at most %(n)s characters.", n=LONGEST_URL)
    if parts.username is not None or parts.password is not None or parts.fragment:
        return _("The address may hold neither a user nor a part after #.")
    literal = parse_address(host)
    if parts.scheme != "https" and not _is_this_machine(parts, literal, networks):
        return _("The address must begin with https://.")
    public = may_call(literal, networks) if literal is not None else _is_public_name(host)
    return None if public else _("The address lies in a private network, which is not called.")


def _is_public_name(host: str) -> bool:
    """Tell whether a name may be a public one; whether it is, is seen when it is looked up."""
    return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _is_this_machine(parts: SplitResult, literal: IPAddress | None, networks: tuple[IPNetwork, ...]) -> bool:
    return (
        parts.scheme == "http" and literal is not None and literal.is_loopback and may_call(literal, networks)
    )


def parse_address(host: str) -> IPAddress | None:
    """Return the IP address that a host's name is, or None."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_call(address: IPAddress, networks: Iterable[IPNetwork]) -> bool:
    """Tell whether an address is a public one, or in one of the private networks that the operator allows.

    An IPv6 address that carries an IPv4 one is judged by that too.
    """
    if any(address.version == network.version and address in network for network in networks):
        return True
    carried = _carried(address)
    if carried is not None and not may_call(carried, networks):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: IPAddress) -> IPv4Address | None:
    if not isinstance(address, IPv6Address):
        return None
    if address.teredo is not None:
        return address.teredo[1]
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def addresses_of(host: str, port: int, networks: Iterable[IPNetwork]) -> list[str]:
    """Return the addresses that a name leads to now; the caller connects to these and asks no second time.

    Raises:
        Blocked: one of them may not be called.
        OSError: the name leads nowhere.
    """
    allowed = tuple(networks)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
    for text in addresses:
        address = parse_address(text)
        if address is None or not may_call(address, allowed):
            raise Blocked(host)
    return addresses
