"""Requests that somebody made up: by changing a genuine one, and without knowing the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import simplejson

from arrears.core.webhook_signature import FURTHEST_AHEAD, OLDEST, sign

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = base64.b64encode(bytes(range(32))).decode()
CASE_ID = "8b0c8f8e-8d4c-4a3e-9f57-0d1f8c2b7a11"

_HEX = "0123456789abcdef"


def a_body(number: int = 1) -> bytes:
    """What a collector would send, with a letter that not every encoding writes alike."""
    event = {
        "id": f"evt_{number}", "specVersion": "1.0", "event": "case.updated",
        "timestamp": "2026-11-22T12:00:00Z",
        "data": {"caseId": CASE_ID, "reference": "Q8OAXF3W", "debtorName": "Müller & Sohn", "amount": 500.10},
        "links": {"self": f"/cases/{CASE_ID}"},
    }  # fmt: skip
    return simplejson.dumps(event, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Forged:
    """One request. `kind` says how it was made."""

    kind: str
    header: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Genuine:
    """What a forger may have seen, and the chance by which forgeries differ."""

    moment: str
    digest: str
    body: bytes
    chance: random.Random

    @property
    def header(self) -> str:
        return f"t={self.moment},v1={self.digest}"

    def with_digest(self, digest: str) -> str:
        return f"t={self.moment},v1={digest}"

    def mac(self, key: bytes, text: bytes, name: str = "sha256") -> str:
        return hmac.new(key, text, name).hexdigest()

    @property
    def signed(self) -> bytes:
        return self.moment.encode() + b"." + self.body


_Make = Callable[[_Genuine], str]


def _cut(one: _Genuine) -> str:
    return one.with_digest(one.digest[: one.chance.randrange(len(one.digest))])


def _longer(one: _Genuine) -> str:
    more = "".join(one.chance.choices(_HEX, k=one.chance.randint(1, 64)))
    return one.with_digest(one.chance.choice([one.digest + more, more + one.digest]))


def _one_letter(one: _Genuine) -> str:
    at = one.chance.randrange(len(one.digest))
    other = one.chance.choice([letter for letter in _HEX if letter != one.digest[at]])
    return one.with_digest(one.digest[:at] + other + one.digest[at + 1 :])


def _one_capital(one: _Genuine) -> str:
    letters = [at for at, letter in enumerate(one.digest) if letter.isalpha()]
    at = one.chance.choice(letters)
    return one.with_digest(one.digest[:at] + one.digest[at].upper() + one.digest[at + 1 :])


def _swapped(one: _Genuine) -> str:
    letters = list(one.digest)
    one.chance.shuffle(letters)
    return one.with_digest("".join(letters))


def _other_secret(one: _Genuine) -> str:
    return one.with_digest(one.mac(one.chance.randbytes(one.chance.randint(0, 64)), one.signed))


def _text_as_key(one: _Genuine) -> str:
    """Whoever knows the secret's form only, or nothing at all."""
    key = one.chance.choice([b"", b"\0", b"whsec_", b"secret", base64.b64encode(one.chance.randbytes(32))])
    return one.with_digest(one.mac(key, one.signed))


def _no_key(one: _Genuine) -> str:
    name = one.chance.choice(["sha256", "sha3_256", "blake2s", "md5", "sha1", "sha512"])
    return one.with_digest(hashlib.new(name, one.signed + one.chance.randbytes(1)).hexdigest())


def _other_text(one: _Genuine) -> str:
    """Signed by another creditor of the same collector, over what others might sign."""
    key = one.chance.randbytes(32)
    moment = one.moment.encode()
    texts = [one.body, moment + one.body, one.body + moment, b"", moment]
    return one.with_digest(one.mac(key, one.chance.choice(texts)))


def _other_writing(one: _Genuine) -> str:
    raw = bytes.fromhex(one.digest)
    written = [
        base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("="),
        base64.b32encode(raw).decode(), raw.decode("latin-1"), f"0x{one.digest}", f"sha256={one.digest}",
        f'"{one.digest}"', one.digest[::-1], raw[::-1].hex(), ":".join(raw.hex(" ").split()),
        one.digest.replace("a", "а"), f"{one.digest}\0", f"\ufeff{one.digest}", str(int(one.digest, 16)),
        "".join(chr(ord(letter) + 0xFEE0) for letter in one.digest), one.digest.upper(),
    ]  # fmt: skip
    return one.with_digest(one.chance.choice(written))


def _other_scheme(one: _Genuine) -> str:
    schemes = ["v0", "v2", "V1", "v11", "v", "", "s", "sha256", "v1=v1", "hmac", "v 1", "v1 "]
    scheme = one.chance.choice(schemes)
    return f"t={one.moment},{scheme}={one.digest}"


def _other_separator(one: _Genuine) -> str:
    between = one.chance.choice([";", "&", " ", ".", "|", "\r\n", "\t", "/", "", ",,v0=", "%2C", "，"])
    return f"t={one.moment}{between}v1={one.digest}"


def _in_part(one: _Genuine) -> str:
    other = "".join(one.chance.choices(_HEX, k=64))
    return one.chance.choice(
        [
            "", ",", "=", "t", "v1", "t=", "v1=", "t=,v1=", f"v1={one.digest}", f"t={one.moment}", one.digest,
            one.moment, f"t={one.moment},v1=", f"t=,v1={one.digest}", f"t,v1={one.digest}",
            f"t={one.moment},v1={one.digest},v1={other}", f"t={one.moment},v1={other},v1={other}",
            f"Bearer {one.digest}", "null", "true", "*", "v1=*", f"t={one.moment},v1=none",
        ]
    )  # fmt: skip


def _other_moment(one: _Genuine) -> str:
    seconds = int(one.moment)
    near = seconds + one.chance.choice([-1, 1]) * one.chance.randint(1, 290)
    written = [
        str(near), f"0{one.moment}", f"+{one.moment}", f"-{one.moment}", f"{one.moment}.0", f"{seconds:x}",
        f"{one.moment}e0", f"{seconds:_}", f"{one.moment}000", "0", "9" * 10, "9" * 400,
        "".join(chr(ord(digit) - 48 + 0x0660) for digit in one.moment), "now", "nan", f"{one.moment}\0",
    ]  # fmt: skip
    return f"t={one.chance.choice([str(near), *written])},v1={one.digest}"


def _noise(one: _Genuine) -> str:
    signs = [chr(one.chance.randrange(one.chance.choice([128, 0x2FFF]))) for _ in range(40)]
    return f"{''.join(signs)}t={one.moment},v1={''.join(one.chance.choices(_HEX, k=64))}"


#: Forged in the header: everything but knowing the key.
_HEADERS: dict[str, _Make] = {
    "the digest cut short": _cut,
    "the digest made longer": _longer,
    "one letter of the digest": _one_letter,
    "one letter a capital": _one_capital,
    "the letters in another order": _swapped,
    "another secret": _other_secret,
    "a secret that is no secret": _text_as_key,
    "no key at all": _no_key,
    "another text signed": _other_text,
    "the digest written otherwise": _other_writing,
    "another scheme": _other_scheme,
    "another separator": _other_separator,
    "a header in part": _in_part,
    "another moment": _other_moment,
    "noise": _noise,
}


def _one_bit(one: _Genuine) -> bytes:
    at = one.chance.randrange(len(one.body))
    return one.body[:at] + bytes([one.body[at] ^ 1 << one.chance.randrange(8)]) + one.body[at + 1 :]


def _one_byte(one: _Genuine) -> bytes:
    at = one.chance.randrange(len(one.body))
    more = bytes([one.chance.randrange(256)])
    return one.body[:at] + one.chance.choice([b"", more + one.body[at : at + 1]]) + one.body[at + 1 :]


def _written_anew(one: _Genuine) -> bytes:
    found = json.loads(one.body)
    names = list(found)
    one.chance.shuffle(names)
    mixed = {name: found[name] for name in names}
    text = one.chance.choice(
        [
            json.dumps(found, separators=(",", ":"), ensure_ascii=False), json.dumps(found, indent=2),
            json.dumps(found), json.dumps(mixed, ensure_ascii=False), json.dumps(found, indent="\t"),
            json.dumps({**found, "more": one.chance.random()}, ensure_ascii=False),
            json.dumps({**found, "id": f"evt_{one.chance.getrandbits(64)}"}, ensure_ascii=False),
        ]
    )  # fmt: skip
    return text.encode()


def _encoded_anew(one: _Genuine) -> bytes:
    text = one.body.decode()
    return one.chance.choice(
        [
            text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-32"), text.encode("latin-1"),
            text.encode("utf-8-sig"), text.encode("ascii", "backslashreplace"), base64.b64encode(one.body),
            text.encode("ascii", "xmlcharrefreplace"), one.body.hex().encode(), text.upper().encode(),
        ]
    )  # fmt: skip


def _around(one: _Genuine) -> bytes:
    more = one.chance.choice([b" ", b"\n", b"\r\n", b"\0", b"{}", b"]", one.body])
    return one.chance.choice([one.body + more, more + one.body, b"", one.body[: one.chance.randrange(200)]])


#: Forged in the body, under a genuine header.
_BODIES: dict[str, Callable[[_Genuine], bytes]] = {
    "one bit of the body": _one_bit,
    "one byte more, less or other": _one_byte,
    "the body written anew": _written_anew,
    "the body encoded anew": _encoded_anew,
    "something around the body": _around,
}

KINDS = (*_HEADERS, *_BODIES)


def forgeries(seed: int, *, bodies_only: bool = False) -> Iterator[Forged]:
    """Forgeries without end, one of each kind in turn, always the same for one seed. None is genuine."""
    chance = random.Random(seed)  # noqa: S311 - the same forgeries each time
    number = 0
    while True:
        number += 1
        body = a_body(number)
        moment, _, digest = sign(SECRET, body, NOW).removeprefix("t=").partition(",v1=")
        one = _Genuine(moment, digest, body, chance)
        made = [(kind, one.header, make(one)) for kind, make in _BODIES.items()]
        if not bodies_only:
            made += [(kind, make(one), body) for kind, make in _HEADERS.items()]
        yield from (Forged(*parts) for parts in made if parts[1:] != (one.header, body))


def out_of_time(seed: int) -> Iterator[Forged]:
    """Signed with the right key at the wrong moment: played again, or made ahead."""
    chance = random.Random(seed)  # noqa: S311
    body = a_body()
    while True:
        late = OLDEST + timedelta(seconds=chance.choice([1, 2, 60, 86_400, chance.randrange(1, 10**8)]))
        ahead = FURTHEST_AHEAD + timedelta(seconds=chance.choice([1, 2, 60, chance.randrange(1, 10**8)]))
        yield Forged("played again too late", sign(SECRET, body, NOW - late), body)
        yield Forged("made ahead", sign(SECRET, body, NOW + ahead), body)
