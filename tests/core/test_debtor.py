"""Contacts as they are typed, and what a name tells about who owes."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.country import COUNTRIES
from arrears.core.debtor import DebtorType, debtor_type_of, read_emails, read_phones


@pytest.mark.parametrize(
    ("typed", "good", "unusable"),
    [
        ("hq@northgate.example; jo@northgate.example,", ["hq@northgate.example", "jo@northgate.example"], []),
        ("a@one.example b@two.example", ["a@one.example", "b@two.example"], []),
        ("A@One.example,a@one.example", ["A@one.example"], []),
        ("Jo Smith <jo@northgate.example>", ["jo@northgate.example"], []),
        ("mailto:jo@northgate.test.", ["jo@northgate.test"], []),
        ("info@müller.example", ["info@müller.example"], []),
        ("jo@northgate.example / bob.smith", ["jo@northgate.example"], ["bob.smith"]),
        ("jo..b@northgate.example", [], ["jo..b@northgate.example"]),
        ("jo@northgate", [], ["jo@northgate"]),
        ("@northgate.example", [], ["@northgate.example"]),
        ("jo@localhost", [], ["jo@localhost"]),
        ("n/a", [], []),
        (" ; , ", [], []),
        ("", [], []),
    ],
)  # fmt: skip
def test_emails_are_told_apart_from_what_cannot_work(
    typed: str, good: list[str], unusable: list[str]
) -> None:
    assert read_emails(typed) == (tuple(good), tuple(unusable))


@pytest.mark.parametrize(
    ("typed", "country", "good", "unusable"),
    [
        ("0113 496 0123", "GB", ["+441134960123"], []),
        ("(0113) 496-0123", "GB", ["+441134960123"], []),
        ("+44 (0)113 496 0123", "GB", ["+441134960123"], []),
        ("0044 113 496 0123", "FR", ["+441134960123"], []),
        ("+44 0113 496 0123", "GB", ["+441134960123"], []),
        ("07700 900123 (John)", "GB", ["+447700900123"], []),
        ("Tel: 01632 960123 ext 12", "GB", ["+441632960123"], []),
        ("01632 960123 x4", "GB", ["+441632960123"], []),
        ("01632 960123 / 01632 960456", "GB", ["+441632960123", "+441632960456"], []),
        ("01632 960123, 01632 960123", "GB", ["+441632960123"], []),
        ("07700 900123 or 07700 900124", "GB", ["+447700900123", "+447700900124"], []),
        ("01632 960123 01632 960456", "GB", ["+441632960123", "+441632960456"], []),
        ("0221/1234567", "DE", ["+492211234567"], []),
        ("212-555-0199", "US", ["+12125550199"], []),
        ("02 1234 5678", "IT", ["+390212345678"], []),
        ("+39 (0)2 1234 5678", "IT", ["+390212345678"], []),
        ("+34 (0)91 123 45 67", "ES", ["+34911234567"], []),
        ("960123", "GB", [], ["960123"]),
        ("12345", "GB", [], ["12345"]),
        ("01632 960123", "", [], ["01632 960123"]),
        ("+44 1632 960123", "", ["+441632960123"], []),
        ("0000", "GB", [], []),
        ("n/a", "GB", [], []),
        ("", "GB", [], []),
    ],
)  # fmt: skip
def test_telephone_numbers_become_international_or_are_kept_as_typed(
    typed: str, country: str, good: list[str], unusable: list[str]
) -> None:
    assert read_phones([typed], country) == (tuple(good), tuple(unusable))


def test_numbers_set_aside_for_drama_count_as_good() -> None:
    number = phonenumbers.parse("07700 900123", "GB")
    assert not phonenumbers.is_valid_number(number)
    assert read_phones(["07700 900123", "020 7946 0123"], "GB")[0] == ("+447700900123", "+442079460123")


def test_one_number_in_two_fields_is_one_number() -> None:
    assert read_phones(["0113 496 0123", "+44 113 496 0123", "junk 1"], "GB") == (
        ("+441134960123",),
        ("junk 1",),
    )


def test_example_numbers_of_every_country_survive() -> None:
    for code in COUNTRIES:
        example = phonenumbers.example_number(code)
        if example is not None:
            text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
            assert read_phones([text], code)[0] == (
                phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164),
            )


@pytest.mark.parametrize(
    "name",
    [
        "Northgate Ltd", "NORTHGATE LIMITED",
        "Northgate Ltd. (UK)", "Northgate Limited (in liquidation)", "Northgate LLP",
        "Northgate plc", "Northgate CIC", "Northgate Ltd t/a Gate Cafe", "Café Ærø & Søn <Ltd>", "Smith & Co",
        "Lindenhof GmbH", "Lindenhof GmbH & Co. KG", "Lindenhof AG",
        "Tilleul SARL", "Tilleul S.A.R.L.", "Tilleul SAS",
        "Tilleul SA", "Linde B.V.", "Linde BV", "Tiglio S.p.A.",
        "Tiglio SpA", "Tiglio S.r.l.", "Tilo SL", "Tilo S.L.",
        "Lind AB", "Lind AS", "Lind A/S", "Lind ApS",
        "Lehmus Oy", "Lipowa Sp. z o.o.", "Lipa s.r.o.", "Lipa d.o.o.",
        "Linden Inc.", "Linden Inc", "Linden LLC",
        "Linden Corp", "Wattle Pty Ltd", "Neem Pvt Ltd", "Orchid Pte. Ltd.",
        "Orchid Sdn Bhd", "Palm FZ-LLC", "Palm DMCC",
        "株式会社テスト", "ООО Липа", "Ihlamur A.Ş.", "Leeds Borough Council",
        "St Anne's Primary School",
    ],
)  # fmt: skip
def test_the_name_of_a_company_gives_it_away(name: str) -> None:
    kind, reason = debtor_type_of(name)
    assert kind is DebtorType.COMPANY
    assert reason.startswith("The name holds “")


@pytest.mark.parametrize("name", ["Mr John Smith", "Mrs. A Patel", "DR JONES", "Herr Schmidt", "Señora Ruiz"])
def test_a_title_before_the_name_is_that_of_a_person(name: str) -> None:
    assert debtor_type_of(name)[0] is DebtorType.PRIVATE


@pytest.mark.parametrize(
    "name",
    [
        "John Smith",
        "Bloom Florist",
        "Blue Lagoon Spa",
        "Ltd",
        "J Smith t/a Bloom",
        "Mr J Smith trading as Bloom",
        "",
        "A As",
    ],
)
def test_a_bare_name_tells_nothing(name: str) -> None:
    kind, reason = debtor_type_of(name)
    assert kind is DebtorType.UNKNOWN
    assert reason.endswith(".")


def test_numbers_in_registers_are_stronger_than_names() -> None:
    assert debtor_type_of("Mr John Smith", company_number="01234567")[0] is DebtorType.COMPANY
    assert debtor_type_of("Bloom Florist", vat_number="GB123456789")[0] is DebtorType.COMPANY
    assert debtor_type_of("Bloom Florist", vat_number=" ", company_number="")[0] is DebtorType.UNKNOWN


@pytest.mark.parametrize("nothing", ["n/a", "none", "exempt", "not registered", "-"])
def test_no_number_is_no_register(nothing: str) -> None:
    kind, _ = debtor_type_of("Bloom Florist", vat_number=nothing, company_number=nothing)
    assert kind is DebtorType.UNKNOWN


@pytest.mark.parametrize("name", ["Charlotte Church", "Alan Parish", "Peter Bank"])
def test_a_surname_that_is_also_a_word_makes_nobody_a_company(name: str) -> None:
    assert debtor_type_of(name)[0] is DebtorType.UNKNOWN


def test_a_contact_with_a_title_and_the_customers_own_name_is_the_customer() -> None:
    assert debtor_type_of("John Smith", person="john smith", title="Mr")[0] is DebtorType.PRIVATE
    assert debtor_type_of("John Smith", person="John Smith")[0] is DebtorType.UNKNOWN
    assert debtor_type_of("Bloom Florist", person="John Smith", title="Mr")[0] is DebtorType.UNKNOWN


@given(st.text(max_size=300))
def test_any_email_text_is_read_and_reading_the_good_ones_again_changes_nothing(text: str) -> None:
    good, unusable = read_emails(text)
    assert read_emails("; ".join(good))[0] == good
    assert not set(good) & set(unusable)


@given(
    st.lists(st.one_of(st.text(max_size=80), st.from_regex(r"[+0-9() /x-]{0,40}")), max_size=4),
    st.sampled_from(["GB", "US", ""]),
)
def test_any_telephone_text_is_read_and_reading_the_good_ones_again_changes_nothing(
    texts: list[str], country: str
) -> None:
    good, _ = read_phones(texts, country)
    assert read_phones(good, country) == (good, ())


@given(st.text(max_size=120), st.text(max_size=30), st.text(max_size=10))
def test_any_name_gets_a_type_and_a_reason(name: str, person: str, title: str) -> None:
    kind, reason = debtor_type_of(name, person=person, title=title)
    assert kind in DebtorType
    assert reason


def test_absurdly_long_fields_are_read_in_no_time_and_do_not_raise() -> None:
    assert read_emails("a@" * 100_000)[0] == ()
    assert read_phones(["1" * 100_000], "GB")[0] == ()
    assert debtor_type_of("a " * 100_000)[0] is DebtorType.UNKNOWN
