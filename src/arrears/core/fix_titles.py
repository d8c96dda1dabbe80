"""What is to be done about a finding, in a few words: the groups of a to-do list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """What a group counts: one correction of a customer's record mends all of the customer's invoices."""

    CUSTOMER = "customer"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class FixTitle:
    """A group of a to-do list. `title` says what to do, `matter` what is the matter, without what is counted.

    `Add the town` and `without a town`: 17 customers without a town.
    """

    title: str
    matter: str
    per: Per

    def heading(self, count: int) -> str:
        """`1 customer without a town`, `1,204 invoices with no due date`."""
        return f"{count:,} {self.per.value}{'' if count == 1 else 's'} {self.matter}"


def _customer(title: str, matter: str) -> FixTitle:
    return FixTitle(title, matter, Per.CUSTOMER)


def _invoice(title: str, matter: str) -> FixTitle:
    return FixTitle(title, matter, Per.INVOICE)


#: For every code of a finding. A matter fits one and many alike.
FIX_TITLES = {
    # The customer's record
    "debtor_name_missing": _customer("Add the customer’s name", "without a name"),
    "debtor_type_unknown": _customer("Say whether it is a company", "that may be a company or a person"),
    "address_line_missing": _customer("Add the street", "without a street or building"),
    "city_missing": _customer("Add the town", "without a town"),
    "address_uncertain": _customer("Check the town", "with a town that is our best guess"),
    "country_missing": _customer("Choose the country", "without a country"),
    "country_unknown": _customer("Correct the country", "with a country that we do not know"),
    "country_conflict": _customer("Choose the right country", "with an address in another country"),
    "us_state_missing": _customer("Add the state", "in the United States without a state"),
    "postcode_missing": _customer("Add the postcode", "without a postcode"),
    "postcode_invalid": _customer("Correct the postcode", "with a postcode that does not fit the country"),
    "email_missing": _customer("Add an email address", "without an email address"),
    "email_unusable": _customer("Correct the email address", "with an unusable email address"),
    "phone_unusable": _customer("Correct the telephone number", "with an unusable telephone number"),
    "unallocated_credit": _customer("Allocate the credit", "with credit that is not allocated"),
    "chasing_still_on": _customer("Switch reminders off", "with automatic reminders still on"),
    "no_partner": _customer("Decide on collecting offers", "that no partner covers yet"),
    # The invoice's dates
    "due_date_missing": _invoice("Give the due date", "without a due date"),
    "invoice_date_missing": _invoice("Give the invoice date", "without an invoice date"),
    "invoice_date_in_future": _invoice("Correct the invoice date", "dated in the future"),
    "due_before_invoice": _invoice("Correct the dates", "due before the invoice date"),
    "not_overdue_yet": _invoice("Wait until overdue", "not overdue yet"),
    "time_barred": _invoice("Take advice or write off", "too old for court"),
    "time_bar_unclear": _invoice("Find the last part payment", "that may be too old for court"),
    "time_bar_near": _invoice("Hand over soon", "soon too old for court"),
    # The invoice's amount
    "currency_unknown": _invoice("Choose the currency", "without a currency"),
    "currency_invalid": _invoice("Correct the currency’s code", "in a currency that is not in use"),
    "mixed_currencies": _invoice("Submit each currency by itself", "in several currencies at once"),
    "amount_unknown": _invoice("Check total and payments", "with an amount that KashFlow does not give"),
    "amounts_disagree": _invoice("Check total and payments", "with amounts that disagree"),
    "exchange_rate_missing": _invoice("Give the exchange rate", "without an exchange rate"),
    "tiny_amount": _invoice("Clear the rounding difference", "with hardly anything left to pay"),
    "below_minimum": _invoice("Bundle or collect yourself", "below the collector’s minimum"),
    "minimum_borderline": _invoice("Decide whether to submit", "very near the collector’s minimum"),
    "minimum_unknown": _invoice("Decide whether to submit", "in a currency without an exchange rate"),
    "control_differs": _invoice("Compare with the unpaid report", "unlike KashFlow’s unpaid report"),
    "control_unavailable": _invoice("Compare with the unpaid report", "not compared with the unpaid report"),
    # What the invoice is
    "invoice_id_missing": _invoice("Read the invoices again", "without KashFlow’s own id"),
    "deleted": _invoice("Leave out or restore", "deleted in KashFlow"),
    "credit_note": _invoice("Allocate the credit note", "entered as a credit note"),
    "paid": _invoice("Nothing left to do", "with nothing left to pay"),
    "overpaid": _invoice("Refund or allocate the difference", "paid more than was owed"),
    "status_disagrees": _invoice("Check the status", "with a status that the amounts contradict"),
    "already_submitted": _invoice("See the case", "already submitted"),
    "archived": _invoice("Nothing to do", "archived in KashFlow"),
}


def fix_title(code: str) -> str:
    """What to do about a finding, as the title of its group. Raises KeyError for a code that is none."""
    return FIX_TITLES[code].title
