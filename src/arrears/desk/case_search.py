"""Looking for cases: what can be asked for, as the list and its totals share it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from arrears.core.case import Lifecycle
from arrears.desk.actors import Actor, cases_of
from arrears.desk.free_text import kept_text
from arrears.desk.models import Case

#: More words than this are nobody's search.
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """What is looked for; what is empty does not matter.

    Every one of `words` occurs in the reference, the creditor's reference, the debtor's name or an invoice
    number. `partner` and `creditor` are public ids, `country` the debtor's alpha-2 code. `is_test` is None
    for real and test cases alike.
    """

    words: str = ""
    lifecycle: Lifecycle | None = None
    partner: UUID | None = None
    creditor: UUID | None = None
    country: str = ""
    is_test: bool | None = None


def found(actor: Actor, search: CaseSearch) -> QuerySet[Case]:
    """The cases an actor may see that fit, in no order."""
    asked = Q()
    for word in kept_text(search.words).split()[:_MOST_WORDS]:
        asked &= (
            Q(reference__icontains=word)
            | Q(creditor_reference__icontains=word)
            | Q(debtor_name__icontains=word)
            | Q(invoice_numbers__icontains=word)
        )
    if search.lifecycle is not None:
        asked &= Q(lifecycle=search.lifecycle.value)
    if search.partner is not None:
        asked &= Q(partner__public_id=search.partner)
    if search.creditor is not None:
        asked &= Q(creditor__public_id=search.creditor)
    if search.country:
        asked &= Q(debtor_country=search.country)
    if search.is_test is not None:
        asked &= Q(is_test=search.is_test)
    return cases_of(actor).filter(asked)
