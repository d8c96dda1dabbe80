"""List the money that has to be passed on."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from arrears.core.case import Party
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor
from arrears.desk.models import Payment
from arrears.desk.splitting import payments_of
from arrears.desk.unsettled import OWED, OWED_BACK


def list_unsettled(actor: Actor, *, owed_by: Party) -> QuerySet[Payment]:
    """The payments of which the partner, or the creditor, still owes the other its share, the next due first.

    Also those reversed after the share was passed on: the other side then owes it back.
    """
    took = Recipient.CREDITOR if owed_by is Party.CREDITOR else Recipient.PARTNER
    theirs = Q(recipient=took.value)
    owed = (theirs & OWED) | (~theirs & OWED_BACK)
    return payments_of(actor).filter(owed).order_by("settle_by", "pk")
