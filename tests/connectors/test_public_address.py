"""Which addresses are public, and which URLs are taken."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.connectors.public_address import LONGEST_URL, Target, is_public, target_of

#: The first and last address of every block that is not one ordinary server.
SPECIAL = """
    0.0.0.0 0.255.255.255  10.0.0.0 10.255.255.255  100.64.0.0 100.127.255.255  127.0.0.0 127.255.255.255
    168.63.129.16  169.254.0.0 169.254.169.254 169.254.255.255
    172.16.0.0 172.31.255.255  192.0.0.0 192.0.0.255
    192.0.2.0 192.0.2.255  192.88.99.0 192.88.99.255  192.168.0.0 192.168.255.255  198.18.0.0 198.19.255.255
    198.51.100.0 198.51.100.255  203.0.113.0 203.0.113.255  224.0.0.0 239.255.255.255
    240.0.0.0 255.255.255.255
    192.31.196.1  192.52.193.1  192.175.48.1
    ::  ::1  ::ffff:127.0.0.1  ::ffff:8.8.8.8  ::8.8.8.8  ::ffff:0:8.8.8.8
    64:ff9b::  64:ff9b::808:808  64:ff9b:1::  64:ff9b:1:ffff:ffff:ffff:ffff:ffff  100::  100::ffff
    2001::  2001:0:4136:e378:8000:63bf:3fff:fdd2  2001:2::  2001:10::  2001:20::  2001:1ff:ffff:ffff::1
    2001:db8::  2001:db8:ffff:ffff:ffff:ffff:ffff:ffff  2002::  2002:7f00:1::  2002:808:808::1
    3ffe::1  3fff::  3fff:fff:ffff::1  4000::  5f00::  5f00:ffff::1
    fc00::  fd00:ec2::254  fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  fe80::  fe80::1  fe80::1%eth0  febf::1
    fec0::  feff::1  ff00::  ff02::1  ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  2606:4700::1111%1
"""

#: The neighbours of those blocks, and some well-known servers.
PUBLIC = """
    1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0
    191.255.255.255 192.0.1.0
    192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255
    203.0.114.0 223.255.255.255
    2000::1 2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2001:db9::1 2003::1 2606:4700::1111 2a00:1450::1
"""


@pytest.mark.parametrize("address", SPECIAL.split())
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_their_neighbours_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_special(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    assert not (special and is_public(address))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com", Target("https", "hooks.example.com", 443, "/")),
        ("https://Hooks.Example.com:8443/a/b?c=d", Target("https", "hooks.example.com", 8443, "/a/b?c=d")),
        ("https://hooks.example.com.:443/a", Target("https", "hooks.example.com", 443, "/a")),
        ("https://[2606:4700::1111]/x", Target("https", "2606:4700::1111", 443, "/x")),
        ("https://xn--bcher-kva.example/%C3%BC", Target("https", "xn--bcher-kva.example", 443, "/%C3%BC")),
    ],
)
def test_sound_urls_are_read(url: str, target: Target) -> None:
    assert target_of(url) == target


def test_the_host_header_has_brackets_and_an_unusual_port() -> None:
    assert target_of("https://[2606:4700::1111]:8443/").host_header == "[2606:4700::1111]:8443"
    assert target_of("https://hooks.example.com/").host_header == "hooks.example.com"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "//hooks.example.com",
        "https:",
        "https://",
        "https:///path",
        "https:hooks.example.com",
        "http://hooks.example.com",
        "ftp://hooks.example.com",
        "file:///etc/passwd",
        "gopher://hooks.example.com:443/",
        "javascript:alert(1)",
        "https://user@hooks.example.com",
        "https://user:word@hooks.example.com",
        "https://@hooks.example.com",
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com:80",
        "https://hooks.example.com:22",
        "https://hooks.example.com:0",
        "https://hooks.example.com:99999",
        "https://hooks.example.com:x",
        "https://hooks.example.com:-443",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/a b",
        " https://hooks.example.com",
        "https://hooks.example.com\n",
        "https://hooks.example.com\r\nHost: x",
        "https://hooks.example.com\\@127.0.0.1",
        "https://hooks.example.com\t/",
        "https://hooks.example.com\x00/",
        "https://hooks.exämple.com",
        "https://①②⑦.0.0.1",
        "https://hooks..example.com",
        "https://.example.com",
        "https://-hooks.example.com",
        "https://%31%32%37.0.0.1/",
        "https://hooks.example.com%00.evil.example/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://[v1.x]/",
        "https://[hooks.example.com]/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        f"https://hooks.example.com/{'a' * LONGEST_URL}",
    ],
)
def test_other_urls_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^The address .*\.$"):
        target_of(url)


def test_for_development_any_port_and_unencrypted_ones_are_taken() -> None:
    assert target_of("http://127.0.0.1:9000/x", anywhere=True) == Target("http", "127.0.0.1", 9000, "/x")
    assert target_of("http://localhost", anywhere=True).port == 80
    for url in ("ftp://localhost/", "https://a@localhost/"):
        with pytest.raises(ValueError, match="address"):
            target_of(url, anywhere=True)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, f"https://{text}"):
        try:
            target = target_of(url)
        except ValueError:
            continue
        assert target.scheme == "https"
        assert target.port in (443, 8443)
        assert target.path.startswith("/")
