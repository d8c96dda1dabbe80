"""Remove test cases with everything that belongs to them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from arrears.core.case import Party
from arrears.desk.actors import Actor, Refused, cases_of, uuid_of
from arrears.desk.free_text import kept_text
from arrears.desk.models import Case, Payment
from arrears.desk.roles import only


def delete_test_cases(actor: Actor, *, case_id: UUID | str | None = None, tag: str = "") -> int:
    """Remove one test case of a creditor by its public id, or all with a tag. Returns how many there were.

    All or nothing: when one of them is a real case, none is removed. What is not there needs no removing.
    Raises Refused.
    """
    only(actor, Party.CREDITOR)
    with transaction.atomic():
        found = list(
            _wanted(actor, case_id, tag).select_for_update(of=("self",)).values_list("pk", "is_test")
        )
        if not all(is_test for _, is_test in found):
            raise Refused("This would remove a real case. Only test cases can be removed.", code="not_a_test")
        ids = [pk for pk, _ in found]
        Payment.objects.filter(case_id__in=ids).delete()
        Case.objects.filter(pk__in=ids).delete()
    return len(ids)


def _wanted(actor: Actor, case_id: UUID | str | None, tag: str) -> QuerySet[Case]:
    mine = cases_of(actor).order_by("pk")
    if case_id is not None:
        return mine.filter(public_id=uuid_of(case_id))
    tag = kept_text(tag)
    if not tag:
        raise Refused("Say which test cases to remove: one by its id, or all with a tag.", code="missing")
    return mine.filter(tag=tag)
