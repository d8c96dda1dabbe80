"""The form of an escalation policy: what is typed, as what the bridge understands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from arrears.bridge.collectors import default_account
from arrears.bridge.models import Connection, EscalationPolicy
from arrears.bridge.save_policy import MOST_REMINDERS, PolicyForm
from arrears.core.escalation import WEEKDAYS, Rule
from arrears.core.money import CURRENCIES, Money
from arrears.core.wording import number_text
from arrears.web.collector_names import OWN_DESK, choices_of, collector_asked_for
from arrears.web.form_fields import amount_field, choice_field, line_field, text_field, tick_field

_USUAL = ("GBP", "EUR", "USD")
_DAYS = "Enter the days as a whole number from 1 to 3,650."
_REMINDERS = ("Any number, also none", "At least 1", "At least 2", "All 3")


class PolicyFields(forms.Form):
    """What a policy asks for. Whether it makes sense as a whole is the bridge's to judge."""

    name = line_field("Name", "Give the policy a name, such as “60 days overdue”.", longest=80)
    connection = choice_field("Company")
    collector = choice_field("Cases go to")
    days_overdue = forms.IntegerField(
        label="Days overdue, at least",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _DAYS, "invalid": _DAYS},
    )
    minimum = amount_field("Owed, at least", hint="Leave it empty for any amount.")
    currency = choice_field("Currency")
    reminders_sent = choice_field("Reminders sent", [(str(at), said) for at, said in enumerate(_REMINDERS)])
    excluded_customers = text_field(
        "Customers left out", hint="Customer codes as in KashFlow, one a line.", rows=3
    )
    excluded_tags = text_field(
        "Marks left out",
        hint="Customers whose source, or one of whose ticked boxes in KashFlow, is called so. One a line.",
        rows=3,
    )
    only_without_warnings = tick_field("Only invoices without warnings")
    bundles = tick_field("One case for all invoices of a customer")
    weekdays = forms.MultipleChoiceField(
        label="Days of the week",
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day of the week."},
    )
    hour = choice_field("Time, in the United Kingdom", [(str(hour), f"{hour:02}:00") for hour in range(24)])
    submits = forms.ChoiceField(label="Then", choices=[("no", "wait"), ("yes", "open")])
    ceiling = amount_field(
        "At most in one run", hint="The longest overdue come first; the rest waits for the next run."
    )

    def __init__(
        self, organisation: int, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._organisation = organisation
        self._connections = {str(one.pk): one for one in Connection.objects.filter(organisation=organisation)}
        self._choose("connection", [(key, _name(one)) for key, one in self._connections.items()])
        self._choose("collector", [(one.key, one.choice) for one in choices_of(organisation)])
        homes = [one.home_currency for one in self._connections.values() if one.home_currency]
        usual = list(dict.fromkeys([*homes, *_USUAL]))
        others = sorted(CURRENCIES - set(usual))
        self._choose("currency", [(code, code) for code in [*usual, *others]])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def policy_form(self) -> PolicyForm:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        currency = typed["currency"]
        ceiling = typed["ceiling"]
        rule = Rule(
            days_overdue=typed["days_overdue"],
            minimum=Money(typed["minimum"] or Decimal(0), currency),
            excluded_customers=_entries(typed["excluded_customers"]),
            excluded_tags=_entries(typed["excluded_tags"]),
            reminders_sent=int(typed["reminders_sent"]),
            only_without_warnings=typed["only_without_warnings"],
            ceiling=None if ceiling is None else Money(ceiling, currency),
        )
        return PolicyForm(
            name=typed["name"],
            connection=self._connections[typed["connection"]],
            collector=collector_asked_for(self._organisation, typed["collector"]),
            rule=rule,
            weekdays=tuple(int(day) for day in typed["weekdays"]),
            hour=int(typed["hour"]),
            bundles=typed["bundles"],
            submits=typed["submits"] == "yes",
        )


def _name(connection: Connection) -> str:
    return connection.company_name or connection.username


def _entries(text: str) -> tuple[str, ...]:
    """One entry a line, or several with commas between them."""
    typed = (entry.strip() for entry in re.split(r"[\n,;]", text))
    return tuple(dict.fromkeys(entry for entry in typed if entry))


def begun_with(organisation: int) -> dict[str, Any]:
    """What a new policy begins as: careful, and waiting for a person."""
    account = default_account(organisation)
    first = Connection.objects.filter(organisation=organisation).first()
    return {
        "connection": str(first.pk) if first else "",
        "collector": str(account.pk) if account else OWN_DESK,
        "days_overdue": 60,
        "minimum": "250",
        "currency": (first.home_currency if first else "") or "GBP",
        "reminders_sent": "0",
        "only_without_warnings": True,
        "weekdays": [str(day) for day in range(5)],
        "hour": "7",
        "submits": "no",
    }


def filled_from(policy: EscalationPolicy) -> dict[str, Any]:
    """The form as it was saved."""
    return {
        "name": policy.name,
        "connection": str(policy.connection_id),
        "collector": str(policy.collector_id) if policy.collector_id else OWN_DESK,
        "days_overdue": policy.days_overdue,
        "minimum": number_text(policy.minimum) if policy.minimum else "",
        "currency": policy.currency,
        "reminders_sent": str(min(policy.reminders_sent, MOST_REMINDERS)),
        "excluded_customers": "\n".join(policy.excluded_customers),
        "excluded_tags": "\n".join(policy.excluded_tags),
        "only_without_warnings": policy.only_without_warnings,
        "bundles": policy.bundles,
        "weekdays": [str(day) for day in policy.weekdays],
        "hour": str(policy.hour),
        "submits": "yes" if policy.submits else "no",
        "ceiling": number_text(policy.ceiling) if policy.ceiling is not None else "",
    }
