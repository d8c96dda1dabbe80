"""The official Python client, as published, against our API over a real socket."""

from __future__ import annotations

import importlib
import inspect
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.talk.send_message import send_message
from tests.desk.api.test_around_cases import a_payment
from tests.desk.api.world import Program, a_program, covering, stored
from tests.desk.builders import NOON
from tests.fakes import PDF

#: Untyped, because nearly everything in it may be None to the type checker.
client: Any = importlib.import_module("debitura_debt_collection")

pytestmark = pytest.mark.django_db(transaction=True)

_TIMEOUT = 60


@pytest.fixture
def ours(live_server: LiveServer) -> Program:
    covering("GB", name="Oriel Agency")
    return a_program()


@pytest.fixture
def api(live_server: LiveServer, ours: Program) -> Iterator[Any]:
    host = f"{live_server.url}/api/customer"
    api = client.ApiClient(client.Configuration(host=host, api_key={"ApiKey": ours.key}))
    yield api
    api.rest_client.pool_manager.clear()  # the server keeps a thread for every connection left open


def _models(*endings: str) -> list[Any]:
    """The client's classes, whose names are up to 85 letters long, by how they end."""
    return [next(cls for name, cls in vars(client).items() if name.endswith(ending)) for ending in endings]


def test_a_case_is_opened_listed_read_and_worked(api: Any, ours: Program, tmp_path: Path) -> None:
    create, debtor, preview, preview_debtor, chat = _models(
        "CreateCollectionCaseRequestApiViewModel", "CasesDebtorDto", "PreviewCaseRequestApiViewModel",
        "PreviewDebtorDto", "SendChatRequest",
    )  # fmt: skip
    cases = client.CasesApi(api)
    told = cases.cases_preview_post(
        **{_body(cases.cases_preview_post): preview(
            amountToRecover=1200.5, currencyCode="GBP",
            debtor=preview_debtor(type="Company", countryAlpha2="GB"),
        )},
        _request_timeout=_TIMEOUT,
    )  # fmt: skip
    assert told.result.is_eligible
    owing = debtor(type="Company", name="Debtor Ltd", countryAlpha2="GB", city="Leeds", address="2 Low Road")
    asked = create(
        currencyCode="GBP", amountToRecover=1200.5, date=datetime(2026, 7, 1, tzinfo=UTC),
        dueDate=datetime(2026, 7, 31, tzinfo=UTC), creditorReference="INV-1", debtor=owing,
    )  # fmt: skip
    body = {_body(cases.cases_post): asked}
    opened = cases.cases_post(idempotency_key="k-1", **body, _request_timeout=_TIMEOUT)
    again = cases.cases_post(idempotency_key="k-1", **body, _request_timeout=_TIMEOUT)
    assert opened.id == again.id
    assert opened.gross_amount == 1200.5
    with pytest.raises(client.ApiException) as refused:
        cases.cases_post(**body, _request_timeout=_TIMEOUT)
    assert refused.value.status == 422
    assert refused.value.data.business_errors[0].type == "DuplicateCreditorReference"
    listed = cases.cases_get(
        statuses=["PendingVerificationInternal"], sort="DateCreated:desc", _request_timeout=_TIMEOUT
    )
    assert [case.id for case in listed.cases] == [opened.id]
    assert cases.cases_id_get(opened.id, _request_timeout=_TIMEOUT).debtor.name == "Debtor Ltd"
    assert cases.cases_id_timeline_get(opened.id, _request_timeout=_TIMEOUT).items

    message = chat(message="Any news?", userEmail="carol@acme.example")
    sent = cases.cases_id_chats_post(
        opened.id, **{_body(cases.cases_id_chats_post): message}, _request_timeout=_TIMEOUT
    )
    send_message(Actor(Party.OPERATOR, "Olive"), opened.id, "Not yet.", now=NOON)
    chats = cases.cases_id_chats_get(opened.id, _request_timeout=_TIMEOUT)
    assert {one.message for one in chats} == {sent.message, "Not yet."}

    invoice = tmp_path / "invoice.pdf"
    invoice.write_bytes(PDF)
    kept = cases.cases_id_files_post(
        opened.id, file=str(invoice), document_type="OriginalInvoice", _request_timeout=_TIMEOUT
    )
    assert [one.id for one in cases.cases_id_files_get(opened.id, _request_timeout=_TIMEOUT)] == [kept.id]

    paid = a_payment(stored({"id": opened.id}))
    payments = client.PaymentsApi(api).payments_get(_request_timeout=_TIMEOUT)
    assert [one.id for one in payments.payments] == [str(paid.public_id)]


def test_a_webhook_is_created_listed_and_deleted(api: Any) -> None:
    (create,) = _models("CreateWebhookRequest")
    webhooks = client.WebhooksApi(api)
    asked = create(url="https://hooks.example/arrears", events=["case.created"])
    made = webhooks.webhooks_post(**{_body(webhooks.webhooks_post): asked}, _request_timeout=_TIMEOUT)
    assert made.secret
    assert [one.id for one in webhooks.webhooks_get(_request_timeout=_TIMEOUT)] == [made.id]
    webhooks.webhooks_id_delete(made.id, _request_timeout=_TIMEOUT)
    assert webhooks.webhooks_get(_request_timeout=_TIMEOUT) == []


def test_the_rest_of_an_account_is_read(api: Any, ours: Program) -> None:
    assert client.MeApi(api).me_get(_request_timeout=_TIMEOUT).company_name == "Acme Suppliers"
    assert client.UsersApi(api).users_get(_request_timeout=_TIMEOUT).users[0].email == "carol@acme.example"
    assert client.DivisionsApi(api).divisions_get(_request_timeout=_TIMEOUT).divisions == []
    assert client.CoverageApi(api).coverage_get(_request_timeout=_TIMEOUT)
    status = client.ContractsApi(api).contracts_debt_collection_status_get(_request_timeout=_TIMEOUT)
    assert status.signed
    with pytest.raises(client.ApiException) as missing:
        client.CasesApi(api).cases_id_get(str(uuid.uuid4()), _request_timeout=_TIMEOUT)
    assert missing.value.status == 404


def _body(method: Any) -> str:
    """What the client calls the body of a request: the whole name of its class, in lower case."""
    names = list(inspect.signature(method).parameters)
    return next(name for name in names if name.startswith("debitura_"))
