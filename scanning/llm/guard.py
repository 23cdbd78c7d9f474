"""Where a request may go. The name is resolved once, every address of it is judged, and the connection goes to an
address that was judged: a name that resolves differently a moment later (DNS rebinding) gains nothing."""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from scanning.llm.errors import AddressRefused, Unreachable

PORTS = {"http": 80, "https": 443}
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\Z")
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z")
# Addresses that carry an IPv4 address inside: judged by the one inside.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """A judged destination: the address to connect to, and the name that the certificate must bear."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def url(self) -> str:
        literal = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{literal}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        literal = f"[{self.host}]" if ":" in self.host else self.host
        return literal if self.port == PORTS[self.scheme] else f"{literal}:{self.port}"


def resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def judge(
    url: str, *, allowed: frozenset[str], private: frozenset[str], resolver: Resolver | None = None
) -> Target:
    """The checked target of a URL. `private` lists host:port that may lie in private ranges and speak plain HTTP."""
    scheme, host, port, path = _parts(url)
    local = f"{host}:{port}" in private
    if not local and not {host, f"{host}:{port}"} & allowed:
        raise AddressRefused
    if scheme != "https" and not local:
        raise AddressRefused
    literal = _literal(host)
    found = [str(literal)] if literal else (resolver or resolve)(host, port)
    if not found:
        raise Unreachable
    for each in found:
        if not permitted(_address(each), local):
            raise AddressRefused
    return Target(scheme, host, port, found[0], path)


def _parts(url: str) -> tuple[str, str, int, str]:
    if not url.isascii() or re.search(r"[\s\\\x00-\x20\x7f]", url):
        raise AddressRefused
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefused from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise AddressRefused
    return parts.scheme, host, port, parts.path or "/"


def _literal(host: str) -> Address | None:
    """The address that a host spells out, None for a name. Decimal, octal and hexadecimal forms are refused:
    resolvers read them differently."""
    if ":" in host:
        return _address(host)
    last = host.rpartition(".")[2]
    if NUMBER.match(last):
        address = _address(host)
        if str(address) != host:
            raise AddressRefused
        return address
    if not NAME.match(host):
        raise AddressRefused
    return None


def _address(text: str) -> Address:
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise AddressRefused from error
    if getattr(address, "scope_id", None):
        raise AddressRefused
    return address


def inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if not int(address) >> 32 and int(address) > 1:
        return ipaddress.IPv4Address(int(address))
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def permitted(address: Address, local: bool) -> bool:
    """Whether a request may go there. Link-local, where clouds keep their secrets, is never permitted."""
    if address in LOCAL_NAT64 if isinstance(address, ipaddress.IPv6Address) else False:
        return False
    real = inner(address)
    if real.is_link_local or real.is_multicast or real.is_unspecified:
        return False
    if real.is_reserved and not real.is_loopback:
        return False
    return local or real.is_global
