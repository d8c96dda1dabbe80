"""What went wrong with the outside world and what helps, as one text for a person."""

from __future__ import annotations

from arrears.ports import NeedsAttention, OutcomeUnknown, Remedy


def action_of(reason: Remedy) -> str:
    """What somebody can do about it, as a sentence."""
    if isinstance(reason, NeedsAttention):
        return reason.action
    if isinstance(reason, OutcomeUnknown):
        return "It is not known whether it was done: have a look before you do it again."
    return "Try again in a few minutes."


def advice_of(reason: Remedy) -> str:
    """The cause and what helps."""
    return reason.in_full if isinstance(reason, NeedsAttention) else f"{reason} {action_of(reason)}"
