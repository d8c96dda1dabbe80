"""The jobs that begin on a page. They carry ids, so that nothing secret stands in the table of jobs."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from arrears.accounts.models import User
from arrears.bridge import queue

SEND_PASSWORD_LINK = "send_password_link"  # noqa: S105 # the name of a job

#: Whose link is asked for when nobody has an account with the e-mail address.
NOBODY = 0

_SUBJECT = "Choose a new password for Arrears"
_TEXT = """Somebody, hopefully you, has forgotten the password of {email} at {url}.

Choose a new one here:

{link}

The link works once, and for 30 minutes. If it has become too old, ask for another one.

If it was not you, you need do nothing: your password stays as it is.
"""

_PATIENCE = RetryStrategy(max_attempts=5, wait=20, retry_exceptions=[OSError])


@app.task(name=SEND_PASSWORD_LINK, queue=queue.SHARED, retry=_PATIENCE)
def send_password_link(user_id: int) -> None:
    """Make the link to choose a new password, and send it; its half hour begins now."""
    # Every process loads the jobs, and few of them need allauth's forms.
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    token = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = f"{settings.ARREARS_URL}{reverse('account_reset_password_from_key', kwargs=token)}"
    text = _TEXT.format(email=user.email, url=settings.ARREARS_URL, link=link)
    send_mail(_SUBJECT, text, None, [user.email])
