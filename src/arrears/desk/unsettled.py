"""Which payments one side of a case still owes the other a share of."""

from __future__ import annotations

from django.db.models import F, Q

from arrears.core.payment import Recipient

#: Whoever received the money has not passed on the other's share.
OWED = Q(reversed_at=None, settled_on=None)

#: Reversed after the share was passed on: the other side has to give it back. Where nothing had to be passed
#: on there is nothing to give back either.
OWED_BACK = (
    Q(reversed_at__isnull=False, settled_on__isnull=False, returned_on=None)
    & ~Q(recipient=Recipient.PARTNER.value, creditor_share=0)
    & ~Q(recipient=Recipient.CREDITOR.value, creditor_share=F("amount"))
)

UNSETTLED = OWED | OWED_BACK
