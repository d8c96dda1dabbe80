"""URLs by which somebody might try to make us connect to a machine near us, several hundred of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

#: Addresses that must not be reached, one for each kind and the well-known targets among them.
_NEAR_IPV4 = (
    "0.0.0.0",  # noqa: S104 - to be refused, not to be listened at
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.1.2.3",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.17.0.1",
    "172.31.255.254",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
)
_NEAR_IPV6 = (
    "::",
    "::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)

#: Names that the tests' resolver leads to a near address, alone or among public ones.
NAMES: dict[str, Sequence[str]] = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "db": ["172.17.0.2"],
    "both.example": ["93.184.215.14", "10.0.0.5"],
    "both6.example": ["2606:4700::1111", "fd00::5"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "nat64.example": ["64:ff9b::a00:1"],
    "sixtofour.example": ["2002:a00:1::1"],
    "scoped.example": ["fe80::1%lo"],
    "none.example": [],
    "nonsense.example": ["not an address"],
    **{f"{address.replace('.', '-')}.nip.example": [address] for address in _NEAR_IPV4},
}


def hostile_urls() -> list[str]:
    """All of them, always the same."""
    hosts = [form for address in _NEAR_IPV4 for form in _ways_to_write(address)]
    hosts += [f"[{form}]" for address in _NEAR_IPV6 for form in _ways_to_write_ipv6(address)]
    hosts += list(NAMES)
    urls = [f"https://{host}/hook" for host in hosts]
    urls += [f"https://{host}:8443/hook" for host in NAMES]
    urls += [f"https://hooks.example.com@{address}/hook" for address in _NEAR_IPV4]
    urls += [f"https://{address}#@hooks.example.com/" for address in _NEAR_IPV4]
    urls += [f"https://hooks.example.com\\@{address}/" for address in _NEAR_IPV4[:5]]
    urls += [f"{scheme}://127.0.0.1/" for scheme in ("http", "ftp", "file", "gopher", "dict", "ldap", "")]
    urls += [f"https://127.0.0.1:{port}/" for port in (0, 22, 25, 80, 5432, 6379, 9200, 65535, 65536, 99999)]
    urls += ["https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://127.0.0.1\t/", "https:\n//127.0.0.1/"]
    urls += [
        "https://127.0.0.1%2f@hooks.example.com/",
        "https://0/",
        "https://[::]:8443/",
        "https:127.0.0.1/",
    ]
    return urls


def _ways_to_write(address: str) -> Iterator[str]:
    number = int(ipaddress.IPv4Address(address))
    parts = [int(part) for part in address.split(".")]
    yield address
    yield f"{address}."
    yield str(number)
    yield hex(number)
    yield f"0{number:o}"
    yield ".".join(hex(part) for part in parts)
    yield ".".join(f"0{part:03o}" for part in parts)
    yield f"{parts[0]}.{(parts[1] << 16) + (parts[2] << 8) + parts[3]}"
    yield f"{parts[0]}.{parts[1]}.{(parts[2] << 8) + parts[3]}"
    yield f"{parts[0]:#x}.{parts[1]}.0{parts[2]:o}.{parts[3]}"
    for prefix in ("::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:"):
        yield f"[{prefix}{address}]"
    high, low = number >> 16, number & 0xFFFF
    yield f"[2002:{high:x}:{low:x}::1]"


def _ways_to_write_ipv6(address: str) -> Iterator[str]:
    yield address
    yield ipaddress.IPv6Address(address).exploded
    yield f"{address}%25lo"
