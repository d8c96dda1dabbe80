"""E-mails on their way: put down with what they tell of, sent a moment later by a worker, tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import models, transaction

from arrears.accounts.models import OutgoingMail
from arrears.core.digest import Letter

#: After each failed attempt the next one waits twice as long, a minute at first; then it is given up.
_FIRST_WAIT = timedelta(minutes=1)
_MOST_ATTEMPTS = 12

#: While a process sends a mail nobody else does; after this long it is taken for dead.
_CLAIM = timedelta(minutes=5)

#: So long it is kept that a mail was sent, so that its key still counts.
_KEPT = timedelta(days=60)


def put(key: str, to: str, letter: Letter, now: datetime) -> None:
    """Write down an e-mail, once for each `key`. Call it in the transaction of what the e-mail tells of."""
    mail = OutgoingMail(key=key, to=to, subject=letter.subject, text=letter.text, created_at=now, due_at=now)
    OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)


def due(now: datetime) -> models.QuerySet[OutgoingMail]:
    """What is waiting to be sent, the longest waiting first."""
    return OutgoingMail.objects.filter(sent_at=None, problem="", due_at__lte=now).order_by("due_at")


def send_due(now: datetime, most: int = 50) -> int:
    """Send what is due. Returns how many were sent. Several processes may do this at once."""
    return sum(_send(pk, now) for pk in due(now).values_list("pk", flat=True)[:most])


def forget_old(now: datetime) -> None:
    given_up = models.Q(sent_at=None, created_at__lt=now - _KEPT) & ~models.Q(problem="")
    OutgoingMail.objects.filter(models.Q(sent_at__lt=now - _KEPT) | given_up).delete()


def _send(pk: int, now: datetime) -> bool:
    """Take a mail, send it, and write down that it was sent. A failure makes it due again later."""
    with transaction.atomic():
        mail = due(now).select_for_update(skip_locked=True).filter(pk=pk).first()
        if mail is None:  # somebody else has it
            return False
        mail.attempts += 1
        mail.due_at = now + max(_CLAIM, _FIRST_WAIT * 2**mail.attempts)
        mail.save(update_fields=["attempts", "due_at"])
    try:
        send_mail(mail.subject, mail.text, None, [mail.to])
    except (OSError, ValueError) as error:  # of smtplib, and for what no e-mail can carry in its header
        if mail.attempts >= _MOST_ATTEMPTS:
            OutgoingMail.objects.filter(pk=pk).update(problem=type(error).__name__, text="")
        return False
    OutgoingMail.objects.filter(pk=pk).update(sent_at=now, text="")
    return True
