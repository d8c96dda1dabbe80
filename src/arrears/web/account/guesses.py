"""How many passwords may be tried: ten in five minutes for an account, so shared out that all get in.

The limits are in the settings. Strangers have six of the ten, at most four of them from one address. The
other four are for browsers that the account was signed in with before, and for addresses where it is signed
in now: whoever guesses uses up the strangers' share, and the person whose account it is still gets in. Counts
hold for five minutes, and are kept for e-mail addresses that nobody has just like for those somebody has.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

#: Where the limits of this module stand, in ACCOUNT_RATE_LIMITS.
_APP = "allauth.account"

_COOKIE = "arrears_known"
_COOKIE_SECONDS = 365 * 24 * 3600


def count_guess(request: HttpRequest, email: str) -> ratelimit.RateLimitUsage | None:
    """Count one attempt. Returns what takes it back for a right password, or None if it may not be made."""
    counted = ratelimit.RateLimitUsage(usage=[])
    for action, key in _counters(request, email):
        one = ratelimit.consume(request, app=_APP, action=action, key=key)
        if one is None:
            counted.rollback()
            return None
        counted.usage += one.usage
    return counted


def forget_guesses(request: HttpRequest, email: str) -> None:
    """Begin anew, for somebody who has just proven that the e-mail address is theirs."""
    folded = email.lower()
    ratelimit.clear(request, app=_APP, action="guess_where_known", key=folded)
    ratelimit.clear(request, app=_APP, action="guess_by_strangers", key=folded)


def remember(response: HttpResponseBase, email: str) -> None:
    """Let this browser be known as one that signed in to the account."""
    response.set_cookie(
        _COOKIE,
        _mark(email),
        max_age=_COOKIE_SECONDS,
        path="/accounts/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _counters(request: HttpRequest, email: str) -> list[tuple[str, str]]:
    folded, address = email.lower(), get_adapter().get_client_ip(request)
    if _is_known(request, folded, address):
        return [("guess_where_known", folded)]
    return [("guess_from_one_address", f"{folded} {address}"), ("guess_by_strangers", folded)]


def _is_known(request: HttpRequest, email: str, address: str) -> bool:
    # Both are looked at always, so that the time it takes tells nothing.
    here = UserSession.objects.filter(user__email__iexact=email, ip=address).exists()
    return constant_time_compare(request.COOKIES.get(_COOKIE, ""), _mark(email)) or here


def _mark(email: str) -> str:
    """What only this installation can say of an e-mail address, and nobody can read it from."""
    return salted_hmac("arrears browser known to", email.lower(), algorithm="sha256").hexdigest()
