"""Make an escalation policy, or change one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import CollectorAccount, Connection, EscalationPolicy
from arrears.core.escalation import Rule
from arrears.core.money import is_currency

_LONGEST_NAME, _LONGEST_ENTRY, _MOST_ENTRIES = 80, 60, 200
_MOST_DAYS = 3_650

_ASKS_FOR_WORD = (
    "The memorable word of {} is asked for each time, and nobody is there to enter it when a policy runs. "
    "Edit the connection to store the word first."
)

#: Each invoice has as many reminder letters in KashFlow.
MOST_REMINDERS = 3


@dataclass(frozen=True, slots=True)
class PolicyForm:
    """What a person says a policy shall do. `weekdays` are 0 (Monday) to 6, `hour` is UK time."""

    name: str
    connection: Connection
    collector: CollectorAccount | None
    rule: Rule
    weekdays: tuple[int, ...]
    hour: int
    bundles: bool = False
    submits: bool = False


class PolicyRefused(Exception):
    """The policy cannot be kept. `problems` maps the name of a field to a sentence about it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def save_policy(
    organisation: int, form: PolicyForm, edited: int | None = None, by: int | None = None
) -> EscalationPolicy:
    """Keep the policy as a new one, or in place of the one whose id is `edited`; `by` is a user's id.

    Whoever may make one that submits by itself is for the caller to know. Raises PolicyRefused with every
    problem at once, and EscalationPolicy.DoesNotExist for one that is not this organisation's.
    """
    problems = dict(_problems(organisation, form))
    if problems:
        raise PolicyRefused(problems)
    now = adapters().clock.now()
    with transaction.atomic():
        if edited is None:
            policy = EscalationPolicy(organisation_id=organisation, created_by_id=by, created_at=now)
        else:
            mine = EscalationPolicy.objects.filter(organisation_id=organisation)
            policy = mine.select_for_update().get(pk=edited)
        _take(policy, form)
        policy.next_at = None if policy.paused_at else policy.slot_after(now)
        policy.save()
        deed = "Made" if edited is None else "Changed"
        said = f"{deed} the policy “{policy.name}”. {policy.summary}"
        note(organisation, Action.POLICY_CHANGED, said, now, subject=f"policy {policy.pk}")
    return policy


def _take(policy: EscalationPolicy, form: PolicyForm) -> None:
    rule = form.rule
    policy.name = form.name.strip()
    policy.connection, policy.collector = form.connection, form.collector
    policy.days_overdue, policy.reminders_sent = rule.days_overdue, rule.reminders_sent
    policy.minimum, policy.currency = rule.minimum.amount, rule.minimum.currency
    policy.ceiling = rule.ceiling.amount if rule.ceiling else None
    policy.excluded_customers, policy.excluded_tags = list(rule.excluded_customers), list(rule.excluded_tags)
    policy.only_without_warnings = rule.only_without_warnings
    policy.bundles, policy.submits = form.bundles, form.submits
    policy.weekdays, policy.hour = sorted(set(form.weekdays)), form.hour


_Problem = tuple[str, str]


def _problems(organisation: int, form: PolicyForm) -> Iterator[_Problem]:
    if not form.name.strip():
        yield "name", "Give the policy a name, such as “60 days overdue”."
    elif len(form.name.strip()) > _LONGEST_NAME:
        yield "name", f"Use a name of at most {_LONGEST_NAME} characters."
    yield from _of_the_connection(organisation, form)
    account = form.collector
    if account is not None and not accounts_of(organisation).filter(pk=account.pk).exists():
        yield "collector", "This collector is not connected any more. Choose another."
    yield from _of_the_rule(form.rule)
    if form.submits and form.rule.ceiling is None:
        yield "ceiling", "Enter a ceiling: without one nothing is opened without asking a person."
    if not form.weekdays or not set(form.weekdays) <= set(range(7)):
        yield "weekdays", "Choose at least one day of the week."
    if not 0 <= form.hour < 24:
        yield "hour", "Choose an hour from the list."


def _of_the_connection(organisation: int, form: PolicyForm) -> Iterator[_Problem]:
    connection = form.connection
    if connection.organisation_id != organisation:
        yield "connection", "Choose a company from the list."
    elif connection.asks_for_word:
        name = connection.company_name or "this connection"
        yield "connection", _ASKS_FOR_WORD.format(name)
    elif not connection.account:
        yield "connection", "This connection has not been verified yet. Enter its login again first."


def _of_the_rule(rule: Rule) -> Iterator[_Problem]:
    if not 1 <= rule.days_overdue <= _MOST_DAYS:
        yield "days_overdue", f"Enter the days as a whole number from 1 to {_MOST_DAYS:,}."
    if not is_currency(rule.minimum.currency):
        yield "currency", "Enter the three letters of a currency, such as GBP."
    if rule.minimum.amount < 0:
        yield "minimum", "Enter the least amount as a number such as 250, or leave it empty for none."
    if not 0 <= rule.reminders_sent <= MOST_REMINDERS:
        yield "reminders_sent", f"KashFlow knows at most {MOST_REMINDERS} reminders for an invoice."
    if rule.ceiling is not None and rule.ceiling.amount <= 0:
        yield "ceiling", "Enter the ceiling as an amount above zero, or leave it empty for none."
    elif rule.ceiling is not None and rule.ceiling < rule.minimum:
        yield "ceiling", "The ceiling is below the least amount, so no invoice could ever be taken."
    for field, entries in (
        ("excluded_customers", rule.excluded_customers),
        ("excluded_tags", rule.excluded_tags),
    ):
        if len(entries) > _MOST_ENTRIES or any(len(entry) > _LONGEST_ENTRY for entry in entries):
            yield field, f"Enter at most {_MOST_ENTRIES}, each of at most {_LONGEST_ENTRY} characters."
