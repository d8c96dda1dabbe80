"""Who owes: the name, whether a company or a private person, and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files

from arrears.core.address import Address, PostalLines
from arrears.core.country import NO_ANSWER, name_key


class DebtorType(StrEnum):
    COMPANY = "company"
    PRIVATE = "private"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Debtor:
    """One customer who owes money, as a collector would be told about them.

    `lines` is the address exactly as typed in the books; `address` is our reading of it.
    `unusable_emails` and `unusable_phones` keep what was typed but cannot work, so that it can be shown.
    """

    code: str
    name: str
    type: DebtorType
    type_reason: str
    lines: PostalLines
    address: Address
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    unusable_emails: tuple[str, ...] = ()
    unusable_phones: tuple[str, ...] = ()
    contact_person: str = ""
    vat_number: str = ""
    company_number: str = ""
    unallocated_credit: Decimal | None = None
    chasing_on: bool = False
    #: What the customer is marked with in the books; None when they do not say.
    tags: tuple[str, ...] | None = None
    url: str = field(default="", repr=False)


# --- Email --------------------------------------------------------------------------------------------------

_LONGEST_FIELD = 500
_NAME_BEFORE_BRACKETS = re.compile(r"[^<>;,]{0,200}<([^<>]{0,320})>")
_EMAIL_SEPARATORS = re.compile(r"[;,\s|<>()\[\]\"]+")
#: Reserved for documentation and tests. They are good here, so that made-up companies can be worked with.
_MADE_UP = (".example", ".test")


def read_emails(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Email addresses in one free-text field: those that can work, and those that cannot.

    Reads several in one field and `Name <address>`. Well formed is enough: nobody is asked whether the
    mailbox exists.
    """
    tokens = _EMAIL_SEPARATORS.split(_NAME_BEFORE_BRACKETS.sub(r" \1 ", text[:_LONGEST_FIELD]))
    good: dict[str, str] = {}
    unusable: dict[str, str] = {}
    for token in tokens:
        typed = token.removeprefix("mailto:").strip(".:'")
        address = _email(typed)
        if address:
            good.setdefault(address.casefold(), address)
        elif any(char.isalnum() for char in typed) and name_key(typed) not in NO_ANSWER:
            unusable.setdefault(typed.casefold(), typed)
    return tuple(good.values()), tuple(unusable.values())


def _email(typed: str) -> str:
    if "@" not in typed:
        return ""
    from email_validator import EmailNotValidError, validate_email  # slow to load, so only when needed

    try:
        made_up = typed.lower().endswith(_MADE_UP)
        return validate_email(typed, check_deliverability=False, test_environment=made_up).normalized
    except EmailNotValidError:
        return ""


# --- Telephone ----------------------------------------------------------------------------------------------

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_EXTENSION = re.compile(r"(?:\bext(?:ension|n)?|\bx|#)\W{0,3}\d{1,6}\b.*", re.IGNORECASE)
_NUMBER_SEPARATORS = re.compile(r"[/;,|]|[^\W\d_]+")
_NEXT_NUMBER = re.compile(r"\s+(?=\+|0\d{2,})")
_NOT_DIALLED = re.compile(r"[^\d+]+")
_FEWEST_DIGITS = 5
_MOST_DIGITS = 30


def read_phones(texts: Iterable[str], country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Telephone numbers in free-text fields: those that can work as E.164, and those that cannot as typed.

    `country` (alpha-2) is where a number without a country prefix is dialled. A number of a possible length
    counts as good; whether it is in use is not asked.
    """
    good: dict[str, None] = {}
    unusable: dict[str, None] = {}
    for text in texts:
        typed = " ".join(text[:_LONGEST_FIELD].split())
        numbers = _phones_in(typed, country)
        good.update(dict.fromkeys(numbers))
        if not numbers and typed.strip(" 0-.") and any(char.isdigit() for char in typed):
            unusable[typed] = None
    return tuple(good), tuple(unusable)


def _phones_in(typed: str, country: str) -> list[str]:
    """One number if the text reads as one, else every number between separators, words and gaps."""
    text = _EXTENSION.sub("", typed)
    whole = _phone(text, country) if not any(char.isalpha() for char in text) else ""
    if whole:
        return [whole]
    found: list[str] = []
    for piece in _NUMBER_SEPARATORS.split(text):
        number = _phone(piece, country)
        parts = [number] if number else [_phone(part, country) for part in _NEXT_NUMBER.split(piece.strip())]
        found += [part for part in parts if part]
    return found


def _phone(text: str, country: str) -> str:
    # "(0)" is dialled with the country prefix in Italy and nowhere else: try it as typed first.
    return _dialled(text, country) or (_dialled(_TRUNK_ZERO.sub("", text), country) if "(" in text else "")


def _dialled(text: str, country: str) -> str:
    digits = _NOT_DIALLED.sub("", text)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return ""
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    import phonenumbers  # slow to load, so only when needed

    try:
        number = phonenumbers.parse(digits, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""  # a local number without its area code is not enough from elsewhere
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- Company or private -------------------------------------------------------------------------------------

_TITLES = """
    mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend
    herr frau monsieur madame mme mlle sig signor signora senor senora
"""
#: Words that are no surnames: Church, Parish and Bank are left out, so that no person counts as a company.
_ORGANISATIONS = """
    academy association borough charity club college committee council embassy federation
    foundation hospital institute ministry municipality nhs school society trust union university
"""
_IS_TITLE = frozenset(_TITLES.split())
_IS_ORGANISATION = frozenset(_ORGANISATIONS.split())
_FEWEST_DIGITS_OF_A_REGISTER = 3
_TRADING_AS = re.compile(r"(?:^|\s)(?:t/as?|t\.a\.|trading as)(?:\s|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]{0,100}\)")
_WORD_ENDS = re.compile(r"[\s,;<>\"]+")
_FORM_MARKS = re.compile(r"[./\-'’]")


def _load_forms() -> dict[str, frozenset[str]]:
    """The legal forms by their mark in the file: none, `=` or `<`."""
    text = (files("arrears.core") / "data" / "company_forms.txt").read_text(encoding="utf-8")
    forms: dict[str, set[str]] = {"": set(), "=": set(), "<": set()}
    for line in text.splitlines():
        mark, _, form = line.rpartition(" ")
        if mark in forms:
            forms[mark].add(_bare(form))
    return {mark: frozenset(found) for mark, found in forms.items()}


def _bare(word: str) -> str:
    return _FORM_MARKS.sub("", word)


_FORMS = _load_forms()
_ANYWHERE = frozenset(form.casefold() for form in _FORMS[""])
_AT_THE_END = _FORMS["="]
_BEFORE_THE_NAME = _FORMS["<"]
#: Chinese, Japanese and Korean are written without spaces.
_GLUED = tuple(sorted(form for form in _ANYWHERE if len(form) > 3 and form[0] > "\u3000"))


def debtor_type_of(
    name: str, *, person: str = "", title: str = "", vat_number: str = "", company_number: str = ""
) -> tuple[DebtorType, str]:
    """Whether a customer is a company or a private person, and the sentence that says how we know.

    `person` and `title` are those of the main contact. Unknown is an honest answer: a bare name may be a
    shop or a man, and different law protects the man.
    """
    if _is_registered(company_number):
        return DebtorType.COMPANY, f"It has the company number {company_number.strip()[:40]}."
    form = _legal_form(name[:_LONGEST_FIELD])
    if form:
        return DebtorType.COMPANY, f"The name holds “{form}”."
    if _is_registered(vat_number):
        return DebtorType.COMPANY, f"It has the VAT number {vat_number.strip()[:40]}."
    if _TRADING_AS.search(name[:_LONGEST_FIELD]):
        return DebtorType.UNKNOWN, "The name is that of somebody trading under another name."
    words = name_key(name[:_LONGEST_FIELD]).split()
    if words and words[0] in _IS_TITLE:
        return DebtorType.PRIVATE, f"The name begins with “{name.split()[0]}”."
    organisation = next((word for word in words if word in _IS_ORGANISATION), "")
    if organisation:
        return DebtorType.COMPANY, f"The name holds “{organisation}”, the word for an organisation."
    if title.strip() and words and name_key(person) == " ".join(words):
        return DebtorType.PRIVATE, "The customer and the contact person have the same name, with a title."
    return DebtorType.UNKNOWN, "Nothing tells whether this is a company or a private person."


def _is_registered(number: str) -> bool:
    """Whether this is a number in a register, and not "n/a" or "exempt"."""
    return sum(char.isdigit() for char in number[:_LONGEST_FIELD]) >= _FEWEST_DIGITS_OF_A_REGISTER


def _legal_form(name: str) -> str:
    words = [word for word in _WORD_ENDS.split(_BRACKETS.sub(" ", name)) if word]
    for word in words[1:]:
        if _bare(word).casefold() in _ANYWHERE:
            return word
    if len(words) > 1 and _bare(words[-1]) in _AT_THE_END:
        return words[-1]
    if len(words) > 1 and _bare(words[0]) in _BEFORE_THE_NAME:
        return words[0]
    return next((form for form in _GLUED if form in name), "")
