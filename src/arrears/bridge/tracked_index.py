"""Cases at collectors elsewhere behind the CaseIndex port, as they were last stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection, models
from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncMonth

from arrears import ports
from arrears.bridge.models import Recovery, TrackedCase
from arrears.clock import LONDON, london_midnight
from arrears.core.case import Lifecycle
from arrears.core.money import Money

#: What has come in on a case.
_RECOVERED = F("principal") + F("added") - F("outstanding")
#: More words than this are nobody's search.
_MOST_WORDS = 8

# The transaction that wrote a row stands in the row, so the sum changes with every change of any. Within a
# transaction that has written something itself, it does not.
_VERSION = """
select count(*), coalesce(sum(t.xmin::text::bigint), 0), pg_current_xact_id_if_assigned() is null
  from bridge_trackedcase t where t.organisation_id = %s
"""


class TrackedIndex:
    """ports.CaseIndex for one creditor's cases at other collectors.

    Fees are estimated as the agreed rate of what has come in, of cases whose rate is known. When money came
    in is when it was noticed here.
    """

    def __init__(self, organisation_id: int) -> None:
        self._organisation = organisation_id

    def page(
        self,
        search: ports.CaseSearch,
        today: date,
        limit: int,
        *,
        mark: ports.Mark | None = None,
        newer: bool = False,
    ) -> Sequence[ports.Indexed]:
        order = ("opened_at", "pk") if newer else ("-opened_at", "-pk")
        found = self._found(search, today).filter(_beyond(mark, newer=newer)).select_related("account")
        return [
            ports.Indexed(row.as_stated(), row.pk, row.account_id, row.read_at)
            for row in found.order_by(*order)[:limit]
        ]

    def figures(self, search: ports.CaseSearch, today: date) -> ports.Figures:
        found = self._found(search, today)
        real = found.filter(account__test=False)
        tests = found.filter(account__test=True).aggregate(
            all=Count("pk"), unsigned=Count("pk", filter=Q(lifecycle=Lifecycle.PENDING_SIGNING.value))
        )
        return ports.figures_of(
            _groups(real, today), _months(real), _estimates(real), tests["all"], tests["unsigned"]
        )

    def version(self) -> tuple[int, int] | None:
        with connection.cursor() as cursor:
            cursor.execute(_VERSION, [self._organisation])
            count, written_by, untouched = cursor.fetchone()
        return (count, int(written_by)) if untouched else None

    def _found(self, search: ports.CaseSearch, today: date) -> QuerySet[TrackedCase]:
        found = TrackedCase.objects.filter(_with_words(search.words), organisation_id=self._organisation)
        if search.collector is not None:
            found = found.filter(account_id=search.collector)
        if search.lifecycles:
            found = found.filter(lifecycle__in=[one.value for one in search.lifecycles])
        if search.country:
            found = found.filter(country=search.country)
        if search.currency:
            found = found.filter(currency=search.currency)
        if search.test is not None:
            found = found.filter(account__test=search.test)
        if search.attention:
            waits = Q(lifecycle__in=[one.value for one in ports.WAITS_FOR_CREDITOR])
            asked = Q(needs_info=True) & ~Q(lifecycle=Lifecycle.CLOSED.value)
            found = found.filter(waits | asked)
        first, last = search.opened_within(today)
        if first:
            found = found.filter(opened_at__gte=london_midnight(first))
        if last:
            found = found.filter(opened_at__lt=london_midnight(ports.day_after(last)))
        return _with_money(found, search)


def _with_words(words: str) -> Q:
    asked = Q()
    for word in words.replace("\0", "").encode(errors="ignore").decode().split()[:_MOST_WORDS]:
        asked &= (
            Q(reference__icontains=word)
            | Q(creditor_reference__icontains=word)
            | Q(debtor_name__icontains=word)
            | Q(invoice_numbers__icontains=word)
        )
    return asked


def _with_money(found: QuerySet[TrackedCase], search: ports.CaseSearch) -> QuerySet[TrackedCase]:
    if search.paid is not None:
        found = found.alias(came_in=_RECOVERED)
        found = found.filter(came_in__gt=0) if search.paid else found.filter(came_in__lte=0)
    if search.paid_in is not None:
        noticed = Recovery.objects.filter(
            noticed_at__gte=london_midnight(search.paid_in),
            noticed_at__lt=london_midnight(ports.month_after(search.paid_in)),
        )
        found = found.filter(pk__in=noticed.values("case_id"))
    return found


def _beyond(mark: ports.Mark | None, *, newer: bool) -> Q:
    if mark is None:
        return Q()
    if newer:
        return Q(opened_at__gt=mark.at) | Q(opened_at=mark.at, pk__gt=mark.number)
    return Q(opened_at__lt=mark.at) | Q(opened_at=mark.at, pk__lt=mark.number)


def _groups(real: QuerySet[TrackedCase], today: date) -> Iterator[ports.CaseGroup]:
    aged = models.Case(
        *(
            models.When(opened_at__gte=london_midnight(since), then=Value(age.value))
            for age, since in ports.ages_since(today)
        ),
        default=Value(ports.Age.LONGER.value),
    )
    rows = (
        real.annotate(aged=aged)
        .values("currency", "lifecycle", "country", "aged")
        .annotate(number=Count("pk"), owed=Sum("principal"), left=Sum("outstanding"), came_in=Sum(_RECOVERED))
        .order_by()
    )
    for row in rows:
        yield ports.CaseGroup(
            currency=row["currency"],
            lifecycle=Lifecycle(row["lifecycle"]),
            country=row["country"],
            age=ports.Age(row["aged"]),
            count=row["number"],
            principal=Decimal(row["owed"]),
            outstanding=Decimal(row["left"]),
            recovered=Decimal(row["came_in"]),
        )


def _months(real: QuerySet[TrackedCase]) -> list[tuple[date, Money]]:
    rows = (
        Recovery.objects.filter(case__in=real.values("pk"))
        .annotate(month=TruncMonth("noticed_at", tzinfo=LONDON))
        .values("case__currency", "month")
        .annotate(came_in=Sum("amount"))
        .order_by("month")
    )
    return [
        (row["month"].date(), Money(Decimal(row["came_in"]), row["case__currency"]).rounded()) for row in rows
    ]


def _estimates(real: QuerySet[TrackedCase]) -> dict[str, ports.Fees]:
    share = ExpressionWrapper(
        _RECOVERED * F("rate") / Value(Decimal(100)),
        output_field=models.DecimalField(max_digits=30, decimal_places=10),
    )
    rows = real.exclude(rate=None).values("currency").annotate(fee=Sum(share)).order_by()
    return {
        row["currency"]: ports.Fees(
            charged=Money.zero(row["currency"]),
            costs=Money.zero(row["currency"]),
            estimated=Money(Decimal(row["fee"]), row["currency"]).rounded(),
        )
        for row in rows
    }
