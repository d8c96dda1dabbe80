"""The forms on a partner's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from arrears.core.debtor import DebtorType
from arrears.core.vetting import VettingItem
from arrears.desk.actors import Refused
from arrears.desk.models import PartnerKind
from arrears.desk.partner_files import (
    PARTNER_COLUMNS,
    RULE_COLUMNS,
    BadCell,
    Cells,
    PartnerRow,
    RuleRow,
    read_partner,
    read_rule,
)
from arrears.web.desk.asking import countries, creditors, places
from arrears.web.form_fields import choice_field, day_field, line_field, text_field

#: What the columns of a rule are called on the page.
RULE_LABELS = {
    "jurisdiction": "place",
    "debtor_type": "debtor",
    "currency": "currency",
    "minimum_usd": "from",
    "maximum_usd": "below",
    "priority": "priority",
}
DEBTOR_TYPES = (
    ("", "Any debtor"),
    (DebtorType.COMPANY.value, "Companies"),
    (DebtorType.PRIVATE.value, "Private persons"),
)
#: What is wider than one jurisdiction.
EVERYWHERE = (("", "Everywhere"), ("US", "United States, every state"))
_MOST_RULES = 400


class ProfileForm(forms.Form):
    """Who a partner is. What a field may hold is the file format's to say, so that both agree."""

    name = line_field("Name", "Enter the partner's name.", longest=200)
    kind = choice_field("Kind", PartnerKind.choices)
    country = choice_field("Country")
    email = line_field("Office e-mail", longest=254)
    phone = line_field("Office phone", longest=40)
    website = line_field("Website", longest=200, hint="With https:// in front.")
    languages = line_field("Languages", longest=200, hint="Two-letter codes: en de fr.")
    exclusive = choice_field(
        "How it gets cases", [("yes", "By its rules, at the price list"), ("no", "Only by quotes it offers")]
    )
    capacity = line_field("Open cases at most", longest=7, hint="Empty: as many as come.")
    vat_rate = line_field("VAT rate in per cent", longest=6, hint="Empty: not registered for VAT.")
    about = text_field("About the partner", hint="Creditors see this when they compare offers.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "profile_%s"})
        self.fields["country"].choices = [("", "Choose a country"), *countries()]  # type: ignore[attr-defined]

    def row(self) -> PartnerRow | None:
        """What was entered, or None, and then the form says what is wrong."""
        if not self.is_valid():
            return None
        values = {column: self.cleaned_data[column] for column in PARTNER_COLUMNS}
        labels = {column: str(self.fields[column].label) for column in PARTNER_COLUMNS}
        try:
            return read_partner(Cells("", values, labels))
        except BadCell as reason:
            self.add_error(reason.column, str(reason))
            return None


class RulesTable:
    """The rules of a partner as rows of text, to be edited without a script.

    `problem` says what is wrong with which row; `bad` is that row and column.
    """

    def __init__(self, rows: list[Mapping[str, str]]) -> None:
        self.rows = rows
        self.problem = ""
        self.bad = (-1, "")

    @classmethod
    def posted(cls, form: Mapping[str, str]) -> RulesTable:
        """The rows as they came back, those without a place and anything else left out."""
        number = min(int(text) if (text := form.get("rows", "")).isdecimal() else 0, _MOST_RULES)
        rows = [{column: form.get(f"{column}-{at}", "") for column in RULE_COLUMNS} for at in range(number)]
        return cls(list(rows))

    def add(self) -> None:
        self.rows.append(dict.fromkeys(RULE_COLUMNS, "") | {"priority": "100"})

    def remove(self, at: str) -> None:
        if at.isdecimal() and int(at) < len(self.rows):
            del self.rows[int(at)]

    def read(self) -> list[RuleRow] | None:
        """The rules, or None, and then `problem` says what is wrong. Rows without a place are left out."""
        found = []
        for at, row in enumerate(self.rows):
            if not any(row[column].strip() for column in RULE_COLUMNS if column != "priority"):
                continue
            try:
                found.append(read_rule(Cells(f"Row {at + 1}", row, RULE_LABELS)))
            except BadCell as reason:
                self.problem, self.bad = str(reason), (at, reason.column)
                return None
            except Refused as reason:
                self.problem = str(reason)
                return None
        return found


class CheckForm(forms.Form):
    """One look into one item."""

    passed = choice_field("Result", [("yes", "Passed"), ("no", "Failed")])
    evidence = text_field("What was seen", "Say which document was seen, from whom, of what date.", rows=2)
    expires_on = day_field("Counts until")

    def __init__(self, item: VettingItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"check_{item.name.lower()}_%s"})


class SuspendForm(forms.Form):
    reason = text_field("Reason", "Say why the partner is suspended.", rows=2)


class AccessForm(forms.Form):
    email = line_field("E-mail address of the person", "Enter an e-mail address.", longest=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "access_%s"})


class OverrideForm(forms.Form):
    """That a creditor wants this partner for a place."""

    creditor = choice_field("Creditor")
    place = forms.ChoiceField(label="Place", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "override_%s"})
        self.fields["creditor"].choices = [("", "Choose a creditor"), *creditors()]  # type: ignore[attr-defined]
        self.fields["place"].choices = [*EVERYWHERE, *places()]  # type: ignore[attr-defined]
