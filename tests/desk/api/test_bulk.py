"""Many cases in one request: each row for itself, and the whole of it as often as one likes."""

from __future__ import annotations

from typing import Any

import pytest

from arrears.desk.models import Case
from tests.desk.api.sides import Side, a_creditor_side
from tests.desk.api.world import a_case_body, covering
from tests.desk.builders import sign_everything


@pytest.fixture
def side(db: None) -> Side:
    covering("GB", name="Oriel Agency")
    side = a_creditor_side()
    sign_everything(side.organisation)
    return side


def row(number: int, **changes: Any) -> dict[str, Any]:
    return a_case_body(**{"creditorReference": f"INV-{number}", "idempotencyKey": f"k-{number}"} | changes)


def test_each_row_is_opened_or_refused_for_itself(side: Side) -> None:
    rows = [
        row(1),
        row(2, amountToRecover=0),
        row(3, creditorReference="INV-1"),
        row(4, amountToRecover="a lot"),
        row(5, debtor={"countryAlpha2": "FR"}),
    ]
    answer = side.post("/cases/bulk", {"cases": rows})
    assert [one["result"] for one in answer["rows"]] == [
        "opened",
        "refused",
        "duplicate",
        "refused",
        "must act",
    ]
    assert answer["counts"] == {"opened": 1, "duplicate": 1, "refused": 2, "mustAct": 1}
    assert [one["reasons"][0]["field"] for one in answer["rows"][1:4]] == [
        "amountToRecover",
        "creditorReference",
        "amountToRecover",
    ]
    assert Case.objects.get().public_id.hex == answer["rows"][0]["caseId"].replace("-", "")


def test_the_whole_request_may_be_sent_again(side: Side) -> None:
    body = {"cases": [row(1), row(2, creditorReference=None)]}
    first, second = (side.ask("POST", "/cases/bulk", body) for _ in range(2))
    assert first.content == second.content
    assert Case.objects.count() == 2


def test_what_could_not_be_opened_is_tried_again(side: Side) -> None:
    body = {"cases": [row(1, debtor={"countryAlpha2": "FR"})]}
    assert side.post("/cases/bulk", body)["rows"][0]["result"] == "must act"
    covering("FR", name="Rive Agency")
    sign_everything(side.organisation)
    assert side.post("/cases/bulk", body)["rows"][0]["result"] == "opened"


def test_a_key_used_for_another_case_is_refused(side: Side) -> None:
    side.post("/cases/bulk", {"cases": [row(1)]})
    told = side.post("/cases/bulk", {"cases": [row(1, amountToRecover=7)]})["rows"][0]
    assert (told["result"], told["reasons"][0]["type"]) == ("refused", "IdempotencyConflict")


def test_rows_get_their_keys_from_the_request_where_they_have_none(side: Side) -> None:
    body = {"cases": [row(1, idempotencyKey=None, creditorReference=None)]}
    assert side.post("/cases/bulk", body)["rows"][0]["reasons"][0]["type"] == "MissingKey"
    for _ in range(2):
        told = side.post("/cases/bulk", body, headers={"Idempotency-Key": "all"})["rows"][0]
        assert (told["result"], told["idempotencyKey"]) == ("opened", "all row 0")
    assert Case.objects.count() == 1


def test_where_to_sign_still_works_after_the_answer(side: Side) -> None:
    newcomer = a_creditor_side("Dale Mills")
    told = newcomer.post("/cases/bulk", {"cases": [row(1)]})["rows"][0]
    assert told["result"] == "must act"
    link = told["reasons"][0]["solutionUrl"].removeprefix("https://desk.example")
    assert newcomer.client.get(link).status_code == 302


def test_there_are_500_rows_at_most(side: Side) -> None:
    assert side.post("/cases/bulk", {"cases": [{}] * 501}, 400)
    assert side.post("/cases/bulk", {"cases": []}, 400)
    assert side.post("/cases/bulk", {"cases": [{}] * 500})["counts"]["refused"] == 500
