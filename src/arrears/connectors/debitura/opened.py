"""What each answer to a request for a new case means: opened, refused, to be signed first, or unknown."""

from __future__ import annotations

from arrears.connectors.debitura import wire
from arrears.connectors.debitura.answers import Refusal, parsed, raise_refusal, refusal_of
from arrears.connectors.debitura.mapping import case_from, required_from
from arrears.connectors.debitura.wire import record
from arrears.connectors.message import Response
from arrears.ports import Answer, Opened, OutcomeUnknown

_DUPLICATES = frozenset({"duplicatereference", "duplicatecreditorreference", "idempotencyconflict"})
_STOPPED = frozenset({401, 403, *range(300, 400)})
_BAD_DATA = frozenset({400, 413, 415})


def read_opened(response: Response, reference: str, *, test: bool) -> Opened:
    """The definite answer. Raises OutcomeUnknown and NeedsAttention as `Collector.open` does.

    A success counts only with a case that carries our reference and was opened in our mode.
    """
    status = response.status
    if response.succeeded:
        return _success(response, reference, test=test)
    if status in _STOPPED:
        raise_refusal(response, "a new case")
    told = refusal_of(response) if 400 <= status < 500 else Refusal(frozenset(), ())
    if status in (400, 409, 422) and told.codes & _DUPLICATES:
        return Opened(Answer.DUPLICATE, messages=told.messages)
    if status == 409:
        # The twin may be opening the case at this moment: nobody may say yet that there is none.
        raise OutcomeUnknown("Debitura is still at work on this very request.")
    if status in _BAD_DATA:
        return Opened(Answer.REFUSED, messages=told.messages or (_no_reason(status),))
    if status == 422:
        return _must_act(told)
    raise OutcomeUnknown(
        f"Debitura answered in an unexpected way (HTTP {status}) to a new case.", answered=True
    )


def _success(response: Response, reference: str, *, test: bool) -> Opened:
    body = parsed(response)
    case = case_from(record(body, wire.Case))
    if case is None:
        raise OutcomeUnknown("Debitura's answer to a new case cannot be read.", answered=True)
    if case.creditor_reference != reference or case.test is not test:
        raise OutcomeUnknown("Debitura answered a new case with another one.", answered=True)
    return Opened(Answer.OPENED, case)


def _must_act(told: Refusal) -> Opened:
    handoff = record(told.body.get("signingHandoff") if isinstance(told.body, dict) else None, wire.Handoff)
    return Opened(
        Answer.MUST_ACT,
        messages=told.messages or (_no_reason(422),),
        required=required_from(told.errors),
        signing_url=handoff.combined_signing_url,
    )


def _no_reason(status: int) -> str:
    return f"Debitura did not open the case and gave no reason (HTTP {status}). Ask Debitura's support."
