"""Forms for what people do with a case, the same for creditors and partners."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from arrears.core.payment import Method
from arrears.desk.file_kinds import LARGEST_FILE
from arrears.desk.models import DocumentKind
from arrears.web.form_fields import amount_field, day_field, file_field, member_field, text_field

#: How people call the ways of paying.
METHODS = {
    Method.BANK_TRANSFER: "Bank transfer",
    Method.CARD: "Card",
    Method.CASH: "Cash",
    Method.CHEQUE: "Cheque",
    Method.DIRECT_DEBIT: "Direct debit",
    Method.OTHER: "Another way",
}


class Nothing(forms.Form):
    """Only a button."""


class ReasonForm(forms.Form):
    """One reason, for others to read."""

    reason = text_field("Reason", "Enter a reason.")


class MessageForm(forms.Form):
    """A message to the other side of a case."""

    text = text_field("Message", "Write a message.")


class DocumentForm(forms.Form):
    """A file to keep with a case. What may be in it is the desk's to judge."""

    file = file_field()
    kind = forms.ChoiceField(
        label="What it is", choices=DocumentKind.choices, initial=DocumentKind.MISCELLANEOUS
    )
    description = forms.CharField(label="Description", required=False, max_length=1000)

    def content(self) -> bytes:
        """The file, and never more of it than tells that it is too large."""
        read: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return read


class DirectPaymentForm(forms.Form):
    """Money that reached the creditor."""

    amount = amount_field("Amount", required=True)
    paid_on = day_field("Day it arrived")
    method = member_field("How it was paid", Method, METHODS)
    note = text_field("Note", rows=2)


def nothing_if_empty(amount: Decimal | None) -> Decimal:
    """An amount that was left empty is none."""
    return amount if amount is not None else Decimal(0)
