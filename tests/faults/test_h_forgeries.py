"""What somebody else made up is never taken for a collector's word."""

from __future__ import annotations

import dis
import hashlib
import hmac
import inspect
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from types import FrameType
from typing import Any

import pytest
from pydantic import SecretStr

from arrears.bridge import receive_event as receiving
from arrears.bridge.models import Receipt, TrackedCase
from arrears.connectors.debitura import webhooks
from arrears.core import webhook_signature
from arrears.core.webhook_signature import FURTHEST_AHEAD, OLDEST, is_genuine, sign
from arrears.ports import FeedEvent
from arrears.web import urls
from tests.faults.catalogue import fault
from tests.faults.feed import Feed
from tests.faults.forgeries import KINDS, NOW, SECRET, Forged, a_body, forgeries

SECOND = timedelta(seconds=1)

_SECRETS = (SecretStr(SECRET),)


def _taken(made: Sequence[Forged]) -> list[str]:
    """The kinds of those that are taken for genuine."""
    return [one.kind for one in made if webhooks.read_event(one.header, one.body, _SECRETS, NOW) is not None]


def _a_genuine_one_is_taken() -> bool:
    return webhooks.read_event(sign(SECRET, a_body(), NOW), a_body(), _SECRETS, NOW) is not None


# --- H1 -------------------------------------------------------------------------------------------------


def _compare_as_much_as_was_sent(patch: pytest.MonkeyPatch) -> None:
    def careless(secret: str, header: str, body: bytes, *, now: datetime) -> bool:
        fields = dict(part.strip().partition("=")[::2] for part in header.split(","))
        moment, digest = fields.get("t", ""), fields.get("v1", "")
        if not (moment.isascii() and moment.isdecimal() and len(moment) <= 10):
            return False
        if abs(now - datetime.fromtimestamp(int(moment), UTC)) > OLDEST:
            return False
        expected = sign(secret, body, datetime.fromtimestamp(int(moment), UTC)).partition("v1=")[2]
        return expected.startswith(digest)

    patch.setattr(webhooks, "is_genuine", careless)


@fault("H1", _compare_as_much_as_was_sent)
def test_h1_of_many_thousand_forgeries_none_is_taken() -> None:
    """No request without the right signature is taken, however its signature is missing, cut or made up."""
    made = list(islice(forgeries(1), 25_000))
    assert {one.kind for one in made} == set(KINDS)
    assert _taken(made) == []
    assert _a_genuine_one_is_taken()


def test_h1_at_the_door_a_forgery_leaves_no_trace(feed: Feed) -> None:
    feed.open_case("AR-1")
    url = feed.subscription.url
    for forged in islice(forgeries(2), 2 * len(KINDS)):
        if not forged.header.isprintable():
            continue
        header = forged.header.encode("utf-8").decode("latin-1")
        assert feed.send(url, {"X-Debitura-Signature": header}, forged.body) == 400, forged
    assert Receipt.objects.count() == 0
    assert TrackedCase.objects.count() == 0


def test_h1_nobody_can_sign_with_an_empty_secret() -> None:
    moment = str(int(NOW.timestamp()))
    digest = hmac.new(b"", moment.encode() + b"." + a_body(), hashlib.sha256).hexdigest()
    assert not is_genuine("", f"t={moment},v1={digest}", a_body(), now=NOW)


def test_h1_the_secret_of_one_account_opens_no_other(feed: Feed) -> None:
    feed.open_case("AR-1")
    delivery = feed.fake.hooks.deliveries()[0]
    other = delivery.url.replace(feed.account.hook_token, "another-token")
    assert feed.send(other, dict(delivery.headers), delivery.body) == 404
    account = feed.another_account()
    assert feed.send(feed.url_of(account), dict(delivery.headers), delivery.body) == 400
    assert Receipt.objects.count() == 0


# --- H2 -------------------------------------------------------------------------------------------------


def _check_what_was_parsed(patch: pytest.MonkeyPatch) -> None:
    def careless(secret: str, header: str, body: bytes, *, now: datetime) -> bool:
        try:
            body = json.dumps(json.loads(body), ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return False
        return is_genuine(secret, header, body, now=now)

    patch.setattr(webhooks, "is_genuine", careless)


@fault("H2", _check_what_was_parsed)
def test_h2_a_body_that_was_touched_is_not_taken() -> None:
    """A signature is good for the very bytes it was made over, and for no other spelling of them."""
    assert _taken(list(islice(forgeries(3, bodies_only=True), 10_000))) == []
    assert _a_genuine_one_is_taken()


# --- H3 -------------------------------------------------------------------------------------------------


def _refuse_only_what_is_too_old(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(webhook_signature, "FURTHEST_AHEAD", timedelta(days=3650))


@fault("H3", _refuse_only_what_is_too_old)
def test_h3_a_replay_is_known_again_or_too_late(feed: Feed) -> None:
    """In five minutes a replay is the same event, after them it is refused; so is one made ahead."""
    feed.open_case("AR-1")
    (delivery,) = feed.fake.hooks.deliveries()
    assert [feed.post(delivery) for _ in range(3)] == [200, 200, 200]
    feed.clock.advance(OLDEST)
    assert feed.post(delivery) == 200
    assert Receipt.objects.count() == 1
    feed.clock.advance(SECOND)
    assert feed.post(delivery) == 400
    feed.clock.advance(timedelta(days=30))
    assert feed.post(delivery) == 400
    event = feed.event("AR-1")
    for ahead, status in ((FURTHEST_AHEAD, 200), (FURTHEST_AHEAD + SECOND, 400), (timedelta(days=1), 400)):
        assert feed.post(feed.fake.hooks.sign(event, feed.clock.now() + ahead)) == status, ahead
    assert Receipt.objects.count() == 2


# --- H4 -------------------------------------------------------------------------------------------------


def _take_the_kind_from_the_header(patch: pytest.MonkeyPatch) -> None:
    routes: list[Any] = [*urls.urlpatterns]
    (route,) = (one for one in routes if getattr(one, "name", "") == "collector_hook")
    door = route.callback

    def careless(request: Any, token: str) -> Any:
        answer = door(request, token)
        kind = request.headers.get("X-Debitura-Event", "")
        Receipt.objects.filter(account__hook_token=token).update(kind=kind)
        return answer

    careless.csrf_exempt = True  # type: ignore[attr-defined]
    patch.setattr(route, "callback", careless)


@fault("H4", _take_the_kind_from_the_header)
def test_h4_only_the_signed_body_counts_and_it_counts_once(feed: Feed) -> None:
    """However often and under whatever headers an event comes, it is one event, told by its body."""
    feed.open_case("AR-1")
    (delivery,) = feed.fake.hooks.deliveries()
    before = feed.reads()
    for other in (
        {},
        {"X-Debitura-Event": "case.closed"},
        {"X-Debitura-Timestamp": "1"},
        {"X-Debitura-Test": "true", "X-Debitura-Event": "payment.created"},
        {"X-Debitura-Replay": "true", "X-Debitura-Event": ""},
        {"X-Debitura-Event": "case.closed", "Content-Type": "text/plain"},
    ):
        assert feed.send(delivery.url, {**delivery.headers, **other}, delivery.body) == 200, other
    receipt = Receipt.objects.get()
    assert (receipt.kind, receipt.case_id) == ("case.created", delivery.event.case_id)
    feed.handle()
    feed.replay(delivery.event)
    assert feed.deliver() == 1
    feed.handle()
    assert feed.reads() == before + 1
    assert Receipt.objects.count() == 1
    assert feed.wrong() == []


# --- H10 ------------------------------------------------------------------------------------------------


def _parse_first(patch: pytest.MonkeyPatch) -> None:
    checked = webhooks.read_event

    def careless(
        signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
    ) -> FeedEvent | None:
        event = json.loads(body)
        return checked(signature, body, secrets, now) if event.get("id") else None

    patch.setattr(webhooks, "read_event", careless)


class _Counted:
    """A body that is only as long as somebody reads."""

    def __init__(self, length: int) -> None:
        self.left, self.read_so_far = length, 0

    def read(self, size: int = -1) -> bytes:
        taken = self.left if size < 0 else min(size, self.left)
        self.left -= taken
        self.read_so_far += taken
        return b"x" * taken

    readline = read


@fault("H10", _parse_first)
def test_h10_nothing_huge_is_read_and_nothing_unsigned_is_parsed(feed: Feed) -> None:
    """Of a huge body no more than a megabyte is read, and nothing unsigned is parsed."""
    url, header = feed.subscription.url, {"X-Debitura-Signature": "t=1,v1=00"}
    body = _Counted(50_000_000)
    assert feed.stream(url, header, body, 50_000_000) == 413
    assert body.read_so_far <= receiving.LONGEST_BODY + 1
    nests = (b"[" * 900_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b'{"n":' + b"9" * 900_000 + b"}")
    for nested in (*nests, b"\xff\xfe", b"", b"null", b'{"id": 1, "id": 2}'):
        assert feed.send(url, header, nested) == 400, nested[:20]
    assert Receipt.objects.count() == 0


def test_h10_what_is_signed_and_cannot_be_read_in_one_way_names_no_case(feed: Feed) -> None:
    case_id = feed.open_case("AR-1")
    event = feed.event("AR-1")
    odd = (
        b'{"id": "a1", "event": "case.updated", "data": {"caseId": "x", "caseId": "%s"}}' % case_id.encode(),
        b"[" * 100_000,
        b"\xff",
        b'{"id": "a2", "event": "case.updated", "data": {"caseId": "../../me"}}',
        b'{"id": "a3", "event": "case.updated", "data": {"caseId": "%s"}}' % (b"x" * 5000),
        b'{"id": "a\\u0000", "event": "\\ud800", "data": {"caseId": "a\\u0000b"}}',
    )
    before = len(feed.fake.ledger.calls)
    for body in odd:
        event.payload = body
        assert feed.post(feed.fake.hooks.sign(event)) == 200, body[:40]
    assert set(Receipt.objects.values_list("case_id", flat=True)) == {""}
    feed.handle()
    assert feed.unhandled() == 0
    assert len(feed.fake.ledger.calls) == before


# --- H12 ------------------------------------------------------------------------------------------------


def _compare_letter_by_letter(patch: pytest.MonkeyPatch) -> None:
    def careless(secret: str, header: str, body: bytes, *, now: datetime) -> bool:
        moment, digest = (part.partition("=")[2] for part in header.split(","))
        expected = sign(secret, body, datetime.fromtimestamp(int(moment), UTC)).partition("v1=")[2]
        return all(ours == theirs for ours, theirs in zip(expected, digest, strict=True))

    patch.setattr(webhooks, "is_genuine", careless)


def _steps_of(call: Callable[[], object]) -> list[tuple[str, int]]:
    """Every line of ours that is executed by a call, in order. Finalisers may run in between at any time."""
    steps: list[tuple[str, int]] = []
    ours = (inspect.getsourcefile(webhook_signature), __file__)

    def note(frame: FrameType, event: str, _: object) -> Any:
        if event == "line" and frame.f_code.co_filename in ours:
            steps.append((frame.f_code.co_name, frame.f_lineno))
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps


@fault("H12", _compare_letter_by_letter)
def test_h12_a_wrong_signature_tells_nothing_by_how_it_fails() -> None:
    """Every wrong digest of the right form takes the same steps, whatever it shares with the right one."""
    moment, _, digest = sign(SECRET, a_body(), NOW).removeprefix("t=").partition(",v1=")
    check: Callable[..., bool] = vars(webhooks)["is_genuine"]
    paths = set()
    for shared in range(len(digest)):
        wrong = digest[:shared] + "".join("0" if letter != "0" else "1" for letter in digest[shared:])
        header = f"t={moment},v1={wrong}"
        paths.add(tuple(_steps_of(partial(check, SECRET, header, a_body(), now=NOW))))
    assert len(paths) == 1
    (path,) = paths
    assert "_digest" in {name for name, _ in path}, "the digest is always worked out"
    assert _decides_by(check) == "compare_digest"
    assert inspect.unwrap(check).__globals__["hmac"].compare_digest is hmac.compare_digest


def _decides_by(check: Callable[..., bool]) -> str:
    """The name of the function whose answer is the last that is returned."""
    code = [step for step in dis.get_instructions(check) if step.opname not in ("CACHE", "RESUME")]
    assert code[-1].opname == "RETURN_VALUE"
    assert code[-2].opname == "CALL"
    names = [step.argval for step in code if step.opname in ("LOAD_METHOD", "LOAD_ATTR", "LOAD_GLOBAL")]
    return str(names[-1])
