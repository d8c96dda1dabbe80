"""The API's own description, and that it offers everything the published contract has."""

from __future__ import annotations

import json
import re

import pytest

from tests.desk.api import contract
from tests.desk.api.world import Program
from tools.openapi_files import NAMES, frozen, generated


@pytest.mark.parametrize("name", NAMES)
def test_the_description_kept_in_the_documentation_is_that_of_the_code(name: str) -> None:
    assert frozen(name).read_text(encoding="utf-8") == generated(name), "run: python -m tools.openapi_files"


def test_the_description_is_served_without_a_key(program: Program) -> None:
    for name in NAMES:
        answer = program.client.get(f"/api/{name}/openapi.json")
        assert answer.status_code == 200
        assert "/cases" in " ".join(answer.json()["paths"])


@pytest.mark.skipif(not contract.is_here(), reason="the published contract is not beside the repository")
def test_every_operation_of_the_contract_is_there_and_none_besides() -> None:
    def bare(path: str) -> str:
        return re.sub(r"\{\w+\}", "{}", path)

    ours = {
        f"{method.upper()} {bare(path)}"
        for path, item in json.loads(generated("customer"))["paths"].items()
        for method in item
    }
    assert ours == {bare(operation) for operation in contract.operations()}
