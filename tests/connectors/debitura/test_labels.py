"""Debitura's words in ours."""

from __future__ import annotations

import pytest

from arrears.connectors.debitura.labels import lifecycle_of, party_of
from arrears.core.case import Lifecycle, Party
from arrears.desk.api.labels import LIFECYCLE_LABELS, STATUS_NAMES, statuses_of

_WORDS = [
    ("Pending contract signing", Lifecycle.PENDING_SIGNING),
    ("PendingContractSigning", Lifecycle.PENDING_SIGNING),
    ("Pending Verification Internal", Lifecycle.PENDING_CHECK),
    ("PendingVerificationInternal", Lifecycle.PENDING_CHECK),
    ("Pending Verification", Lifecycle.PENDING_VERIFICATION),
    ("PendingVerification", Lifecycle.PENDING_VERIFICATION),
    ("More Info Required", Lifecycle.MORE_INFO),
    ("NeedsAdditionalDetails", Lifecycle.MORE_INFO),
    ("Collecting Quotes", Lifecycle.COLLECTING_QUOTES),
    ("Leads", Lifecycle.COLLECTING_QUOTES),
    ("Pending quote by partner", Lifecycle.COLLECTING_QUOTES),
    ("Pending Giving Quote", Lifecycle.COLLECTING_QUOTES),
    ("Pending Quote Selection", Lifecycle.PENDING_QUOTE_SELECTION),
    ("LeadsQuoteGiven", Lifecycle.PENDING_QUOTE_SELECTION),
    ("Quote given by partner", Lifecycle.PENDING_QUOTE_SELECTION),
    ("Quote Given", Lifecycle.PENDING_QUOTE_SELECTION),
    ("Active", Lifecycle.ACTIVE),
    ("Paused", Lifecycle.PAUSED),
    ("Closed", Lifecycle.CLOSED),
]


@pytest.mark.parametrize(("word", "lifecycle"), _WORDS)
def test_every_known_word_is_exactly_one_of_our_states(word: str, lifecycle: Lifecycle) -> None:
    for spelling in (word, word.upper(), word.lower(), f" {word} "):
        assert lifecycle_of(spelling) == (lifecycle, "")


def test_a_merged_case_is_closed_and_says_so() -> None:
    assert lifecycle_of("merged") == (Lifecycle.CLOSED, "Merged")


@pytest.mark.parametrize("word", ["Escalated", "Закрыт", "activeish"])
def test_an_unknown_word_counts_as_pending_and_is_kept(word: str) -> None:
    assert lifecycle_of(word) == (Lifecycle.PENDING_VERIFICATION, word)


def test_no_word_at_all_is_pending() -> None:
    assert lifecycle_of("") == (Lifecycle.PENDING_VERIFICATION, "")


def test_our_own_desk_is_understood_word_for_word() -> None:
    for lifecycle, label in LIFECYCLE_LABELS.items():
        assert lifecycle_of(label) == (lifecycle, "")
    for name in STATUS_NAMES:
        known, _ = statuses_of([name])
        assert lifecycle_of(name)[0] in (known or [Lifecycle.CLOSED])


@pytest.mark.parametrize(
    ("role", "label", "party"),
    [
        ("0", "Partner", Party.PARTNER),
        ("1", "Creditor", Party.CREDITOR),
        ("2", "Managed by partner", Party.PARTNER),
        ("", "creditor", Party.CREDITOR),
        ("Partner", "", Party.PARTNER),
        ("7", "Managed by partner", Party.PARTNER),
        ("7", "Robot", None),
        ("", "", None),
    ],
)
def test_who_wrote_a_message(role: str, label: str, party: Party | None) -> None:
    assert party_of(role, label) is party
