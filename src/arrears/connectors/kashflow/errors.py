"""Every way in which KashFlow is known to say no, each with what helps.

KashFlow documents few of its error codes (https://www.kashflow.com/developers/rest-api/response-codes/), so
codes are compared without regard to case and punctuation, and close relatives of a known code count as it.
"""

from __future__ import annotations

from arrears.ports import NeedsAttention

APP = "https://app.kashflow.com/"
FORGOTTEN = "https://www.kashflow.com/support/kb/forgot-username-password-or-memorable-word/"

#: The code under which an SQL timeout at KashFlow arrives, as HTTP 400. It passes by itself.
SQL_TIMEOUT = "-2146232060"

_REFUSALS: dict[str, tuple[str, str, str]] = {
    "wrong_credentials": (
        "KashFlow did not accept the username and password.",
        "Check both by signing in to KashFlow yourself, then enter them here again.",
        FORGOTTEN,
    ),
    "wrong_memorable_word": (
        "KashFlow did not accept the memorable word.",
        "Enter the memorable word here again, exactly as you chose it in KashFlow.",
        FORGOTTEN,
    ),
    "memorable_word_too_short": (
        "KashFlow asked for a character that the memorable word entered here does not have.",
        "Enter the whole memorable word, not just the characters KashFlow asked for last.",
        FORGOTTEN,
    ),
    "memorable_word_needed": (
        "The memorable word is needed to sign in to KashFlow and is not kept here.",
        "Enter the memorable word for this visit.",
        "",
    ),
    "account_locked": (
        "KashFlow has locked this user after too many failed attempts to sign in.",
        "Unlock the user in KashFlow or ask your accountant to, then confirm the details here again.",
        FORGOTTEN,
    ),
    "password_expired": (
        "The KashFlow password has expired.",
        "Sign in to KashFlow, choose a new password, and enter it here.",
        APP,
    ),
    "temporary_password": (
        "The KashFlow password is a temporary one.",
        "Sign in to KashFlow, choose a password of your own, and enter it here.",
        APP,
    ),
    "subscription_expired": (
        "The KashFlow subscription has expired.",
        "Renew the subscription in KashFlow, then confirm the details here again.",
        APP,
    ),
    "user_disabled": (
        "This KashFlow user has been disabled.",
        "Ask whoever manages the KashFlow account to enable the user, or enter another user's details.",
        APP,
    ),
    "api_switched_off": (
        "API access is switched off in KashFlow.",
        "In KashFlow, open Settings, Third Party, API Settings and switch on REST API access.",
        APP,
    ),
    "ip_restricted": (
        "KashFlow only accepts API requests from listed IP addresses, and this server is not listed.",
        "In KashFlow, open Settings, Third Party, API Settings and list this server's address.",
        APP,
    ),
    "permission_missing": (
        "This KashFlow user may not read everything that is needed.",
        "Give the user permission to view customers, invoices and reports in KashFlow.",
        APP,
    ),
}

_KNOWN_CODES = {
    "invalidcredentials": "wrong_credentials",
    "accountlocked": "account_locked",
    "userlocked": "account_locked",
    "passwordexpired": "password_expired",
    "temporarypassword": "temporary_password",
    "subscriptionexpired": "subscription_expired",
    "userdisabled": "user_disabled",
    "accountdisabled": "user_disabled",
    "useraccountdisabled": "user_disabled",
    "permissiondenied": "permission_missing",
}

_API_OFF = ("apidisabled", "apinotenabled", "apiaccessdisabled", "apiaccessnotenabled", "apiswitchedoff")


class TokenRefused(Exception):
    """KashFlow did not accept the session token, or the user may not do this: it answers 401 for both."""


class RequestRefused(NeedsAttention):
    """KashFlow found fault with the request itself."""

    def __init__(self, purpose: str, told: str) -> None:
        super().__init__(
            f"KashFlow refused to give {purpose}{f', saying: {told}' if told else ''}.",
            code="request_refused",
            action="Try again. If it stays like this, KashFlow has changed: update Arrears.",
        )


def refusal(code: str, detail: str = "") -> NeedsAttention:
    """The error for one of our own codes, with an optional sentence of detail."""
    sentence, action, url = _REFUSALS[code]
    return NeedsAttention(f"{sentence} {detail}".rstrip(), code=code, action=action, url=url)


def permission_missing(purpose: str) -> NeedsAttention:
    """The user may not read `purpose`, such as `the unpaid report`."""
    return refusal("permission_missing", f"It was refused {purpose}.")


def known_refusal(kashflow_code: str) -> NeedsAttention | None:
    """The error for a code of KashFlow's, or None when the code says nothing definite."""
    plain = "".join(letter for letter in kashflow_code.lower() if letter.isalnum())
    if plain in _KNOWN_CODES:
        return refusal(_KNOWN_CODES[plain])
    if any(name in plain for name in _API_OFF):
        return refusal("api_switched_off")
    if "ipaddress" in plain or "iprestrict" in plain:
        return refusal("ip_restricted")
    return None
