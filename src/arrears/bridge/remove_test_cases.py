"""Remove the cases for testing at a collector, and let their invoices be tried again."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from django.db import transaction

from arrears.accounts.audit import Action
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import note_collector
from arrears.bridge.models import CollectorAccount, Holding, Submission, TrackedCase
from arrears.core.submission import State
from arrears.ports import NeedsAttention


@runtime_checkable
class _RemovesTestCases(Protocol):
    def remove_test_cases(self) -> None: ...


def remove_test_cases(account: CollectorAccount) -> None:
    """Have the collector remove every case that this account opened for testing.

    The submissions stay in the record without their case. Raises NeedsAttention for an account that opens
    real cases, and as the collector's reads do.
    """
    collector = adapters().collector(account.organisation_id, account)
    if not account.test or not isinstance(collector, _RemovesTestCases):
        raise NeedsAttention(
            "This collector opens real cases, and those are never removed.",
            code="not_for_testing",
            action="Choose a collector that was connected for testing.",
        )
    # Those that are there before: one that is opened meanwhile may have missed the clearing up.
    opened = Submission.objects.filter(run__collector=account, state=State.CREATED)
    gone = list(opened.values_list("pk", flat=True))
    collector.remove_test_cases()
    with transaction.atomic():
        TrackedCase.objects.filter(account=account).delete()
        Holding.objects.filter(submission_id__in=gone).delete()
        Submission.objects.filter(pk__in=gone).update(
            case_id="",
            document_attached=False,
            message="The case was for testing and has been removed.",
            changed_at=adapters().clock.now(),
        )
        note_collector(account, Action.TEST_CASES_REMOVED, f"Removed {len(gone)} test cases at")
