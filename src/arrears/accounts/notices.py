"""What somebody wants to hear of an organisation by e-mail."""

from __future__ import annotations

from datetime import datetime

from arrears.accounts.models import Membership, NoticeChoice


def choice_of(membership: Membership, now: datetime) -> NoticeChoice:
    """What a member has chosen; until then, the digest each morning and some news at once."""
    begun = {"digest_sent_at": now, "told_at": now}
    return NoticeChoice.objects.get_or_create(membership=membership, defaults=begun)[0]
