"""The API's names for what core names otherwise, and numbers for places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from arrears.core.case import Lifecycle, Party
from arrears.core.country import JURISDICTIONS, US_STATES, country_name
from arrears.core.debtor import DebtorType
from arrears.core.task import TaskKind

#: What the API calls each state when it answers.
LIFECYCLE_LABELS: Mapping[Lifecycle, str] = MappingProxyType(
    {
        Lifecycle.PENDING_SIGNING: "Pending contract signing",
        Lifecycle.PENDING_CHECK: "Pending Verification Internal",
        Lifecycle.PENDING_VERIFICATION: "Pending Verification",
        Lifecycle.MORE_INFO: "More Info Required",
        Lifecycle.COLLECTING_QUOTES: "Collecting Quotes",
        Lifecycle.PENDING_QUOTE_SELECTION: "Pending Quote Selection",
        Lifecycle.ACTIVE: "Active",
        Lifecycle.PAUSED: "Paused",
        Lifecycle.CLOSED: "Closed",
    }
)

_FILTER_NAMES: Mapping[str, Lifecycle | None] = MappingProxyType(
    {
        "PendingContractSigning": Lifecycle.PENDING_SIGNING,
        "PendingVerificationInternal": Lifecycle.PENDING_CHECK,
        "PendingVerification": Lifecycle.PENDING_VERIFICATION,
        "NeedsAdditionalDetails": Lifecycle.MORE_INFO,
        "Leads": Lifecycle.COLLECTING_QUOTES,
        "LeadsQuoteGiven": Lifecycle.PENDING_QUOTE_SELECTION,
        "Active": Lifecycle.ACTIVE,
        "Paused": Lifecycle.PAUSED,
        "Closed": Lifecycle.CLOSED,
        "Merged": None,  # cases are never merged here
    }
)

#: The names by which cases may be filtered.
STATUS_NAMES = tuple(_FILTER_NAMES)


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


_STATUSES = {
    **{_bare(label): lifecycle for lifecycle, label in LIFECYCLE_LABELS.items()},
    **{_bare(name): lifecycle for name, lifecycle in _FILTER_NAMES.items()},
}


def statuses_of(names: list[str]) -> tuple[list[Lifecycle], list[str]]:
    """The states meant by names or labels in any capitals, and the names that mean none."""
    known = [_STATUSES[_bare(name)] for name in names if _bare(name) in _STATUSES]
    unknown = [name for name in names if _bare(name) not in _STATUSES]
    return [lifecycle for lifecycle in known if lifecycle is not None], unknown


_DEBTOR_TYPES = {"company": DebtorType.COMPANY, "private": DebtorType.PRIVATE, "person": DebtorType.PRIVATE}


def debtor_type_of(text: str | None) -> DebtorType | None:
    """`Company`, `Private` or, as another part of the contract has it, `Person`; in any capitals."""
    return _DEBTOR_TYPES.get((text or "").strip().lower())


def debtor_type_label(value: str) -> str:
    """A debtor of unknown type is treated as a company."""
    return "Private" if value == DebtorType.PRIVATE else "Company"


#: Chat roles as the contract numbers them. Whoever runs the desk stands where it has the managing partner.
CHAT_ROLES: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        Party.PARTNER.value: (0, "Partner"),
        Party.CREDITOR.value: (1, "Creditor"),
        Party.OPERATOR.value: (2, "Managed by partner"),
        Party.DESK.value: (2, "Managed by partner"),
    }
)

#: Who did something, in the timeline.
ACTOR_TYPES: Mapping[str, str] = MappingProxyType(
    {Party.CREDITOR.value: "Creditor user", Party.PARTNER.value: "Partner user"}
)

#: The creditor's kinds of task: their label, and what is to be done.
TASK_LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        TaskKind.SIGN_CONTRACT.value: ("Sign contract", "Sign the agreements that are still missing."),
        TaskKind.NEEDS_INFO.value: ("Case validation needs info", "Add what the verification found missing."),
        TaskKind.MORE_INFO.value: ("More info needed", "Answer the partner's questions about the case."),
        TaskKind.SELECT_QUOTE.value: ("Select quote winner", "Choose one of the quotes, or decline them."),
        TaskKind.REPLY_TO_CHAT.value: ("Reply to chat", "Answer the partner's last message."),
        TaskKind.SETTLE_PAYMENT.value: (
            "Settle payment",
            "Pay the fee on money that the debtor paid to you.",
        ),
    }
)

#: Tasks that a message on the case resolves.
RESOLVED_BY_CHAT = frozenset(
    {TaskKind.REPLY_TO_CHAT.value, TaskKind.MORE_INFO.value, TaskKind.NEEDS_INFO.value}
)

_STATES_FROM = 1000


def place_number(code: str) -> int:
    """The number of a country or jurisdiction, from its letters, so that it never changes.

    `AA` would be 1, `AB` 2, … `ZZ` 676; a US state is counted the same way from 1001: `US-CA` is 1053.
    """
    country, _, state = code.partition("-")
    letters = state or country
    number = (ord(letters[0]) - ord("A")) * 26 + ord(letters[1]) - ord("A") + 1
    return _STATES_FROM + number if state else number


#: Every jurisdiction by its number.
JURISDICTION_BY_NUMBER: Mapping[int, str] = MappingProxyType(
    {place_number(code): code for code in JURISDICTIONS}
)


def place_name(code: str) -> str:
    """`Denmark`, `United States - California`."""
    country, _, state = code.partition("-")
    name = country_name(country)
    return f"{name} - {US_STATES[state]}" if state else name
