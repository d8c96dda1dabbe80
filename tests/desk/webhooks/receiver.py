"""A receiver of webhooks in memory, and a clock to go with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from arrears.desk.models import Delivery
from arrears.desk.webhooks.deliver_due import deliver_due
from arrears.ports import Reply
from tests.fakes import FakeClock

OK = Reply(200)
DOWN = Reply(None, "The server could not be reached.", "connection")
GONE = Reply(410, "The server answered with HTTP status 410.", "http")


@dataclass(frozen=True)
class Post:
    """One request as it arrived."""

    at: datetime
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        told: dict[str, Any] = json.loads(self.body)
        return str(told["id"])


@dataclass
class Receiver:
    """ports.WebhookSender to servers that all answer `reply`, or what `replies` says for a URL."""

    clock: FakeClock = field(default_factory=FakeClock)
    reply: Reply = OK
    replies: dict[str, Callable[[], Reply]] = field(default_factory=dict)
    refused: str = ""
    posts: list[Post] = field(default_factory=list)
    accepted: list[Post] = field(default_factory=list)

    def check(self, url: str) -> str:
        return self.refused

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        post = Post(self.clock.now(), url, headers, body)
        self.posts.append(post)
        reply = self.replies[url]() if url in self.replies else self.reply
        if not reply.category:
            self.accepted.append(post)
        return reply

    def deliver(self) -> int:
        """What one call attempts at the present time of the clock."""
        return deliver_due(now=self.clock.now(), sender=self)

    def wait_for_the_next(self) -> timedelta:
        """Let time pass until the next delivery is due, and not a second less. Returns how long that was."""
        due = (
            Delivery.objects.filter(state=Delivery.State.WAITING).earliest("next_attempt_at").next_attempt_at
        )
        assert due is not None
        waited = due - self.clock.now()
        self.clock.advance(waited - timedelta(seconds=1))
        assert self.deliver() == 0
        self.clock.advance(timedelta(seconds=1))
        assert self.deliver() == 1
        return waited

    def pass_time(self, by: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        """Let time pass, delivering what is due after each step."""
        until = self.clock.now() + by
        while self.clock.now() < until:
            self.clock.advance(step)
            while self.deliver():
                pass


class Adapters:
    """desk.adapters.DeskAdapters of the present test."""

    webhooks = Receiver()
    clock = webhooks.clock

    @classmethod
    def fresh(cls) -> Receiver:
        cls.webhooks = Receiver()
        cls.clock = cls.webhooks.clock
        return cls.webhooks
