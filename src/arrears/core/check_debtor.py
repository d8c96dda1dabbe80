"""Can the debtor be named, placed and reached? The findings about the customer's record."""

from __future__ import annotations

from collections.abc import Iterator

from arrears.core.address import Confidence, postcode_fits, postcode_required
from arrears.core.claim import Claim
from arrears.core.country import country_name, us_state_of
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.finding import Finding, Severity
from arrears.core.money import Money
from arrears.core.wording import list_text, money_text

_ADDRESS_FIX = "Open the customer in KashFlow and complete the address."
_EMAIL_FIX = "Open the customer in KashFlow and correct the email address."
_PHONE_FIX = "Open the customer in KashFlow and correct the number; begin a foreign one with + and its code."


def check_debtor(claim: Claim) -> Iterator[Finding]:
    """All findings about the debtor of `claim`, in the order of the customer's record."""
    debtor = claim.debtor
    yield from _identity(debtor)
    yield from _address(debtor)
    yield from _country(debtor)
    yield from _postcode(debtor)
    yield from _contact(debtor)
    yield from _standing(claim)


def _identity(debtor: Debtor) -> Iterator[Finding]:
    if not debtor.name.strip():
        yield Finding(
            "debtor_name_missing",
            Severity.BLOCKS,
            "debtor.name",
            "The customer has no name.",
            "Open the customer in KashFlow and enter the name of the company or person.",
            debtor.url,
        )
    if debtor.type is DebtorType.UNKNOWN:
        yield Finding(
            "debtor_type_unknown",
            Severity.WARNS,
            "debtor.type",
            f"It cannot be told whether {debtor.name.strip() or 'the customer'} is a company or a private "
            "person. The claim is treated as one against a company.",
            "If it is a company, add Ltd, LLP or the like to the customer's name, or its VAT number.",
            debtor.url,
        )


def _address(debtor: Debtor) -> Iterator[Finding]:
    address = debtor.address
    if not address.street:
        yield Finding(
            "address_line_missing",
            Severity.BLOCKS,
            "debtor.address",
            "The address has no street or building.",
            _ADDRESS_FIX,
            debtor.url,
        )
    if not address.city:
        yield Finding(
            "city_missing",
            Severity.BLOCKS,
            "debtor.city",
            " ".join(("No town or city was found in the address.", *address.reasons)),
            "Open the customer in KashFlow and put the town on a line of its own.",
            debtor.url,
        )
    elif address.confidence is Confidence.GUESSED:
        yield Finding(
            "address_uncertain",
            Severity.WARNS,
            "debtor.city",
            " ".join((f"“{address.city}” is our best guess at the town.", *address.reasons)),
            "Check it. If it is wrong, put the town on a line of its own in KashFlow.",
            debtor.url,
        )


def _country(debtor: Debtor) -> Iterator[Finding]:
    address = debtor.address
    if not address.country:
        yield _no_country(debtor)
        return
    if address.country_conflict:
        yield Finding(
            "country_conflict",
            Severity.BLOCKS,
            "debtor.country",
            address.country_conflict,
            "Open the customer in KashFlow and choose the country that the address is in.",
            debtor.url,
        )
    if address.country == "US" and not us_state_of(address.state):
        yield Finding(
            "us_state_missing",
            Severity.BLOCKS,
            "debtor.state",
            "The address is in the United States but names no state, which decides who may collect there.",
            "Open the customer in KashFlow and add the state, such as CA or California.",
            debtor.url,
        )


def _no_country(debtor: Debtor) -> Finding:
    typed = debtor.lines.country_name.strip() or debtor.lines.country_code.strip()
    return Finding(
        "country_unknown" if typed else "country_missing",
        Severity.BLOCKS,
        "debtor.country",
        f"“{typed}” is not a country we know." if typed else "The address has no country.",
        "Open the customer in KashFlow and choose the country.",
        debtor.url,
    )


def _postcode(debtor: Debtor) -> Iterator[Finding]:
    country, postcode = debtor.address.country, debtor.address.zip
    if not country:
        return
    if not postcode:
        if postcode_required(country):
            yield Finding(
                "postcode_missing",
                Severity.WARNS,
                "debtor.zip",
                f"The address has no postcode, which post to this country needs: {country_name(country)}.",
                _ADDRESS_FIX,
                debtor.url,
            )
    elif postcode_fits(country, postcode) is False:
        yield Finding(
            "postcode_invalid",
            Severity.BLOCKS,
            "debtor.zip",
            f"“{postcode}” is not a postcode of {country_name(country)}.",
            "Open the customer in KashFlow and correct the postcode or the country.",
            debtor.url,
        )


def _contact(debtor: Debtor) -> Iterator[Finding]:
    if debtor.unusable_emails:
        yield _unusable("email", "an email address", debtor.unusable_emails, _EMAIL_FIX, debtor)
    elif not debtor.emails:
        yield Finding(
            "email_missing",
            Severity.WARNS,
            "debtor.email",
            "The customer has no email address. Collection usually starts by email.",
            "Open the customer in KashFlow and add an email address, if you have one.",
            debtor.url,
        )
    if debtor.unusable_phones:
        yield _unusable("phone", "a telephone number", debtor.unusable_phones, _PHONE_FIX, debtor)


def _unusable(kind: str, name: str, typed: tuple[str, ...], fix: str, debtor: Debtor) -> Finding:
    quoted = list_text([f"“{text}”" for text in typed])
    return Finding(
        f"{kind}_unusable",
        Severity.WARNS,
        f"debtor.{kind}",
        f"{quoted} cannot be used as {name} and will be left out.",
        fix,
        debtor.url,
    )


def _standing(claim: Claim) -> Iterator[Finding]:
    """What stands open between creditor and debtor that a collector would trip over."""
    debtor = claim.debtor
    credit = debtor.unallocated_credit
    if credit is not None and credit > 0:
        text = money_text(Money(credit, claim.invoices[0].figures.home_currency or claim.currency))
        yield Finding(
            "unallocated_credit",
            Severity.WARNS,
            "debtor.unallocated_credit",
            f"The customer has {text} of credit that is not set against any invoice.",
            "In KashFlow, allocate the credit to an invoice first, so that you do not claim money you hold.",
            debtor.url,
        )
    chased = [invoice for invoice in claim.invoices if invoice.chasing_on]
    if debtor.chasing_on or chased:
        whom = "the customer" if debtor.chasing_on else _invoices([invoice.number for invoice in chased])
        yield Finding(
            "chasing_still_on",
            Severity.WARNS,
            "debtor.chasing_on" if debtor.chasing_on else "invoice.chasing_on",
            f"KashFlow's automatic reminders are still on for {whom}. "
            "Reminders sent after hand-over contradict the collector.",
            "Switch automatic credit control off in KashFlow before you submit.",
            debtor.url if debtor.chasing_on else chased[0].url,
        )


def _invoices(numbers: list[str]) -> str:
    return f"invoice{'s' if len(numbers) > 1 else ''} {list_text(numbers)}"
