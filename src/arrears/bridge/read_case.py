"""One case of an organisation, as its collector states it now."""

from __future__ import annotations

from django.db.models import Q

from arrears.bridge.adapters import adapters
from arrears.bridge.list_cases import CaseAt
from arrears.bridge.models import CollectorAccount, Submission, TrackedCase
from arrears.ports import Remedy


def read_case(organisation: int, reference: str) -> CaseAt | None:
    """The organisation's case with this reference, the collector's or ours; None when there is none.

    A case elsewhere is read live; while its collector cannot be asked, it is given as it was last read, with
    the moment. Raises TryAgainLater or NeedsAttention when it was never read.
    """
    found = _at_our_desk(organisation, reference)
    if found is not None:
        return found
    place = _elsewhere(organisation, reference)
    return _read(organisation, *place) if place else None


def _at_our_desk(organisation: int, reference: str) -> CaseAt | None:
    desk = adapters().collector(organisation, None)
    found = desk.find(reference)
    if found is None:
        ours = Submission.objects.filter(organisation_id=organisation, run__collector=None)
        row = ours.filter(case_reference=reference).first()
        found = desk.find(row.reference) if row else None
    return CaseAt(found) if found else None


def _elsewhere(organisation: int, reference: str) -> tuple[CollectorAccount, str] | None:
    """Which collector has the case, and its id there."""
    tracked = TrackedCase.objects.filter(
        Q(reference=reference) | Q(creditor_reference=reference), organisation_id=organisation
    )
    row = tracked.select_related("account").order_by("pk").first()
    if row is not None:
        return row.account, row.case_id
    sent = Submission.objects.filter(
        Q(reference=reference) | Q(case_reference=reference), organisation_id=organisation
    ).exclude(case_id="")
    submission = sent.select_related("run__collector").order_by("pk").first()
    if submission is None or submission.run.collector is None:
        return None
    return submission.run.collector, submission.case_id


def _read(organisation: int, account: CollectorAccount, case_id: str) -> CaseAt | None:
    try:
        case = adapters().collector(organisation, account).read(case_id)
    except Remedy:
        row = TrackedCase.objects.filter(account=account, case_id=case_id).select_related("account").first()
        if row is None:
            raise
        return CaseAt(row.as_stated(), account, row.read_at)
    return CaseAt(case, account) if case else None
