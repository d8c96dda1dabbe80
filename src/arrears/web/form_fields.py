"""Fields of the forms about cases, money and partners, alike on every side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from django import forms

from arrears.core.money import read_amount
from arrears.desk.file_kinds import FILE_KINDS, LARGEST_FILE

#: Commas only between thousands: one that stands for the decimal point must not make £1,5 into £15.
_FIGURES = re.compile(r"\d+(\.\d+)?|\.\d+|\d{1,3}(,\d{3})+(\.\d+)?")
_NO_CHOICE = "Choose one from the list."
_NO_DAY = "Enter a day, such as 5 March 2026."


class NumberField(forms.CharField):
    """A number as people type it, `1,234.50` or `£1234.5`, as a Decimal; None when it is left empty."""

    # Not a number box: its arrows and wheel change amounts by accident.
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, label: str, *, hint: str = "", **options: Any) -> None:
        super().__init__(label=label, help_text=hint, **{"max_length": 30} | options)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        text = typed.replace(" ", "").lstrip("£€$")
        number = read_amount(text.replace(",", "")) if _FIGURES.fullmatch(text) else None
        if number is None:
            raise forms.ValidationError(f"Enter “{self.label}” as a number such as 1,234.50.")
        return number


def amount_field(label: str, *, required: bool = False, hint: str = "") -> NumberField:
    """An amount of money, which may be left out unless it is required."""
    return NumberField(label, hint=hint, required=required, error_messages={"required": "Enter the amount."})


def text_field(
    label: str, missing: str = "", *, rows: int = 3, hint: str = "", longest: int | None = None
) -> forms.CharField:
    """Several lines of text; required where it says what to do when it is `missing`."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        help_text=hint,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


def line_field(label: str, missing: str = "", *, longest: int = 300, hint: str = "") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        help_text=hint,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": missing},
    )


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    """A day, picked from the browser's own calendar or typed."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"],
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )


def choice_field(label: str, choices: Iterable[tuple[str, str]] = ()) -> forms.ChoiceField:
    """One of some values, with the words for them."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        error_messages={"required": _NO_CHOICE, "invalid_choice": _NO_CHOICE},
    )


def member_field(
    label: str, members: Iterable[Enum], words: dict[Any, str] | None = None
) -> forms.TypedChoiceField:
    """One of some members of an enumeration; gives the member. Without `words` their values are shown."""
    known = list(members)
    kind = type(known[0]) if known else str
    return forms.TypedChoiceField(
        label=label,
        choices=[(one.value, (words or {}).get(one, one.value)) for one in known],
        coerce=kind,
        empty_value=None,
        error_messages={"required": _NO_CHOICE, "invalid_choice": _NO_CHOICE},
    )


def tick_field(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def file_field() -> forms.FileField:
    """A file to keep with a case. What may be in it is the desk's to judge."""
    return forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in FILE_KINDS)}),
        help_text=f"At most {LARGEST_FILE // 1024**2} MB. Kinds: {', '.join(FILE_KINDS)}.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose it again."},
    )


def values_of(kinds: Iterable[Enum]) -> list[tuple[str, str]]:
    """Choices out of an enumeration whose values are words for people."""
    return [(str(kind.value), str(kind.value)) for kind in kinds]
