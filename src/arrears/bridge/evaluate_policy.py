"""Evaluate an escalation policy when it is due: read, judge, prepare the batch, and log every decision.

A slot is evaluated once. That it has begun is written down before anything is read; decisions, batch and jobs
are written in one transaction at the end. Killed in between, the next one reads afresh and ends the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.end_evaluation import end_evaluation
from arrears.bridge.ledger import picked_of
from arrears.bridge.models import EscalationPolicy, ImportRun, PolicyDecision, PolicyRun
from arrears.bridge.preview_policy import Weighed, preview_policy
from arrears.bridge.start_import import Order, start_import
from arrears.core.claim import Claim, bundle
from arrears.core.money import totals_by_currency
from arrears.core.wording import list_text, sign_text
from arrears.ports import NeedsAttention

_NAMES = UUID("0c6f3c0a-7f5c-4f0e-9d5b-3a1f6f0f7a52")
_AT_ONCE = 1_000

_PAUSED = "The policy was paused while it was being evaluated."
_CHANGED = "The policy was changed while it was being evaluated. It is evaluated again at its next time."
_NEEDS_WORD = (
    "The memorable word of this connection is asked for each time, and nobody is there to enter it. "
    "Store the word, or remove the policy."
)


def evaluate_policy(policy_id: int, slot: datetime) -> None:
    """Evaluate the policy for the moment at which it was due. Safe to repeat, and to kill at any line.

    What needs attention is written down with the evaluation. Raises TryAgainLater, which the job engine
    repeats.
    """
    evaluation = _begin(policy_id, slot)
    if evaluation is None:
        return
    policy = evaluation.policy
    if policy.connection.asks_for_word:
        end_evaluation(evaluation.pk, _NEEDS_WORD)
        return
    try:
        _write_down(evaluation, policy, _read(policy))
    except NeedsAttention as reason:
        end_evaluation(evaluation.pk, reason.in_full)


def _begin(policy_id: int, slot: datetime) -> PolicyRun | None:
    """The evaluation to be done, or None when there is none, or no more."""
    now = adapters().clock.now()
    with transaction.atomic():
        policies = EscalationPolicy.objects.select_related("connection", "collector")
        policy = policies.select_for_update(of=("self",)).filter(pk=policy_id).first()
        if policy is None:
            return None
        begun = PolicyRun.objects.filter(policy=policy, slot=slot).first()
        if begun is None:
            if policy.next_at != slot or slot > now:
                return None
            # Slots that passed while nothing ran are made up for by this one.
            EscalationPolicy.objects.filter(pk=policy.pk).update(next_at=policy.slot_after(now))
            begun = PolicyRun.objects.create(policy=policy, slot=slot, started_at=now)
        begun.policy = policy
        return None if begun.finished_at else begun


def _read(policy: EscalationPolicy) -> tuple[Weighed, ...]:
    steps = preview_policy(policy.connection, policy.collector, policy.rule)
    return next(step.weighed for step in steps if step.weighed is not None)


def _write_down(evaluation: PolicyRun, read: EscalationPolicy, weighed: Sequence[Weighed]) -> None:
    """Decisions, batch and the trail, all or nothing. Raises NeedsAttention for what cannot be started."""
    with transaction.atomic():
        policy = EscalationPolicy.objects.select_for_update().filter(pk=read.pk).first()
        mine = PolicyRun.objects.select_for_update().filter(pk=evaluation.pk, finished_at=None)
        if policy is None or not mine.exists():
            return
        if policy.paused_at is not None or _is_another(policy, read):
            end_evaluation(evaluation.pk, _PAUSED if policy.paused_at else _CHANGED)
            return
        taken = [one.claim for one in weighed if one.judgement.taken]
        decisions = [_decision(evaluation, one) for one in weighed]
        PolicyDecision.objects.bulk_create(decisions, batch_size=_AT_ONCE)
        run = _prepare(evaluation, read, taken) if taken else None
        now = adapters().clock.now()
        mine.update(
            finished_at=now, taken=len(taken), left=len(weighed) - len(taken), import_run=run, problem=""
        )
        said = f"The policy “{policy.name}” took {len(taken):,} of {len(weighed):,} unpaid invoices."
        run_name = f"run {run.pk}" if run else ""
        subject = f"policy {policy.pk}"
        note(policy.organisation_id, Action.POLICY_RAN, said, now, subject=subject, run=run_name)


def _is_another(policy: EscalationPolicy, read: EscalationPolicy) -> bool:
    """Whether somebody has changed what matters since the invoices were judged."""

    def what(one: EscalationPolicy) -> tuple[object, ...]:
        return one.rule, one.connection_id, one.collector_id, one.bundles, one.submits

    return what(policy) != what(read)


def _decision(evaluation: PolicyRun, one: Weighed) -> PolicyDecision:
    invoice = one.claim.invoices[0]
    return PolicyDecision(
        evaluation=evaluation,
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        taken=one.judgement.taken,
        codes=list(one.judgement.codes),
        reason=one.judgement.reason,
    )


def _prepare(evaluation: PolicyRun, policy: EscalationPolicy, taken: list[Claim]) -> ImportRun:
    """The batch, named after policy and slot, so that there is one however often this is done."""
    claims = bundle(taken, adapters().clock.today()) if policy.bundles else taken
    order = Order(
        form_id=uuid5(_NAMES, f"{policy.pk} {evaluation.slot.isoformat()}"),
        groups=[picked_of(claim) for claim in claims],
        bundles=policy.bundles,
        collector=policy.collector,
        waits_because="" if policy.submits else _why_it_waits(policy, claims),
        policy=policy,
    )
    return start_import(policy.connection, order)


def _why_it_waits(policy: EscalationPolicy, claims: Sequence[Claim]) -> str:
    totals = totals_by_currency([claim.principal for claim in claims if claim.principal])
    amounts = list_text([sign_text(total) for total in totals.values()])
    cases = f"{len(claims):,} case{'' if len(claims) == 1 else 's'}"
    return f"The policy “{policy.name}” prepared {cases}, {amounts}, for somebody to look at."
