"""Answers kept to be repeated go with the debtor they tell of."""

from __future__ import annotations

import pytest

from arrears.desk.erasure import stored_answers
from arrears.desk.models import Case, StoredAnswer
from tests.desk.api.operations import ids_of, operations
from tests.desk.api.sides import FullDesk, a_full_desk
from tests.desk.api.test_role_matrix import asked, undone

#: What tells of no case.
_OF_NO_CASE = {"customer POST /divisions", "creditor POST /signing"}


@pytest.fixture
def desk(db: None) -> FullDesk:
    return a_full_desk()


def test_every_stored_answer_about_a_case_is_found_from_the_case(desk: FullDesk) -> None:
    stored, missed = set(), set()
    for operation in operations():
        with undone():
            side, ids = desk.sides[operation.api], ids_of(desk, operation)
            asked(side, operation, ids, headers={"Idempotency-Key": "k-1"})
            if StoredAnswer.objects.exists():
                stored.add(operation.name)
                if not any(stored_answers(case).exists() for case in Case.objects.all()):
                    missed.add(operation.name)
    assert missed == _OF_NO_CASE
    assert {"customer POST /cases/{id}/chats", "partner POST /cases/{case_id}/updates"} < stored


@pytest.mark.parametrize("write", [str.upper, lambda text: text.replace("-", "")])
def test_an_id_is_found_however_it_was_written(desk: FullDesk, write: type[str]) -> None:
    chat = {"message": "He has moved to Hull.", "userEmail": "carol@acme.example"}
    path = f"/cases/{write(str(desk.active.public_id))}/chats"
    desk.creditor.at("customer").post(path, chat, headers={"Idempotency-Key": "k-1"})
    (answer,) = stored_answers(desk.active)
    assert "Hull" in answer.body
    assert not stored_answers(desk.waiting).exists()
