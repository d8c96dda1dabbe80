"""``/sessiontoken``: login in two steps, and logout."""

from arrears.sandbox import wire
from arrears.sandbox.call import Call, ok
from arrears.sandbox.http_server import Response
from arrears.sandbox.sessions import Account, RefusedError


def begin(call: Call) -> Response:
    """``POST``: username and password for a temporary token and three positions."""
    body = call.body()
    token, positions = call.world.sessions.begin(str(body.get("username")), str(body.get("password")))
    answer = {
        "TemporaryToken": token,
        "MemorableWordList": [{"Position": position, "Value": ""} for position in positions],
        "MemorableWordPositions": ",".join(map(str, positions)),
        **_account(call),
    }
    return ok(wire.dump(answer), call.world.profile.first_step_status)


def complete(call: Call) -> Response:
    """``PUT``: the characters for a session token. The whole first answer may be sent back."""
    body = call.body()
    answers = _characters(body.get("memorablewordlist"))
    token = call.world.sessions.complete(str(body.get("temporarytoken")), answers)
    answer: dict[str, object] = {"SessionToken": token, **_account(call)}
    if call.world.profile.company_name_on_login:
        answer["CompanyName"] = call.world.ledger.company.name
    answer["SubscriptionExpiryDate"] = f"{call.world.ledger.today.replace(month=12, day=31)} 12:00:00"
    answer["StartPageUrl"] = "/#dashboard"
    return ok(wire.dump(answer))


def exchange(_: Call) -> Response:
    """``GET`` with an external token: nobody has one here."""
    raise RefusedError(400, "InvalidExternalToken", "The external token is not valid.")


def end(call: Call, token: str) -> Response:
    """``DELETE`` by path: log out."""
    call.world.sessions.end(token)
    return Response(200)


def _characters(entries: object) -> dict[int, str]:
    if not isinstance(entries, list):
        raise RefusedError(400, "InvalidRequest", "MemorableWordList is missing.")
    answers = {}
    for entry in entries:
        pair = {str(key).lower(): value for key, value in entry.items()} if isinstance(entry, dict) else {}
        position = pair.get("position")
        if not isinstance(position, int):
            raise RefusedError(400, "InvalidRequest", "MemorableWordList needs a Position in each entry.")
        answers[position] = str(pair.get("value", ""))
    return answers


def _account(call: Call) -> dict[str, object]:
    """What both steps tell about the account; success does not mean that it can be used."""
    state, own = call.world.sessions.account, call.world.ledger.company
    return {
        "HasTemporaryPassword": state is Account.TEMPORARY_PASSWORD,
        "IsAdmin": False,
        "PackageName": "Business",
        "PartnerId": 0,
        "PartnerBrandingOptOut": False,
        "SubscriptionExpired": state is Account.SUBSCRIPTION_EXPIRED,
        "IsLockedOut": state is Account.LOCKED_FLAG,
        "Disabled": state is Account.DISABLED,
        "KeepUserLoggedIn": False,
        "TenantId": own.id,
        "CompanyUserId": own.id + 1,
        "CompanyId": own.id,
        "IsPackageRestricted": False,
        "CompanyUserFullName": "Harriet Lumb",
        "EmailId": own.email,
    }
