"""The desk behind the CaseIndex port: one creditor's cases, searched and counted in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncMonth

from arrears import ports
from arrears.clock import london_midnight
from arrears.core.case import Lifecycle, Party
from arrears.core.money import Money
from arrears.desk import case_search
from arrears.desk.actors import Actor
from arrears.desk.models import Case, Payment, Task

#: What has come in on a case.
_RECOVERED = (
    F("principal") + F("interest_fees") + F("reminder_fees") + F("collection_fees") - F("outstanding")
)

#: What a case is told by: a quarter of its row, and a page has many.
_TOLD = (
    "accepted_at",
    "public_id",
    "reference",
    "creditor_reference",
    "invoice_numbers",
    "debtor_name",
    "debtor_country",
    "currency",
    "principal",
    "interest_fees",
    "reminder_fees",
    "collection_fees",
    "outstanding",
    "lifecycle",
    "partner__name",
    "routing_reason",
    "rate",
    "price_source",
    "opened_at",
    "is_test",
    "phase",
    "close_code",
    "updated_at",
)

# A row is stamped with the number of the transaction that wrote it. While one is under way that began before
# the latest stamp, it may still write under a lower number: then the highest number tells nothing.
_VERSION = """
select (select max(change) from desk_case where creditor_id = %(creditor)s),
       (select count(*) from desk_case where creditor_id = %(creditor)s and is_test),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""


class DeskCaseIndex:
    """ports.CaseIndex for one creditor's cases at our own desk. Every payment changes its case's row too."""

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
        if _elsewhere(search):
            return []
        order = ("opened_at", "pk") if newer else ("-opened_at", "-pk")
        found = self._found(search, today).filter(_beyond(mark, newer=newer)).select_related("partner")
        found = found.only(*_TOLD).order_by(*order)[:limit]
        with _unreachable():
            return [ports.Indexed(case.as_stated(), case.pk) for case in found]

    def figures(self, search: ports.CaseSearch, today: date) -> ports.Figures:
        if _elsewhere(search):
            return ports.Figures()
        found = self._found(search, today)
        real = found.filter(is_test=False)
        with _unreachable():
            tests = found.filter(is_test=True).aggregate(
                all=Count("pk"), unsigned=Count("pk", filter=Q(lifecycle=Lifecycle.PENDING_SIGNING.value))
            )
            months, fees = self._came_in(real, whole=search == ports.CaseSearch())
            return ports.figures_of(_groups(real, today), months, fees, tests["all"], tests["unsigned"])

    def version(self) -> tuple[int, int] | None:
        with _unreachable(), connection.cursor() as cursor:
            cursor.execute(_VERSION, {"creditor": self._organisation})
            latest, tests, oldest_running = cursor.fetchone()
        latest = latest or 0
        return (latest, tests) if latest < oldest_running else None

    def _found(self, search: ports.CaseSearch, today: date) -> QuerySet[Case]:
        actor = Actor(Party.CREDITOR, "", organisation=self._organisation)
        asked = case_search.CaseSearch(words=search.words, country=search.country, is_test=search.test)
        found = case_search.found(actor, asked)
        if search.lifecycles:
            found = found.filter(lifecycle__in=[one.value for one in search.lifecycles])
        if search.currency:
            found = found.filter(currency=search.currency)
        first, last = search.opened_within(today)
        if first:
            found = found.filter(opened_at__gte=london_midnight(first))
        if last:
            found = found.filter(opened_at__lt=london_midnight(ports.day_after(last)))
        return self._with_money(self._wanting(found, search), search)

    def _wanting(self, found: QuerySet[Case], search: ports.CaseSearch) -> QuerySet[Case]:
        if not search.attention:
            return found
        tasks = Task.objects.filter(
            creditor_id=self._organisation, party=Party.CREDITOR.value, solved_at=None
        ).exclude(case=None)
        waits = Q(lifecycle__in=[one.value for one in ports.WAITS_FOR_CREDITOR])
        return found.filter(waits | Q(pk__in=tasks.values("case_id")))

    def _with_money(self, found: QuerySet[Case], search: ports.CaseSearch) -> QuerySet[Case]:
        if search.paid is not None:
            found = found.alias(came_in=_RECOVERED)
            found = found.filter(came_in__gt=0) if search.paid else found.filter(came_in__lte=0)
        if search.paid_in is not None:
            paid = _counted(Payment.objects.filter(case__creditor_id=self._organisation))
            found = found.filter(
                pk__in=paid.filter(
                    paid_on__gte=search.paid_in, paid_on__lt=ports.month_after(search.paid_in)
                ).values("case_id")
            )
        return found

    def _came_in(
        self, real: QuerySet[Case], *, whole: bool
    ) -> tuple[list[tuple[date, Money]], dict[str, ports.Fees]]:
        """The payments by month, and what was taken of them."""
        paid = _counted(Payment.objects.filter(case__creditor_id=self._organisation, case__is_test=False))
        if not whole:
            paid = paid.filter(case__in=real.values("pk"))
        rows = (
            paid.annotate(month=TruncMonth("paid_on"))
            .values("currency", "month")
            .annotate(paid=Sum("amount"), taken=Sum(F("fee") + F("fee_vat")), kept=Sum("partner_share"))
            .order_by("month")
        )
        months: list[tuple[date, Money]] = []
        fees: dict[str, ports.Fees] = {}
        for row in rows:
            code = row["currency"]
            months.append((row["month"], Money(row["paid"], code).rounded()))
            taken, kept = Money(row["taken"], code).rounded(), Money(row["kept"], code).rounded()
            of_month = ports.Fees(charged=taken, costs=kept, estimated=Money.zero(code))
            fees[code] = fees.get(code, ports.Fees.nothing(code)) + of_month
        return months, fees


def _elsewhere(search: ports.CaseSearch) -> bool:
    """Whether cases at another collector are asked for."""
    return search.collector not in (None, ports.OWN_DESK)


def _counted(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    return payments.filter(reversed_at=None)


def _beyond(mark: ports.Mark | None, *, newer: bool) -> Q:
    if mark is None:
        return Q()
    # The first condition follows from the second, and lets the index begin at this very case.
    if newer:
        later = Q(opened_at__gt=mark.at) | Q(opened_at=mark.at, pk__gt=mark.number)
        return Q(opened_at__gte=mark.at) & later
    earlier = Q(opened_at__lt=mark.at) | Q(opened_at=mark.at, pk__lt=mark.number)
    return Q(opened_at__lte=mark.at) & earlier


def _groups(real: QuerySet[Case], today: date) -> Iterator[ports.CaseGroup]:
    """One pass over the cases: as many rows as there are kinds of them."""
    aged = models.Case(
        *(
            models.When(opened_at__gte=london_midnight(since), then=Value(age.value))
            for age, since in ports.ages_since(today)
        ),
        default=Value(ports.Age.LONGER.value),
    )
    rows = (
        real.annotate(aged=aged)
        .values("currency", "lifecycle", "debtor_country", "aged")
        .annotate(number=Count("pk"), owed=Sum("principal"), left=Sum("outstanding"), came_in=Sum(_RECOVERED))
        .order_by()
    )
    for row in rows:
        yield ports.CaseGroup(
            currency=row["currency"],
            lifecycle=Lifecycle(row["lifecycle"]),
            country=row["debtor_country"],
            age=ports.Age(row["aged"]),
            count=row["number"],
            principal=Decimal(row["owed"]),
            outstanding=Decimal(row["left"]),
            recovered=Decimal(row["came_in"]),
        )


@contextmanager
def _unreachable() -> Iterator[None]:
    try:
        yield
    except (InterfaceError, OperationalError) as error:
        raise ports.TryAgainLater("The desk's database does not answer.") from error
