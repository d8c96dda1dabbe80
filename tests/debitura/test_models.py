"""The stand-in behaves in each of the ways in which the real server may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.debitura import faults
from tests.debitura.asking import a_body, ask, open_case, read
from tests.debitura.model import MODELS, Model, Unique
from tests.debitura.server import OTHER_KEY, FakeDebitura
from tests.debitura.wire import Late, Lost

MINUTE = timedelta(minutes=1)


def forget(fake: FakeDebitura) -> None:
    fake.clock.advance(timedelta(hours=25))


def late(fake: FakeDebitura, key: str = "k") -> None:
    """A request that is committed a minute later."""
    fake.fails(faults.LateCommit(60, 60), "POST /cases")
    with pytest.raises(Late):
        ask(fake, "POST", "/cases", a_body(), key=key)


def test_the_same_key_and_body_give_the_stored_answer() -> None:
    fake = FakeDebitura()
    first = ask(fake, "POST", "/cases", a_body(), key="k")
    fake.move("AR-1", "Active")
    assert ask(fake, "POST", "/cases", a_body(), key="k") == first
    assert len(fake.ledger.committed) == 1


@pytest.mark.parametrize(("window", "kept"), [(None, 0), (timedelta(0), 0), (timedelta(minutes=30), 29)])
def test_keys_are_forgotten_after_their_window(window: timedelta | None, kept: int) -> None:
    fake = FakeDebitura(model=Model(key_window=window, reference=Unique.NOT))
    open_case(fake, key="k")
    fake.clock.advance(timedelta(minutes=kept))
    open_case(fake, key="k")
    assert len(fake.ledger.committed) == (1 if kept else 2)
    fake.clock.advance(timedelta(minutes=31))
    open_case(fake, key="k")
    assert fake.ledger.count_of_duplicates() == (1 if kept else 2)


def test_a_twin_of_a_running_request_is_held_off_where_twins_are_guarded() -> None:
    fake = FakeDebitura()
    late(fake)
    assert ask(fake, "POST", "/cases", a_body(), key="k").status == 409
    fake.clock.advance(MINUTE)
    assert ask(fake, "POST", "/cases", a_body(), key="k").status == 200
    assert len(fake.ledger.committed) == 1


def test_a_twin_becomes_a_second_case_where_nothing_holds_it_off() -> None:
    fake = FakeDebitura(model=MODELS["keys, unguarded, reference free"])
    late(fake)
    assert ask(fake, "POST", "/cases", a_body(), key="k").status == 200
    fake.clock.advance(MINUTE)
    fake.settle()
    assert fake.ledger.count_of_duplicates() == 1
    assert fake.late == 0


@pytest.mark.parametrize(("unique", "cases"), [(Unique.HARD, 1), (Unique.CHECKED, 2), (Unique.NOT, 2)])
def test_a_late_commit_meets_the_reference_as_the_model_says(unique: Unique, cases: int) -> None:
    fake = FakeDebitura(model=Model(reference=unique))
    late(fake, "k-1")
    open_case(fake, key="k-2")
    fake.clock.advance(MINUTE)
    fake.settle()
    assert len(fake.ledger.committed) == cases


@pytest.mark.parametrize(
    ("name", "status"), [("DuplicateReference", 422), ("DuplicateCreditorReference", 400)]
)
def test_a_taken_reference_is_refused_under_either_name(name: str, status: int) -> None:
    fake = FakeDebitura(model=Model(duplicate_name=name, duplicate_status=status))
    open_case(fake)
    refusal = ask(fake, "POST", "/cases", a_body(amountToRecover=7))
    assert refusal.status == status
    assert read(refusal)["businessErrors"][0]["type"] == name


def test_a_case_is_found_only_once_the_lag_is_over() -> None:
    fake = FakeDebitura(model=Model(lookup_lag=timedelta(seconds=60)))
    case = open_case(fake)
    for path in ("/cases/by-creditor-reference/AR-1", f"/cases/{case['id']}"):
        assert ask(fake, "GET", path).status == 404
    assert read(ask(fake, "GET", "/cases"))["cases"] == []
    fake.clock.advance(MINUTE)
    assert read(ask(fake, "GET", "/cases/by-creditor-reference/AR-1")) == case


@pytest.mark.parametrize("stored", [True, False])
def test_a_refusal_is_replayed_after_signing_where_refusals_are_stored(stored: bool) -> None:
    fake = FakeDebitura(model=Model(stores_422=stored))
    fake.account.signed = False
    refusal = ask(fake, "POST", "/cases", a_body(), key="k")
    assert refusal.status == 422
    assert read(refusal)["signingHandoff"]["combinedSigningUrl"]
    fake.sign(fake.account)
    assert ask(fake, "POST", "/cases", a_body(), key="k").status == (422 if stored else 200)
    assert ask(fake, "POST", "/cases", a_body("AR-2"), key="k-2").status == 200


def test_field_errors_are_never_stored() -> None:
    fake = FakeDebitura()
    assert ask(fake, "POST", "/cases", a_body(currencyCode="ABC"), key="k").status == 400
    assert ask(fake, "POST", "/cases", a_body(), key="k").status == 200


@pytest.mark.parametrize("stored", [True, False])
def test_a_fault_is_replayed_for_ever_where_faults_are_stored(stored: bool) -> None:
    fake = FakeDebitura(model=Model(stores_500=stored))
    fake.fails(faults.status(500), "POST /cases")
    answers = [ask(fake, "POST", "/cases", a_body(), key="k").status for _ in range(3)]
    assert answers == ([500] * 3 if stored else [500, 200, 200])


@pytest.mark.parametrize("conflicts", [True, False])
def test_another_body_under_a_used_key(conflicts: bool) -> None:
    fake = FakeDebitura(model=Model(conflicts=conflicts))
    case = open_case(fake, key="k")
    answer = read(ask(fake, "POST", "/cases", a_body(amountToRecover=7), key="k"))
    if conflicts:
        assert answer["businessErrors"][0]["type"] == "IdempotencyConflict"
    else:
        assert answer == case


@pytest.mark.parametrize("kept", [True, False])
def test_a_message_is_kept_under_its_key_where_messages_are(kept: bool) -> None:
    fake = FakeDebitura(model=Model(keys_on_chats=kept))
    path = f"/cases/{open_case(fake)['id']}/chats"
    for _ in range(2):
        assert ask(fake, "POST", path, {"message": "Any news?"}, key="say-1").status == 200
    assert len(fake.case("AR-1").chats) == (1 if kept else 2)


def test_two_creditors_share_neither_references_nor_keys_nor_cases() -> None:
    fake = FakeDebitura()
    case = open_case(fake, key="k")
    path = f"/cases/{case['id']}"
    assert ask(fake, "GET", path, api_key=OTHER_KEY).status == 404
    assert ask(fake, "POST", "/cases", a_body(), key="k", api_key=OTHER_KEY).status == 200
    assert fake.ledger.count_of_duplicates() == 0


def test_a_deleted_case_frees_its_reference_or_does_not() -> None:
    for frees in (True, False):
        fake = FakeDebitura(model=Model(frees_deleted=frees))
        open_case(fake)
        fake.delete("AR-1")
        assert ask(fake, "GET", "/cases/by-creditor-reference/AR-1").status == 404
        assert ask(fake, "POST", "/cases", a_body()).status == (200 if frees else 422)


# --- what careless clients do to it -----------------------------------------------------------------------


def careless_import(model: Model, items: int = 200) -> FakeDebitura:
    """A client that keeps its keys in memory only, tries again at once, and crashes now and then."""
    fake = FakeDebitura(model=model, seed=7)
    fake.fails(faults.RequestLost(), "POST /cases", times=None, chance=0.10)
    fake.fails(faults.AnswerLost(), "POST /cases", times=None, chance=0.12)
    fake.fails(faults.LateCommit(), "POST /cases", times=None, chance=0.05)
    for number in range(items):
        while not _try(fake, f"AR-{number}"):
            fake.clock.advance(timedelta(hours=fake.rng.uniform(0, 30)))
    fake.clock.advance(timedelta(hours=1))
    fake.settle()
    assert fake.ledger.lost(f"AR-{number}" for number in range(items)) == set()
    return fake


def _try(fake: FakeDebitura, reference: str) -> bool:
    """Until there is an answer, or a crash."""
    key = fake.new_id()
    while True:
        try:
            response = ask(fake, "POST", "/cases", a_body(reference), key=key)
        except Lost:
            response = None
        except Late:
            fake.clock.advance(timedelta(seconds=30))
            response = None
        if fake.rng.random() < 0.06:
            return False
        if response is not None and response.status in (200, 422):
            return True
        fake.clock.advance(timedelta(seconds=5))


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("keys, guarded, reference hard", 0, 0),
        ("keys, guarded, reference checked", 0, 10),
        ("keys, guarded, reference free", 8, 45),
        ("keys, unguarded, reference free", 12, 65),
        ("no keys, reference checked", 2, 22),
        ("no keys, reference free", 28, 85),
    ],
)
def test_keys_in_memory_open_cases_twice_unless_references_are_a_constraint(
    name: str, least: int, most: int
) -> None:
    assert least <= careless_import(MODELS[name]).ledger.count_of_duplicates() <= most


def test_chance_can_be_repeated() -> None:
    model = replace(MODELS["no keys, reference free"], lookup_lag=timedelta(seconds=5))
    first, second = (careless_import(model, 40).ledger for _ in range(2))
    assert first.committed == second.committed
    assert [call.fault for call in first.calls] == [call.fault for call in second.calls]
