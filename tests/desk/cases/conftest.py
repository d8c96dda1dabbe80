"""A desk with its network and its agreements, and one creditor who has signed everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arrears.accounts.models import Organisation
from arrears.core.handover import Handover
from arrears.desk.cases.open_case import open_case
from arrears.desk.models import Case
from arrears.desk.opening import Opening, Options
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import Answer
from tests.builders import TODAY
from tests.desk.builders import NOON, a_handover, an_organisation, sign_everything

#: Opens a case: `opens(handover, reference="AR-1", …)`.
Opens = Callable[..., Case]


@pytest.fixture
def creditor(db: None) -> Organisation:
    """Acme Suppliers, who has signed everything."""
    seed_network(TODAY)
    creditor = an_organisation()
    sign_everything(creditor)
    return creditor


@pytest.fixture
def opens(creditor: Organisation) -> Opens:
    def opened(handover: Handover | None = None, **options: Any) -> Case:
        opening = ask(creditor, handover, **options)
        assert opening.answer is Answer.OPENED, opening.problems
        assert opening.case is not None
        return opening.case

    return opened


def ask(creditor: Organisation, handover: Handover | None = None, **options: Any) -> Opening:
    """Ask for a case to be opened on the day of the tests."""
    return open_case(creditor, handover or a_handover(), Options(**options), today=TODAY, now=NOON)
