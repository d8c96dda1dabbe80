"""The form for a file that goes to a collector elsewhere."""

from __future__ import annotations

from django import forms

from arrears.desk.file_kinds import FILE_KINDS, LARGEST_FILE
from arrears.ports import DocumentKind

#: What the published Customer API takes.
_ENDINGS = tuple(kind.extension for kind in FILE_KINDS.values() if not kind.ours)

_KINDS = (
    (DocumentKind.CREDITOR.value, "A document of yours"),
    (DocumentKind.INVOICE.value, "The original invoice"),
    (DocumentKind.DEBTOR.value, "Something from the debtor"),
    (DocumentKind.DEMAND_LETTER.value, "A demand letter"),
    (DocumentKind.OTHER.value, "Something else"),
)


class CaseDocumentForm(forms.Form):
    """A file and what it is. What is in it is the collector's to judge."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in _ENDINGS)}),
        help_text=f"At most {LARGEST_FILE // 1024**2} MB. Kinds: {', '.join(_ENDINGS)}.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose it again."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=_KINDS,
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose one from the list."},
    )

    def content(self) -> bytes:
        """The file, and never more of it than tells that it is too large."""
        read: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return read

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values()), "")
