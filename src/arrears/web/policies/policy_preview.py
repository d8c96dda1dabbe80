"""What a policy would take if it ran now: read live, shown before it is saved, and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.preview_policy import Step, Weighed, preview_policy
from arrears.bridge.save_policy import PolicyForm
from arrears.core.access import Permission
from arrears.core.invoice import days_overdue
from arrears.core.money import Money, totals_by_currency
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.policies.policy_fields import PolicyFields
from arrears.web.preview_stream import READERS
from arrears.web.tenancy import members_who

#: So many rows of each kind are shown; the counts and totals are of all.
_MOST_ROWS = 200


@require_POST
@members_who(Permission.POLICY)
def policy_preview(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    """One JSON object a line: `progress` while invoices are read, then `result`, or `problem` (HTML)."""
    form = PolicyFields(membership.organisation_id, request.POST)
    if not form.is_valid() and set(form.errors) != {"name"}:
        said = next(str(texts[0]) for name, texts in form.errors.items() if name != "name")
        return HttpResponse(_problem(said, "Then preview again."), "application/x-ndjson", 422)
    form.cleaned_data.setdefault("name", "")
    return StreamingHttpResponse(
        _lines(form.policy_form),
        content_type="application/x-ndjson",
        headers={"X-Accel-Buffering": "no"},
    )


def _lines(form: PolicyForm) -> Generator[bytes, None, None]:
    # Taken in here and not by the view: a stream that is never begun must not keep a place.
    if not READERS.acquire(blocking=False):
        yield _problem(
            "Several people are reading invoices at this moment.", "Wait a minute, then try again."
        )
        return
    try:
        yield from _read(form)
    finally:
        READERS.release()


def _read(form: PolicyForm) -> Iterator[bytes]:
    if form.connection.asks_for_word:
        yield _problem(
            "The memorable word of this connection is asked for each time, so no policy can use it.",
            "Store the word on the Integrations page first.",
        )
        return
    try:
        for step in preview_policy(form.connection, form.collector, form.rule):
            if step.weighed is None:
                yield _line({"progress": _progress(step)})
            else:
                yield _line({"result": _template("result", result=_result(step.weighed))})
    except NeedsAttention as reason:
        yield _problem(str(reason), reason.action)
    except TryAgainLater as reason:
        yield _problem(str(reason), "Try again in a minute.")


def _progress(step: Step) -> str:
    if step.records is not None:
        return f"{step.records.seen:,} of {step.records.total or 0:,} records looked into"
    total = f" of {step.progress.total:,}" if step.progress.total else ""
    return f"{step.progress.seen:,}{total} invoices read"


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of the preview."""

    number: str
    customer: str
    days: int
    owed: Money | None
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the policy would do now: everything counted, and the first rows of each kind."""

    taken_count: int
    left_count: int
    totals: tuple[Money, ...]
    taken: tuple[Judged, ...]
    left: tuple[Judged, ...]


def _result(weighed: tuple[Weighed, ...]) -> Result:
    taken = [one for one in weighed if one.judgement.taken]
    left = [one for one in weighed if not one.judgement.taken]
    sums = totals_by_currency([one.claim.principal for one in taken if one.claim.principal])
    return Result(len(taken), len(left), tuple(sums.values()), _judged(taken), _judged(left))


def _judged(weighed: list[Weighed]) -> tuple[Judged, ...]:
    today = adapters().clock.today()
    return tuple(
        Judged(
            one.claim.numbers[0],
            one.claim.debtor.name,
            days_overdue(one.claim.oldest_due, today),
            one.claim.principal,
            one.judgement.reason,
        )
        for one in weighed[:_MOST_ROWS]
    )


def _problem(text: str, action: str) -> bytes:
    return _line({"problem": _template("problem", text=text, action=action)})


def _template(name: str, **context: object) -> str:
    return get_template(f"policies/preview_{name}.html").render(context)


def _line(content: dict[str, str]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"
