"""Agreements, their versions, and who signed what, when and how."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation
from arrears.desk.models.network import Partner


class AgreementKind(models.TextChoices):
    STANDARD = "standard agreement", "Standard Debt Collection Agreement"
    POWER_OF_ATTORNEY = "power of attorney", "Power of attorney"
    PRICING_APPENDIX = "pricing appendix", "Jurisdiction pricing appendix"


class AgreementVersion(models.Model):
    """The text of an agreement from a day on. A version in force is never changed; a new one is added.

    `text` holds headings (`#`), numbered and bulleted lines and paragraphs, with `{creditor}`, `{desk}`,
    `{partner}`, `{jurisdiction}` and `{prices}` to be filled in. Who signed an earlier version has to sign
    this one too where `must_be_signed_again`.
    """

    kind = models.CharField(max_length=30, choices=AgreementKind.choices)
    version = models.CharField(max_length=20)
    text = models.TextField()
    since = models.DateField()
    must_be_signed_again = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Signature(models.Model):
    """One agreement signed by one creditor: the whole agreement, or for one partner or jurisdiction.

    `text` is what was signed, letter by letter, and `text_hash` its SHA-256; `creditor_name` is the name the
    creditor had then; `drawn` is the drawn signature as SVG path data; `pdf` is the copy both sides keep.
    `invalidated_because` holds a value of desk.signatures.InvalidationReason.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creditor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="signatures")
    jurisdiction = models.CharField(max_length=5, blank=True)
    creditor_name = models.CharField(max_length=200)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    signer_name = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200)
    signer_email = models.EmailField()
    drawn = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    pdf = models.BinaryField()
    pdf_hash = models.CharField(max_length=64)
    invalidated_at = models.DateTimeField(null=True)
    invalidated_because = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["creditor", "partner"], name="signatures_of_a_creditor")]

    def __str__(self) -> str:
        return f"{self.version} by {self.creditor}"


class SigningRequest(models.Model):
    """An invitation to sign everything a creditor still owes a signature for, reached by a secret link.

    Only the hash of the link's token is kept. The code sent by e-mail proves that the signer reads that
    mailbox; it too is kept only as a hash. `codes_sent_at` says when codes were sent in the last hour, the
    one in force last, and `code_guesses` counts wrong attempts at it. `partner` and `jurisdiction` are what
    the link was asked for, beside what waiting cases need.
    """

    creditor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="signing_requests")
    token_hash = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, null=True, related_name="+")
    jurisdiction = models.CharField(max_length=5, blank=True)
    return_url = models.CharField(max_length=2048, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    code_email = models.EmailField(blank=True)
    codes_sent_at = ArrayField(models.DateTimeField(), default=list)
    code_guesses = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"signing by {self.creditor}"
