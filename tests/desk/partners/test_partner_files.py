"""Partners read from a file and written to one: what comes out goes in, and bad files change nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.core.money import CURRENCIES
from arrears.desk.actors import Refused
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.partner_files import COLUMNS, PARTNER_COLUMNS, PartnerRow, RuleRow, cells_of, rule_cells_of
from arrears.desk.partner_store import write_partner
from arrears.desk.partners.export_partners import export_partners
from arrears.desk.partners.import_partners import import_partners
from tests.desk.builders import OPERATOR, a_case, creditor_of

pytestmark = pytest.mark.django_db

HEADER = ",".join(COLUMNS)
OAK = "Oak,agency,GB,,,,en,yes,,,GB,,,,,100"


def table(*rows: str) -> str:
    return "\n".join((HEADER, *rows))


def everything() -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """The whole network as it stands, with nothing but what a file holds."""
    return [
        (
            cells_of(one),
            [rule_cells_of(rule) for rule in one.rules.order_by("jurisdiction", "priority", "pk")],
        )
        for one in Partner.objects.order_by("name")
    ]


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
_NAMES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20),
    st.sampled_from(
        ["=1+1", "'=1", "''=1", "'t Hooft", "+44", "-", "@a", "a,b", 'a"b', "Ä b", "null x", "NO", "yes"]
    ),
).filter(lambda name: name not in ("~", "null"))  # YAML's words for nothing
_USD = st.none() | st.decimals(0, 1000, places=2)
_RULES = st.builds(
    RuleRow,
    jurisdiction=st.sampled_from(JURISDICTIONS),
    debtor_type=st.sampled_from(["", "company", "private"]),
    currency=st.sampled_from(["", *sorted(CURRENCIES)]),
    minimum_usd=_USD,
    maximum_usd=st.none() | st.decimals(1001, 10**9, places=2),
    priority=st.integers(0, 10_000),
)
_PARTNERS = st.builds(
    PartnerRow,
    name=_NAMES,
    kind=st.sampled_from(["agency", "law firm"]),
    country=st.sampled_from(sorted(COUNTRIES)),
    email=st.sampled_from(["", "office@oak.example"]),
    phone=st.sampled_from(["", "+44 20 7946 0000", "=1"]),
    website=st.sampled_from(["", "https://oak.example/?a=1,2"]),
    languages=st.sampled_from([(), ("en",), ("no", "de")]),
    exclusive=st.booleans(),
    capacity=st.none() | st.integers(0, 1_000_000),
    vat_rate=st.none() | st.decimals(0, 100, places=2),
    rules=st.lists(_RULES, max_size=3).map(tuple),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PARTNERS, max_size=4, unique_by=lambda row: row.name), st.sampled_from(["csv", "yaml"]))
def test_what_is_written_is_read_back_as_it_was(rows: list[PartnerRow], form: Literal["csv", "yaml"]) -> None:
    Partner.objects.all().delete()
    for row in rows:
        write_partner(Partner(), row)
    before, text = everything(), export_partners(OPERATOR, form)
    CoverageRule.objects.all().delete()
    Partner.objects.update(email="", phone="", languages=[], capacity=5, vat_rate=None)

    if rows:
        assert import_partners(OPERATOR, text) == len(rows)
    assert everything() == before

    Partner.objects.all().delete()
    if rows:
        import_partners(OPERATOR, text)
    assert everything() == before


def test_one_name_on_several_rows_is_one_partner_with_several_rules() -> None:
    rows = [OAK, "Oak,agency,GB,,,,en,yes,,,US-CA,private,USD,1000,7500.50,5"]
    assert import_partners(OPERATOR, "\ufeff" + table(*rows)) == 1
    oak = Partner.objects.get()
    assert oak.rules.count() == 2
    rule = oak.rules.get(jurisdiction="US-CA")
    assert (rule.minimum_usd, rule.maximum_usd, rule.priority) == (Decimal(1000), Decimal("7500.50"), 5)


def test_a_new_partner_takes_no_cases_and_a_known_one_stays_as_active_as_it_was() -> None:
    import_partners(OPERATOR, table(OAK))
    assert not Partner.objects.get().active
    Partner.objects.update(active=True, about="Kept.")
    import_partners(OPERATOR, table(OAK))
    assert (Partner.objects.get().active, Partner.objects.get().about) == (True, "Kept.")


def test_partners_that_are_not_in_the_file_stay() -> None:
    import_partners(OPERATOR, table(OAK))
    import_partners(OPERATOR, table(OAK.replace("Oak", "Elm")))
    assert Partner.objects.count() == 2


def test_norway_is_a_country_in_yaml_too() -> None:
    import_partners(
        OPERATOR,
        "- {name: Fjord, kind: agency, country: NO, exclusive: no, rules: [{jurisdiction: NO}]}",
    )
    fjord = Partner.objects.get()
    assert (fjord.country, fjord.exclusive, fjord.rules.get().jurisdiction) == ("NO", False, "NO")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Elm,agency,XX,,,,,yes,,,GB,,,,,1", "Row 3, country: “XX” is not a country's two-letter code"),
        ("Elm,bank,GB,,,,,yes,,,GB,,,,,1", "Row 3, kind: “bank” is not known. Use one of agency, law firm."),
        (",agency,GB,,,,,yes,,,GB,,,,,1", "Row 3, name: enter a name"),
        ("Elm,agency,GB,nobody,,,,yes,,,GB,,,,,1", "Row 3, email: “nobody” is not an address"),
        ("Elm,agency,GB,,\x01,,,yes,,,GB,,,,,1", "Row 3, phone: use at most 40 printable"),
        ("Elm,agency,GB,,,javascript:1,,yes,,,GB,,,,,1", "Row 3, website: "),
        ("Elm,agency,GB,,,,,maybe,,,GB,,,,,1", "Row 3, exclusive: “maybe” is neither yes nor no."),
        ("Elm,agency,GB,,,,,yes,-1,,GB,,,,,1", "Row 3, capacity: “-1” is not a whole number"),
        ("Elm,agency,GB,,,,,yes,²,,GB,,,,,1", "Row 3, capacity: "),
        ("Elm,agency,GB,,,,,yes,,100.01,GB,,,,,1", "Row 3, vat_rate: a rate is from 0 to 100"),
        ("Elm,agency,GB,,,,,yes,,19.999,GB,,,,,1", "Row 3, vat_rate: “19.999” is not a number"),
        ("Elm,agency,GB,,,,,yes,,,US,,,,,1", "Row 3, jurisdiction: “US” is not a jurisdiction"),
        ("Elm,agency,GB,,,,,yes,,,GB,cat,,,,1", "Row 3, debtor_type: “cat” is not known."),
        ("Elm,agency,GB,,,,,yes,,,GB,,EUX,,,1", "Row 3, currency: “EUX” is not an ISO 4217 code"),
        ("Elm,agency,GB,,,,,yes,,,GB,,,5,5,1", "Row 3, maximum_usd: it must be more than the minimum."),
        ("Elm,agency,GB,,,,,yes,,,GB,,,1e999999,,1", "Row 3, minimum_usd: "),
        ("Elm,agency,GB,,,,,yes,,,GB,,,NaN,,1", "Row 3, minimum_usd: "),
        ("Elm,agency,GB,,,,,yes,,,GB,,,,,10001", "Row 3, priority: "),
        ("Elm,agency,GB,,,,,yes", "Row 3: 16 cells are expected, not 8."),
        ("Oak,agency,FR,,,,en,yes,,,FR,,,,,1", "Row 3, country: it differs from row 2, of the same partner."),
        ('Elm,"agency,GB', "This is not a CSV file"),
        (f"{'x' * 201},agency,GB,,,,,yes,,,GB,,,,,1", "Row 3, name: enter a name"),
    ],
)
def test_the_first_bad_row_is_named_and_nothing_is_saved(row: str, sentence: str) -> None:
    import_partners(OPERATOR, table(OAK))
    before = everything()
    with pytest.raises(Refused) as refused:
        import_partners(OPERATOR, table(OAK.replace(",100", ",7"), row))
    assert str(refused.value).startswith(sentence)
    assert len(str(refused.value)) < 300
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The first row must name the columns"),
        ("name,country\nOak,GB", "The first row must name the columns"),
        (HEADER, "The file holds no partner."),
        ("partners: []", "The file holds no partner."),
        ("partners: 5", "A YAML file holds a list of partners."),
        ("- Oak", "A YAML file holds a list of partners."),
        ("partners: [", "This is not a YAML file."),
        ("- name: Oak\n  kind: agency\n  country: GB\n  colour: red", "Partner 1: “colour” is not known."),
        (
            "- name: Oak\n  kind: agency\n  country: GB\n  rules: yes",
            "Partner 1, rules: this is a list of rules.",
        ),
        (
            "- {name: A, kind: agency, country: GB}\n" * 2,
            "Partner 2, name: the same partner is in the file twice.",
        ),
        (
            "- {name: A, kind: agency, country: GB, rules: [{jurisdiction: GB}, {jurisdiction: UK}]}",
            "Partner 1, rule 2, jurisdiction: “UK” is not a jurisdiction",
        ),
        ("- !!python/object/apply:os.system [id]", "A YAML file holds a list of partners."),
        ("x" * 5_000_001, "The file is too large."),
        ("- " + "[" * 100_000, "Write every partner out in full"),
        ('- {name: "\\ud800", kind: agency, country: GB}', ""),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        import_partners(OPERATOR, text)
    assert str(refused.value).startswith(sentence)
    assert not Partner.objects.exists()


def test_a_few_lines_that_mean_millions_are_refused_before_they_grow() -> None:
    bomb = "partners:\n- &a [en, en]\n" + "".join(
        f"- &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(20)
    )
    with pytest.raises(Refused, match="without references"):
        import_partners(OPERATOR, bomb)


def test_a_formula_in_a_name_is_written_as_text() -> None:
    write_partner(Partner(), PartnerRow("=HYPERLINK(1)", "agency", "GB"))
    assert "\r\n'=HYPERLINK(1),agency" in export_partners(OPERATOR, "csv")
    listed: dict[str, Any] = yaml.safe_load(export_partners(OPERATOR, "yaml"))
    assert listed["partners"][0]["name"] == "=HYPERLINK(1)"
    assert set(listed["partners"][0]) <= {*PARTNER_COLUMNS, "rules"}


def test_only_operators_read_and_write_files() -> None:
    creditor = creditor_of(a_case())
    for call in (lambda: import_partners(creditor, table(OAK)), lambda: export_partners(creditor, "csv")):
        with pytest.raises(Refused, match="Only the operator"):
            call()
