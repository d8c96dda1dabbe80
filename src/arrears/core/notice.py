"""What people can be told by e-mail."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    """One kind of news of an organisation."""

    APPROVAL = "approval"
    RUN_ENDED = "run ended"
    ATTENTION = "attention"
    TASK = "task"
    PAYMENT = "payment"
    MESSAGE = "message"
    CASE_CLOSED = "case closed"


#: What each kind means, as a person choosing is told.
MEANINGS: dict[NoticeKind, str] = {
    NoticeKind.APPROVAL: "An import waits for your approval or confirmation",
    NoticeKind.RUN_ENDED: "An import has ended",
    NoticeKind.ATTENTION: "A connection needs attention",
    NoticeKind.TASK: "A collector needs something from you",
    NoticeKind.PAYMENT: "A debtor has paid",
    NoticeKind.MESSAGE: "A collector has written to you",
    NoticeKind.CASE_CLOSED: "A case was closed",
}

#: What does not wait for the digest unless somebody chooses otherwise: others may be held up by it.
AT_ONCE_UNASKED = (NoticeKind.APPROVAL, NoticeKind.ATTENTION)
