"""Which addresses strangers may make us connect to: public web servers, and nothing near us."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

#: The longest address taken, in characters.
LONGEST_URL = 1024
PORTS = (443, 8443)

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
_LONGEST_HOST_NAME = 253

#: Everything in IPv4 that is not one ordinary server on the internet: IANA's special-purpose registry,
#: multicast, the future use block, and one address inside a public block that means "this machine's host".
_SPECIAL_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's address translation
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the platform under a virtual machine at Azure
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

#: The only part of IPv6 that is given out to networks. Outside it lie loopback, mapped and compatible IPv4,
#: NAT64, unique local, link-local, site-local, multicast and segment routing.
_GIVEN_OUT_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which leads to any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # a test network that has ended
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether an address may be an ordinary server on the internet. When in doubt it is not."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _SPECIAL_IPV4)
    if address.scope_id or address not in _GIVEN_OUT_IPV6:
        return False
    return not any(address in block for block in _SPECIAL_IPV6)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: `host` is a name or an IP address without brackets, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """What the server is told that it is called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def target_of(url: str, *, anywhere: bool = False) -> Target:
    """Read a URL strictly. `anywhere` also takes unencrypted ones and any port.

    Says nothing about where the host is; that is for whoever resolves it. Raises ValueError with a sentence.
    """
    if len(url) > LONGEST_URL:
        raise ValueError(f"The address is longer than {LONGEST_URL:,} characters.")
    if not url.isascii() or not url.isprintable() or any(sign in url for sign in ' \\"<>^`{|}'):
        raise ValueError(
            "The address contains characters that addresses cannot have. Write other characters as %XX, "
            "and an international host name in its xn-- form."
        )
    parts = _split(url)
    if parts.scheme not in (("https", "http") if anywhere else ("https",)):
        raise ValueError("The address must begin with https://.")
    if "@" in parts.netloc:
        raise ValueError("The address must not contain a user name or password.")
    if "#" in url:
        raise ValueError("The address must not contain #.")
    host, port = _host(parts), _port(parts)
    if port not in PORTS and not anywhere:
        raise ValueError("The address must use port 443 or 8443.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        try:
            return str(ipaddress.IPv6Address(host if "%" not in host else ""))
        except ValueError:
            host = ""
    if not _HOST_NAME.fullmatch(host) or len(host) > _LONGEST_HOST_NAME:
        raise ValueError("The address must look like https://example.com/path.")
    return host.rstrip(".")


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        port = 0
    return {"https": 443, "http": 80}[parts.scheme] if port is None else port
