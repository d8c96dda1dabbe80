"""Which overdue invoices an escalation policy takes and why it leaves the others, and when it looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from arrears.core.claim import Claim
from arrears.core.eligibility import Severity, Verdict
from arrears.core.fx import Rates, usd_value
from arrears.core.invoice import days_overdue
from arrears.core.money import Money
from arrears.core.wording import list_text, sign_text

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORKING_DAYS = (0, 1, 2, 3, 4)
_ALL_DAYS = (0, 1, 2, 3, 4, 5, 6)

#: What a judgement says of an invoice that has to wait because others come first.
CEILING, ABOVE_CEILING = "ceiling", "above_ceiling"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a policy asks of an invoice, and how much it takes at once.

    `minimum` and `ceiling` are in one currency; what is owed in another is converted by the dated rates.
    `excluded_customers` are customer codes, `excluded_tags` what a customer may be marked with; both count
    in any spelling of capitals. Without a `ceiling` a run takes everything that qualifies.
    """

    days_overdue: int
    minimum: Money
    excluded_customers: tuple[str, ...] = ()
    excluded_tags: tuple[str, ...] = ()
    reminders_sent: int = 0
    only_without_warnings: bool = True
    ceiling: Money | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one unpaid invoice: a claim of that invoice alone, and how it was checked.

    `reference` is the case or submission that already holds it, empty for none.
    """

    claim: Claim
    verdict: Verdict
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an invoice is taken, with every reason why it is not: stable codes, and sentences.

    The sentences name nobody and no amount of the invoice, so that they can be kept. `value` is what is owed
    in the rule's currency, None when that cannot be told.
    """

    codes: tuple[str, ...]
    reasons: tuple[str, ...]
    value: Money | None

    @property
    def taken(self) -> bool:
        return not self.codes

    @property
    def reason(self) -> str:
        return " ".join(self.reasons) or "It meets every condition of the policy."


def judge(rule: Rule, facts: Facts, rates: Rates, today: date) -> Judgement:
    """Hold one invoice against every condition. What is not known is never taken for granted."""
    value = value_in(rule.minimum.currency, facts.claim, rates)
    found = [
        *_already(facts),
        *_blocked(facts),
        *_age(rule, facts, today),
        *_amount(rule, value),
        *_customer(rule, facts),
        *_reminders(rule, facts),
        *_warnings(rule, facts),
    ]
    return Judgement(tuple(code for code, _ in found), tuple(text for _, text in found), value)


_Found = list[tuple[str, str]]


def _already(facts: Facts) -> _Found:
    if not facts.reference:
        return []
    return [("submitted", f"Already submitted, or about to be: see {facts.reference}.")]


def _blocked(facts: Facts) -> _Found:
    blocking = _codes(facts.verdict, Severity.BLOCKS)
    if not blocking:
        return []
    return [("not_eligible", f"It cannot become a case as it stands: {_named(blocking)}.")]


def _age(rule: Rule, facts: Facts, today: date) -> _Found:
    due = facts.claim.invoices[0].due
    days = days_overdue(due, today)
    if due is None:
        return [("no_due_date", "It has no due date, so nobody can say how long it is overdue.")]
    if days >= rule.days_overdue and days > 0:
        return []
    stands = f"It is {_counted(days, 'day')} overdue" if days else "It is not overdue"
    return [("too_young", f"{stands}; the policy asks for {_counted(max(rule.days_overdue, 1), 'day')}.")]


def _amount(rule: Rule, value: Money | None) -> _Found:
    if value is None and (rule.minimum.amount > 0 or rule.ceiling is not None):
        currency = rule.minimum.currency
        return [("value_unknown", f"Nobody can say what is owed in {currency}, the policy’s currency.")]
    if value is not None and value < rule.minimum:
        return [("below_policy_minimum", f"Less is owed than the policy’s {sign_text(rule.minimum)}.")]
    return []


def _customer(rule: Rule, facts: Facts) -> _Found:
    debtor, found = facts.claim.debtor, _Found()
    code = debtor.code or facts.claim.invoices[0].customer_code
    if code.strip().casefold() in _folded(rule.excluded_customers):
        found.append(("customer_excluded", "Its customer is excluded by the policy."))
    if not rule.excluded_tags:
        return found
    if debtor.tags is None:
        found.append(("tags_unknown", "The books do not say what its customer is marked with."))
        return found
    marked = [tag for tag in debtor.tags if tag.strip().casefold() in _folded(rule.excluded_tags)]
    if marked:
        quoted = list_text([f"“{tag}”" for tag in marked])
        found.append(("tag_excluded", f"Its customer is marked {quoted}, which the policy excludes."))
    return found


def _reminders(rule: Rule, facts: Facts) -> _Found:
    sent, wanted = facts.claim.invoices[0].reminders, rule.reminders_sent
    if not wanted or (sent is not None and sent >= wanted):
        return []
    if sent is None:
        return [("reminders_unknown", "The books do not say how many reminders were sent.")]
    said = f"{_counted(sent, 'reminder')} {'was' if sent == 1 else 'were'}" if sent else "No reminder was"
    return [("too_few_reminders", f"{said} sent; the policy asks for {wanted}.")]


def _warnings(rule: Rule, facts: Facts) -> _Found:
    warning = _codes(facts.verdict, Severity.WARNS)
    if not rule.only_without_warnings or not warning:
        return []
    return [("has_warnings", f"A person should look at it first: {_named(warning)}.")]


def _codes(verdict: Verdict, severity: Severity) -> list[str]:
    return list(dict.fromkeys(one.code for one in verdict.findings if one.severity is severity))


def _named(codes: Sequence[str]) -> str:
    return list_text([code.replace("_", " ") for code in codes])


def _folded(words: Iterable[str]) -> set[str]:
    return {word.strip().casefold() for word in words}


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def value_in(currency: str, claim: Claim, rates: Rates) -> Money | None:
    """What is owed, in `currency`, by the books' own rate or else the dated ones; None when not known."""
    money, figures = claim.principal, claim.invoices[0].figures
    if money is None or money.currency == currency:
        return money
    if figures.home_currency == currency and figures.rate:
        return Money(money.amount / figures.rate, currency).rounded()
    dollars = usd_value(money, rates, figures.rate, figures.home_currency)
    one = usd_value(Money(Decimal(1), currency), rates)
    if dollars is None or one is None:
        return None
    return Money(dollars.amount / one.rate, currency).rounded()


# --- What takes a second look at the books ------------------------------------------------------------------


def needs_detail(rule: Rule, facts: Facts) -> bool:
    """Whether the policy asks for something that only the invoice's or the customer's record tells."""
    wants_reminders = rule.reminders_sent > 0 and facts.claim.invoices[0].reminders is None
    return wants_reminders or (bool(rule.excluded_tags) and facts.claim.debtor.tags is None)


def without_detail(rule: Rule) -> Rule:
    """The rule without what only the records tell: who fails this needs no second look."""
    return replace(rule, reminders_sent=0, excluded_tags=())


# --- How much at once ---------------------------------------------------------------------------------------


def within_ceiling(rule: Rule, judged: Sequence[tuple[Claim, Judgement]]) -> list[Judgement]:
    """The judgements, in their order, with those left for the next run that would pass the ceiling.

    The longest overdue come first, until one no longer fits; none after it is taken, so that nothing old
    is overtaken again and again. One that alone is above the ceiling is left to a person and stops nobody.
    """
    judgements = [judgement for _, judgement in judged]
    ceiling = rule.ceiling
    if ceiling is None:
        return judgements
    sum_taken, is_reached = Money.zero(ceiling.currency), False
    for at in sorted(range(len(judged)), key=lambda place: _oldest_first(judged[place][0])):
        judgement = judgements[at]
        if not judgement.taken or judgement.value is None:
            continue
        if ceiling < judgement.value:
            judgements[at] = _left(judgement, ABOVE_CEILING, _ALONE.format(sign_text(ceiling)))
            continue
        is_reached = is_reached or ceiling < sum_taken + judgement.value
        if is_reached:
            judgements[at] = _left(judgement, CEILING, _REACHED.format(sign_text(ceiling)))
        else:
            sum_taken = sum_taken + judgement.value
    return judgements


_ALONE = "More is owed on it alone than the ceiling of {} for one run. Open its case yourself."
_REACHED = "Left for the next run: the ceiling of {} is reached."


def _oldest_first(claim: Claim) -> tuple[date, str]:
    return claim.oldest_due or date.max, claim.invoices[0].number


def _left(judgement: Judgement, code: str, reason: str) -> Judgement:
    return replace(judgement, codes=(*judgement.codes, code), reasons=(*judgement.reasons, reason))


# --- When ---------------------------------------------------------------------------------------------------


def next_slot(weekdays: Sequence[int], hour: int, after: datetime, zone: tzinfo) -> datetime:
    """The first moment later than `after` that is `hour` o'clock in `zone` on one of the weekdays, in UTC.

    Weekdays are 0 (Monday) to 6. An hour that the clocks leave out comes when they have gone forward; one
    that they show twice comes the first time only. Raises ValueError when there are no weekdays.
    """
    wanted = set(weekdays)
    if not wanted & set(_ALL_DAYS) or not 0 <= hour < 24:
        raise ValueError("A policy needs at least one weekday and an hour of the day.")
    day = after.astimezone(zone).date()
    utc = after.astimezone(UTC)
    while True:
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
        if day.weekday() in wanted and moment > utc:
            return moment
        day += timedelta(days=1)


def cadence_text(weekdays: Sequence[int], hour: int) -> str:
    """`Every weekday at 07:00`."""
    days = tuple(sorted(set(weekdays)))
    known = {_ALL_DAYS: "day", _WORKING_DAYS: "weekday"}
    return f"Every {known.get(days) or list_text([WEEKDAYS[day] for day in days])} at {hour:02}:00"


def summary_text(rule: Rule, company: str, weekdays: Sequence[int], hour: int, *, submits: bool) -> str:
    """All of a policy in plain words."""
    exceptions = _exceptions(rule)
    which = f"invoices of {company} that {_conditions(rule)}{exceptions}."
    return f"{cadence_text(weekdays, hour)}: {which} {_what_then(rule, submits=submits)}"


def _conditions(rule: Rule) -> str:
    parts = [f"are at least {_counted(max(rule.days_overdue, 1), 'day')} overdue"]
    if rule.minimum.amount > 0:
        parts.append(f"have at least {sign_text(rule.minimum)} owed on them")
    if rule.reminders_sent:
        parts.append(f"had at least {_counted(rule.reminders_sent, 'reminder')}")
    if rule.only_without_warnings:
        parts.append("show no warnings")
    return list_text(parts)


def _exceptions(rule: Rule) -> str:
    parts = []
    if rule.excluded_customers:
        parts.append(f"those of {list_text(rule.excluded_customers)}")
    if rule.excluded_tags:
        parts.append(f"those of customers marked {list_text([f'“{tag}”' for tag in rule.excluded_tags])}")
    return f", except {list_text(parts)}" if parts else ""


def _what_then(rule: Rule, *, submits: bool) -> str:
    at_most = (
        f"At most {sign_text(rule.ceiling)} in one run, the longest overdue first. " if rule.ceiling else ""
    )
    ending = "Cases are opened without asking anybody." if submits else "The batch waits for a person."
    return at_most + ending
