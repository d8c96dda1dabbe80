"""The account and the feed: what is asked, and what is made of the answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from arrears import ports
from arrears.connectors.debitura import account_parts as account
from arrears.core.json_text import read_json
from arrears.ports import (
    NeedsAttention,
    TryAgainLater,
)
from tests.connectors.debitura.scripted import HOOK, AKey, Script, answer, collecting, paged


def an_account(**answers: Any) -> Script:
    known: dict[str, Any] = {
        "GET me": answer({"id": "creditor-1", "companyName": "Firm Ltd"}),
        "GET contracts/debt-collection/status": answer(
            {"signed": False, "solutionUrl": "https://s.example/"}
        ),
        "GET tasks": answer(paged("tasks", [{"id": "t1", "type": "SignContract", "status": "Open"}])),
        "GET users": answer(paged("users", [{"id": "u1", "name": "Amy", "email": "amy@firm.example"}])),
        "GET divisions": answer(paged("divisions", [{"id": "d1", "companyName": "North"}])),
    }
    return Script(**(known | answers))


def test_how_we_stand() -> None:
    script = an_account()
    with collecting(script) as collector:
        standing = collector.standing()
    assert (standing.id, standing.company_name) == ("creditor-1", "Firm Ltd")
    counts = (standing.agreements, standing.tasks, standing.people, standing.divisions)
    assert [len(one) for one in counts] == [1, 1, 1, 1]
    assert sorted(request.path for request in script.asked) == [
        "contracts/debt-collection/status",
        "divisions?page=1&pageSize=100&includeArchived=true",
        "me",
        "tasks?status=Open&Page=1&PageSize=100",
        "users?Page=1&PageSize=100",
    ]


def test_all_pages_of_tasks_are_read() -> None:
    first, second = ([{"id": f"{page}-{number}"} for number in range(100)] for page in (1, 2))
    turns: list[Any] = [answer(paged("tasks", first, 2)), answer(paged("tasks", second, 2))]
    with collecting(an_account(**{"GET tasks": turns})) as collector:
        assert len(collector.standing().tasks) == 200


def test_a_key_that_opens_nothing_is_told() -> None:
    key = AKey()
    script = an_account(**{"GET me": answer({}, 401)})
    with collecting(script, key) as collector, pytest.raises(NeedsAttention) as caught:
        collector.standing()
    assert caught.value.code == "key_rejected"
    assert caught.value.url == "https://app.debitura.com/CreditorApiKey"
    assert len(key.reasons) == len(script.asked) == 1


def test_only_test_cases_can_be_removed() -> None:
    script = Script(**{"DELETE test/cases": answer(b"", 204)})
    with collecting(script) as collector, pytest.raises(NeedsAttention):
        collector.remove_test_cases()
    assert script.asked == []
    with collecting(script, test=True) as collector:
        collector.remove_test_cases()
    assert script.asked[0].path == "test/cases?tag=arrears"


def test_tasks_people_and_divisions() -> None:
    tasks = [
        {
            "id": "1",
            "type": "ReplyToChat",
            "title": "Answer",
            "description": "Please",
            "status": "Open",
            "deadline": "2026-11-24T00:00:00",
            "caseReference": "AR-1",
            "solutionUrl": "https://app.example/1",
            "action": {"method": "POST", "path": "/cases/{caseId}/chats"},
        },
        {"id": "2", "type": "SignContract", "title": "", "typeLabel": "Sign contract", "status": "Open"},
        {"id": "3", "type": "Generic", "status": "Solved"},
    ]
    first, second = account.read_tasks(answer(paged("tasks", tasks))).rows
    assert (first.kind, first.by_message, first.deadline) == ("ReplyToChat", True, date(2026, 11, 24))
    assert (first.case_reference, first.url) == ("AR-1", "https://app.example/1")
    assert (second.title, second.by_message, second.url) == ("Sign contract", False, "")
    users = [{"id": "1", "name": None, "email": "jo@firm.example"}, {"email": "nobody"}]
    assert account.read_users(answer(paged("users", users))).rows == (
        ports.Person("1", "jo@firm.example", "jo@firm.example"),
    )
    divisions = [{"id": "1", "companyName": "Firm North", "isArchived": True}]
    assert account.read_divisions(answer(paged("divisions", divisions))).rows == (
        ports.Division("1", "Firm North", True),
    )


def test_the_main_agreement_has_to_be_signed_again_after_a_change() -> None:
    shown = {
        "signed": True,
        "requiresResigning": True,
        "invalidationReason": "NewVersion",
        "solutionUrl": "https://sign.example/",
    }
    assert account.read_agreement(answer(shown)) == (
        ports.Required(
            "MissingDebtCollectionContract",
            "Sign the debt collection agreement again (NewVersion).",
            "https://sign.example/",
        ),
    )
    stands = {"signed": True, "requiresResigning": False, "invalidationReason": "None"}
    assert account.read_agreement(answer(stands)) == ()


def test_a_secret_is_sealed_and_never_shown() -> None:
    shown = {"id": "1", "url": "https://we.example/hook", "isActive": True, "secret": "bmVlZGxl"}
    subscription = account.read_with_secret(answer(shown, 201))
    assert subscription.secret is not None
    assert subscription.secret.get_secret_value() == "bmVlZGxl"
    assert "bmVlZGxl" not in repr(subscription)
    with pytest.raises(TryAgainLater):
        account.read_with_secret(answer(shown | {"secret": None}, 201))


def test_a_webhook_that_sleeps_says_why() -> None:
    shown = {"id": "1", "url": "https://we.example/hook", "isActive": False, "disabledReason": "8 failures"}
    subscription = account.read_subscription(answer(shown))
    assert subscription is not None
    assert (subscription.active, subscription.disabled_because, subscription.secret) == (
        False,
        "8 failures",
        None,
    )
    assert account.read_subscription(answer({}, 404)) is None


def test_a_subscription_is_for_all_events_of_its_mode() -> None:
    new = HOOK | {"secret": "bmVlZGxl", "isTestMode": True}
    script = Script(**{"GET webhooks": answer([HOOK]), "POST webhooks": answer(new, 201)})
    with collecting(script, test=True) as collector:
        subscription = collector.subscribe("https://we.example/hooks/1")
    assert subscription.secret is not None
    body = read_json(script.calls("POST")[0].body)
    assert (body["url"], body["isTestMode"], len(body["events"])) == ("https://we.example/hooks/1", True, 6)


def test_one_that_is_there_already_is_taken_over_with_a_new_secret() -> None:
    script = Script(
        **{"GET webhooks": answer([HOOK]), "PATCH webhooks/hook-1": answer(HOOK | {"secret": "bmV3"})}
    )
    with collecting(script) as collector:
        subscription = collector.subscribe("https://we.example/hooks/1")
    assert subscription.id == "hook-1"
    assert script.calls("POST") == []
    assert [read_json(request.body) for request in script.calls("PATCH")] == [
        {"isActive": True},
        {"regenerateSecret": True},
    ]


def test_the_life_of_a_subscription() -> None:
    asleep = HOOK | {"isActive": False, "disabledReason": "Eight failures."}
    script = Script(**{"GET webhooks/hook-1": answer(asleep), "PATCH webhooks/hook-1": answer(HOOK)})
    with collecting(script) as collector:
        found = collector.subscription("hook-1")
        assert found is not None
        assert (found.active, found.disabled_because) == (False, "Eight failures.")
        assert collector.wake("hook-1").active
        assert collector.subscription("hook-2") is None
        collector.unsubscribe("hook-1")
        collector.unsubscribe("hook-1")
        assert collector.subscription("../me") is None
        with pytest.raises(NeedsAttention):
            collector.wake("../me")
