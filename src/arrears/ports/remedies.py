"""Errors, sorted by what can be done about them.

Refusals that are part of normal work (a claim the collector will not take) are values, not exceptions.
"""

from __future__ import annotations

from datetime import timedelta


class Remedy(Exception):
    """Something failed, and the class says what helps. The message is one sentence for a person."""


class TryAgainLater(Remedy):
    """The other side is unreachable, overloaded or confused. The same request may succeed later."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class NeedsAttention(Remedy):
    """Nothing will change until a person does something.

    `code` is stable (`wrong_credentials`, `locked`, …), `action` says what to do, `url` where.
    """

    def __init__(self, message: str, *, code: str, action: str, url: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.action = action
        self.url = url

    @property
    def in_full(self) -> str:
        """What is wrong and what to do about it, as one text for a person."""
        return f"{self} {self.action}".strip()


class OutcomeUnknown(Remedy):
    """A request that changes something was sent and its outcome is not known. Look before asking again.

    `answered` tells that the other side did answer, with a fault of its own: asked again it may give the very
    same answer for ever.
    """

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


class NotSent(TryAgainLater):
    """The request certainly never reached the other side."""
