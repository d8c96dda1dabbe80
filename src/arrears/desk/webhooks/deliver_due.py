"""Send the deliveries that are due, and write down what came of each."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from arrears.desk.models import Delivery, Webhook
from arrears.desk.webhook_post import post, secret_of
from arrears.ports import Reply, WebhookSender

#: Seconds from one attempt to the next. A tenth more or less keeps many from coming back at one moment.
_GAPS = (0, 60, 120, 240, 480, 960, 1800, 1800)
_SPREAD_PERCENT = 10
_GONE = 410

#: A delivery that is being sent is due again after this long, in case this process dies. Longer than a send.
_LEASE = timedelta(seconds=60)

#: At one subscription one is sent after the other; this many subscriptions are served at the same time.
_AT_ONCE = 8

#: In one call, a subscription is served this much at most, so that a slow one does not hold up the others.
_MOST_A_TURN = 20
_LONGEST_TURN = timedelta(seconds=10)
_MOST_A_CALL = 1000

_UNEXPECTED = Reply(None, "Something unexpected went wrong on our side.", "connection")

_log = structlog.get_logger()


@dataclass
class _Turn:
    """What one subscription is sent in this call, in order, and how long that has taken."""

    left: deque[int]
    took: timedelta = timedelta(0)


def deliver_due(*, now: datetime, sender: WebhookSender, stop: Callable[[], bool] = lambda: False) -> int:
    """Attempt what is due, each at most once. Returns how many attempts were made; call again until none.

    At least once: a delivery is claimed for a minute, sent outside any transaction, then its outcome is
    written down. Of two outcomes of one attempt only the first counts, except that a success always does.
    `stop` says whether to begin nothing more.
    """
    began = time.monotonic()

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    _set_aside(now)
    line = deque(_turns(now))
    flying: dict[Future[Reply], tuple[_Turn, Delivery]] = {}
    attempts = 0
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            while line and len(flying) < _AT_ONCE and not stop():
                turn = line.popleft()
                if (delivery := _claim(turn.left.popleft(), moment())) is not None:
                    flying[_begin(pool, sender, delivery, moment())] = (turn, delivery)
                elif turn.left:
                    line.append(turn)
            if not flying:
                return attempts
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                turn, delivery = flying.pop(future)
                reply = _outcome(future)
                _record(delivery, reply, moment())
                attempts += 1
                turn.took += reply.took
                if turn.left and turn.took < _LONGEST_TURN:
                    line.append(turn)


def _set_aside(now: datetime) -> None:
    """Hold what is due to subscriptions that are switched off, until they are switched on again."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    switched_off = due.filter(webhook__is_active=False).values_list("webhook_id", flat=True).distinct()
    for pk in list(switched_off):
        with transaction.atomic():
            webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=pk, is_active=False).first()
            if webhook is not None:
                _hold(webhook)


def _hold(webhook: Webhook) -> None:
    waiting = Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.HELD, next_attempt_at=None)


def _turns(now: datetime) -> list[_Turn]:
    """What is due to each subscription. Everybody's first comes before anybody's second."""
    place = Window(
        RowNumber(), partition_by=F("webhook_id"), order_by=[F("next_attempt_at").asc(), F("pk").asc()]
    )
    due = Delivery.objects.filter(
        state=Delivery.State.WAITING, next_attempt_at__lte=now, webhook__is_active=True
    )
    rows = (
        due.annotate(place=place).filter(place__lte=_MOST_A_TURN).order_by("place", "next_attempt_at", "pk")
    )
    turns: dict[int, _Turn] = {}
    for pk, webhook_id in rows.values_list("pk", "webhook_id")[:_MOST_A_CALL]:
        turns.setdefault(webhook_id, _Turn(deque())).left.append(pk)
    return list(turns.values())


def _claim(pk: int, at: datetime) -> Delivery | None:
    """Take a delivery for as long as sending may last; None when somebody else has, or it is not due."""
    with transaction.atomic():
        free = Delivery.objects.select_for_update(of=("self",), skip_locked=True).select_related("webhook")
        delivery = free.filter(
            pk=pk, state=Delivery.State.WAITING, next_attempt_at__lte=at, webhook__is_active=True
        ).first()
        if delivery is not None:
            delivery.next_attempt_at = at + _LEASE
            delivery.save(update_fields=["next_attempt_at"])
    return delivery


def _begin(
    pool: ThreadPoolExecutor, sender: WebhookSender, delivery: Delivery, at: datetime
) -> Future[Reply]:
    """Start sending. The thread touches no database: the secret is taken out here."""
    webhook = delivery.webhook
    return pool.submit(
        post,
        sender,
        webhook.url,
        secret_of(webhook),
        delivery.event,
        delivery.payload,
        at=at,
        replay=delivery.is_replay,
    )


def _outcome(future: Future[Reply]) -> Reply:
    """A fault of ours in sending one delivery counts as its failure, and does not stop the others."""
    try:
        return future.result()
    except Exception:  # noqa: BLE001 - logged, and counted as what it is
        _log.exception("webhook.not_sent")
        return _UNEXPECTED


def _record(sent: Delivery, reply: Reply, at: datetime) -> None:
    """Write down the outcome of an attempt, unless that attempt's outcome is known already."""
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=sent.webhook_id).first()
        rows = Delivery.objects.select_for_update().exclude(state=Delivery.State.DELIVERED)
        delivery = rows.filter(pk=sent.pk).first()
        succeeded = not reply.category
        if webhook is None or delivery is None or (delivery.attempts != sent.attempts and not succeeded):
            return
        delivery.attempts += 1
        delivery.last_status = reply.status
        delivery.last_error = reply.error[:200]
        if succeeded:
            delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, at
            delivery.next_attempt_at = None
        elif webhook.is_active:
            delivery.next_attempt_at = at + _gap(delivery)
        delivery.save()
        if not succeeded and webhook.is_active:
            _give_up(webhook, delivery, reply, at)


def _gap(delivery: Delivery) -> timedelta:
    """How long to wait after a failure; the same for the same attempt, whoever works it out."""
    seconds = _GAPS[delivery.attempts % len(_GAPS)]
    digest = hashlib.sha256(f"{delivery.public_id} {delivery.attempts}".encode()).digest()
    spread = int.from_bytes(digest[:4], "big") % (2 * _SPREAD_PERCENT * 10 + 1) - _SPREAD_PERCENT * 10
    return timedelta(milliseconds=seconds * (1000 + spread))


def _give_up(webhook: Webhook, delivery: Delivery, reply: Reply, at: datetime) -> None:
    """Switch a subscription off when its server asks for that, or has failed one delivery too often.

    Attempts are counted on after it is switched on again, and a delivery then gets the whole schedule anew.
    """
    if reply.status == _GONE:
        because = "The server answered with HTTP status 410, which asks for nothing more to be sent."
    elif delivery.attempts % len(_GAPS) == 0:
        because = f"{len(_GAPS)} attempts to deliver an event failed. {reply.error}"
    else:
        return
    webhook.is_active = False
    webhook.disabled_because = because[:200]
    webhook.updated_at = at
    webhook.save(update_fields=["is_active", "disabled_because", "updated_at"])
    _hold(webhook)
    _log.warning("webhook.disabled", webhook=str(webhook.public_id), status=reply.status, why=reply.category)
