"""The key, the budget, and silence about both and about who owes."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta

import pytest

from arrears.connectors.debitura import LONGEST_KEY, DebituraCollector
from arrears.ports import (
    Answer,
    NeedsAttention,
    OutcomeUnknown,
    Remedy,
    TryAgainLater,
)
from tests.builders import TODAY, a_claim, a_debtor
from tests.connectors.debitura.scripted import (
    KEY,
    ABudget,
    AKey,
    Script,
    a_case,
    answer,
    collecting,
)


def test_the_key_is_read_before_each_exchange_and_never_kept() -> None:
    key = AKey("first-key")
    script = Script(**{"GET cases/1": answer({}, 404)})
    with collecting(script, key) as collector:
        collector.read("1")
        key.text = "second-key"
        collector.read("1")
    assert [request.headers["XApiKey"] for request in script.asked] == ["first-key", "second-key"]
    assert key.reads == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_reported_once_and_not_sent_again(status: int) -> None:
    key = AKey()
    script = Script(**{"GET me": answer({}, status)})
    with collecting(script, key) as collector:
        for _ in range(3):
            with pytest.raises(NeedsAttention):
                collector.standing()
    assert len(key.reasons) == 1
    assert len(script.asked) == 1


def test_a_key_that_may_not_do_one_thing_is_of_use_for_others() -> None:
    key = AKey()
    script = Script(**{"GET cases/1": answer({}, 403), "GET cases/2": answer({}, 404)})
    with collecting(script, key) as collector:
        with pytest.raises(NeedsAttention) as caught:
            collector.read("1")
        assert collector.read("2") is None
    assert caught.value.code == "key_not_permitted"
    assert key.reasons == []


def test_a_key_that_may_not_list_cases_is_of_no_use() -> None:
    key = AKey()
    script = Script(**{"GET cases": answer({}, 403)})
    with collecting(script, key) as collector, pytest.raises(NeedsAttention):
        list(collector.cases())
    assert [reason.code for reason in key.reasons] == ["key_not_permitted"]


@pytest.mark.parametrize("status", [400, 422])
def test_a_key_that_is_repeated_in_a_refusal_is_told_to_nobody(status: int) -> None:
    errors = [{"type": "Odd", "message": f"The key {KEY} may not."}]
    script = Script(**{"POST cases": answer({"businessErrors": errors}, status)})
    with collecting(script) as collector:
        opened = collector.open(a_claim(), "AR-1", "k", TODAY)
    assert opened.messages == ("The key [secret] may not.",)
    assert KEY not in repr(opened)


@pytest.mark.parametrize("text", ["", "with\nnewline", "ké", "k\r\nX-Evil: 1", "k" * (LONGEST_KEY + 1)])
def test_what_can_be_no_key_is_not_put_into_a_header(text: str) -> None:
    script = Script()
    with collecting(script, AKey(text)) as collector, pytest.raises(NeedsAttention) as caught:
        collector.read("1")
    assert caught.value.code == "key_rejected"
    assert script.asked == []


def test_every_exchange_takes_from_the_budget_repetitions_included() -> None:
    budget = ABudget()
    script = Script(**{"GET cases/1": [answer({}, 503), answer({}, 502), answer({}, 404)]})
    with collecting(script, budget=budget) as collector:
        assert collector.read("1") is None
    assert budget.taken == len(script.asked) == 3


def test_a_short_wait_for_the_budget_is_waited_out() -> None:
    budget = ABudget(0.001, 0.001)
    script = Script(**{"POST cases": answer(a_case())})
    with collecting(script, budget=budget) as collector:
        assert collector.open(a_claim(), "AR-1", "k", TODAY).answer is Answer.OPENED
    assert budget.taken == 1


_CALLS: dict[str, Callable[[DebituraCollector], object]] = {
    "a read": lambda collector: collector.read("1"),
    "a new case": lambda collector: collector.open(a_claim(), "AR-1", "k", TODAY),
}


@pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS)
def test_a_long_wait_for_the_budget_is_told_and_nothing_is_sent(
    call: Callable[[DebituraCollector], object],
) -> None:
    script, key = Script(), AKey()
    with collecting(script, key, budget=ABudget(3600)) as collector, pytest.raises(TryAgainLater) as caught:
        call(collector)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.after == timedelta(hours=1)
    assert script.asked == []
    assert key.reads == 0


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 422, 429, 500])
def test_neither_key_nor_debtor_is_told_in_an_error_a_log_or_a_representation(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    needles = [KEY, "Needle Trading", "needle@debtor.example"]
    claim = a_claim(debtor=a_debtor(name="Needle Trading", emails=("needle@debtor.example",)))
    echo = answer(
        {"message": " ".join(needles), "title": needles[0], "businessErrors": [{"type": needles[1]}]}, status
    )
    script = Script(
        **dict.fromkeys(("POST cases", "GET cases/1", "GET cases", "GET me", "GET webhooks"), echo)
    )
    told: list[str] = []
    calls: list[Callable[[DebituraCollector], object]] = [
        lambda collector: collector.read("1"),
        lambda collector: list(collector.cases()),
        lambda collector: collector.standing(),
        lambda collector: collector.subscribe("https://we.example/"),
        lambda collector: collector.open(claim, "AR-1", "k", TODAY),
    ]
    with collecting(script) as collector, caplog.at_level(logging.DEBUG):
        for call in calls:
            try:
                call(collector)
            except Remedy as error:
                told += [str(error), repr(error), "".join(traceback.format_exception(error))]
        told += [repr(collector), repr(collector.__dict__), *map(repr, script.asked)]
    assert not [needle for needle in needles if needle in "\n".join([*told, caplog.text])]
