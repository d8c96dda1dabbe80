"""What can be asked for when a case is opened, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from arrears.desk.models import Case
from arrears.ports import Answer


class ObstacleCode(StrEnum):
    """What stands in the way of a case. All but the first are named as in the Customer API."""

    INVALID_FIELD = "InvalidField"
    MISSING_CONTRACT = "MissingDebtCollectionContract"
    MISSING_POWER_OF_ATTORNEY = "MissingPowerOfAttorney"
    NO_PARTNER = "NoPartnerAvailable"
    BLOCKED = "CreditorBlocked"
    DUPLICATE = "DuplicateCreditorReference"


#: Obstacles that a signature removes.
TO_BE_SIGNED = frozenset({ObstacleCode.MISSING_CONTRACT, ObstacleCode.MISSING_POWER_OF_ATTORNEY})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing in the way, in a sentence.

    `field` names the field of Handover or Options that is wrong, empty when it is none's fault;
    `solution_url` is where a person can settle it.
    """

    code: ObstacleCode
    message: str
    field: str = ""
    solution_url: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How a case is to be opened.

    `reference` is the creditor's own and, unless empty, taken once; `key` is the idempotency key.
    `allow_pending` opens a case that still has to be signed for; `require_partner` refuses one that no
    partner takes, in place of asking for quotes. `is_test` cases are given to nobody. `by` names who asks,
    for the timeline.
    """

    reference: str = ""
    key: str = ""
    explicit_partner: UUID | None = None
    division: UUID | None = None
    allow_pending: bool = False
    require_partner: bool = False
    skip_check: bool = False
    is_test: bool = False
    tag: str = ""
    assigned_email: str = ""
    return_url: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of it: OPENED carries the case, DUPLICATE the one that has the reference already.

    REFUSED carries problems of fields, MUST_ACT what has to be signed or settled first.
    """

    answer: Answer
    case: Case | None = None
    problems: tuple[Obstacle, ...] = ()
