"""Made-up customers of the company: plain ones at home and in 29 other countries."""

import re
import unicodedata
from random import Random

from arrears.sandbox.bookkeeper import Bookkeeper
from arrears.sandbox.names import FAMILY_NAMES, FIRST_WORDS, GIVEN_NAMES, TRADES
from arrears.sandbox.places import ABROAD, UNITED_KINGDOM, Country, Town
from arrears.sandbox.records import Address, Contact, Customer

POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Debtors:
    """Draws customers one after the other, each with a name and code of its own."""

    def __init__(self, keeper: Bookkeeper) -> None:
        self.keeper = keeper
        self._codes: set[str] = set()
        self._names: set[str] = set()

    def british(self) -> Customer:
        """A UK customer: nine in ten have an address that a stranger could post a letter to."""
        rng = self.keeper.rng
        town = rng.choice(UNITED_KINGDOM.towns)
        customer = self._company(UNITED_KINGDOM, self._british_address(town), phone(rng, town.phone))
        if rng.random() < 0.04:
            self._make_private(customer)
        return customer

    def foreign(self, country: Country) -> Customer:
        """A customer abroad, usually invoiced in the currency of the country."""
        rng = self.keeper.rng
        town = rng.choice(country.towns)
        street = country.street.format(number=rng.randint(2, 148), name=rng.choice(country.streets))
        address = Address(
            line1=street,
            line3=town.name,
            line4=town.region,
            postcode=town.postcode or None,
            country_code=country.code,
            country_name=country.name,
        )
        telephone = "+1 202-555-01" + f"{rng.randint(0, 99):02d}" if country.code == "US" else None
        return self._company(country, address, telephone)

    def everywhere(self, size: int) -> list[Customer]:
        """``size`` UK customers, then one in each other country for every sixty of them (at least one)."""
        british = [self.british() for _ in range(size)]
        return british + [self.foreign(country) for country in ABROAD for _ in range(max(1, size // 60))]

    def _company(self, country: Country, address: Address, telephone: str | None) -> Customer:
        rng = self.keeper.rng
        name = self._new_name(rng, rng.choice(country.suffixes))
        vat_prefix = country.code if country.code != "CH" else "CHE"
        customer = self.keeper.customer(
            self.code_for(name),
            name,
            address,
            currency=country.currency,
            terms=("AfterIssuedDate", rng.choice((14, 30, 30, 30, 45, 60))),
            vat_number=f"{vat_prefix}{rng.randint(0, 99_999):09d}" if rng.random() < 0.7 else None,
            created=self.keeper.days_ago(rng.randint(900, 2900)),
        )
        first, last = rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES)
        mobile = phone(rng, "07700 900") if rng.random() < 0.3 else None
        customer.contacts = [Contact(first, last, f"accounts@{slug(name)}.example", telephone, mobile)]
        return customer

    def _new_name(self, rng: Random, suffix: str) -> str:
        while True:
            words = f"{rng.choice(FIRST_WORDS)} {rng.choice(TRADES)}"
            if words in self._names and len(self._names) > len(FIRST_WORDS) * len(TRADES) // 2:
                words = f"{rng.choice(FAMILY_NAMES)} & {words}"
            if words not in self._names:
                self._names.add(words)
                return f"{words} {suffix}"

    def code_for(self, name: str) -> str:
        """A code as a bookkeeper would coin it: five letters and a running number."""
        stem = re.sub("[^A-Z]", "", plain(name).upper())[:5]
        number = 1
        while f"{stem}{number:02d}" in self._codes:
            number += 1
        self._codes.add(f"{stem}{number:02d}")
        return f"{stem}{number:02d}"

    def _british_address(self, town: Town) -> Address:
        rng = self.keeper.rng
        street = f"{rng.randint(1, 240)} {rng.choice(UNITED_KINGDOM.streets)}"
        address = Address(line1=street, line3=town.name, postcode=postcode(rng, town.postcode))
        shape = rng.random()
        if shape < 0.25:
            address.line1, address.line2 = f"Unit {rng.randint(1, 30)}, Albion Works", street
        elif shape < 0.45:
            address.line2, address.line3 = town.name, None
        elif shape < 0.55:
            address.line4 = town.region
        elif shape < 0.65:
            address.line2 = address.line4 = ""
        elif shape > 0.96:
            address.postcode = None
        elif shape > 0.93:
            address.line3 = None
        return address

    def _make_private(self, customer: Customer) -> None:
        """Turn a firm into a person: a title and a name, no VAT number."""
        contact = customer.contacts[0]
        contact.title = self.keeper.rng.choice(("Ms", "Mr", "Dr"))
        customer.name = f"{contact.title} {contact.first} {contact.last}"
        contact.email = f"{slug(f'{contact.first} {contact.last}')}@post.example"
        customer.vat_number = None


def phone(rng: Random, prefix: str) -> str:
    """A number of the drama range with that prefix: three more digits."""
    return f"{prefix}{rng.randint(0, 999):03d}"


def postcode(rng: Random, outward: str) -> str:
    """A UK postcode with that outward code."""
    letters = "".join(rng.choices(POSTCODE_LETTERS, k=2))
    return f"{outward} {rng.randint(1, 9)}{letters}"


def plain(text: str) -> str:
    """The text with its accents removed, where Unicode knows how."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def slug(text: str) -> str:
    """The name as it may stand in a host name."""
    return re.sub("[^a-z0-9]+", "-", plain(text).lower()).strip("-")
