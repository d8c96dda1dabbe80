"""The e-mail that carries an invitation's link, which is the only place where the link ever stands."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail

from arrears.accounts.invitations import DAYS, Issued
from arrears.clock import london_date
from arrears.core.access import PURPOSES, Role
from arrears.core.wording import date_text
from arrears.ports import TryAgainLater


def send_invitation(issued: Issued) -> None:
    """E-mail the link, outside of any transaction. Raises TryAgainLater when no mail server takes it."""
    invitation = issued.invitation
    # What somebody typed as a name may hold a line break, which has no place in a header.
    name = " ".join(invitation.organisation.name.split())
    try:
        send_mail(f"Join {name} on Arrears", _text(issued, name), None, [invitation.email])
    except OSError:  # of which every SMTP error is one
        raise TryAgainLater(
            f"The e-mail to {invitation.email} could not be sent: the mail server did not take it."
        ) from None


def _text(issued: Issued, name: str) -> str:
    invitation, role = issued.invitation, Role(issued.invitation.role)
    who = invitation.invited_by.email if invitation.invited_by else "The owner"
    return (
        f"{who} invites you to join {name} on Arrears, where overdue invoices become collection cases.\n\n"
        f"Your role would be {role.value}: {PURPOSES[role]}\n\n"
        f"To join, open this page:\n"
        f"{settings.ARREARS_URL}/invitations/{issued.token.get_secret_value()}/\n\n"
        f"The link works once, for {DAYS} days, until {date_text(london_date(invitation.expires_at))}. It is "
        f"for you alone: do not pass it on.\n\n"
        f"If you do not know what this is about, you need not do anything.\n"
    )
