"""What the people on a case tell each other: messages, documents, updates, tasks and complaints."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from arrears.accounts.models import Organisation, User
from arrears.desk.models.case import Case

#: The longest file name kept with a document.
LONGEST_FILE_NAME = 200


class Message(models.Model):
    """One message on a case. `party` is a value of core's Party, `by` the writer's name at that time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    party = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=254)
    by_email = models.EmailField(blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    seen_by_creditor_at = models.DateTimeField(null=True)
    seen_by_partner_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.party} on {self.case}"


class DocumentKind(models.TextChoices):
    ORIGINAL_INVOICE = "OriginalInvoice", "Original invoice"
    DEBTOR = "DebtorDocuments", "From the debtor"
    CREDITOR = "CreditorDocuments", "From the creditor"
    PARTNER = "PartnerDocuments", "From the partner"
    DEMAND_LETTER = "DemandLetter", "Demand letter"
    MISCELLANEOUS = "Miscellaneous", "Other"


class Document(models.Model):
    """A file that belongs to a case. The same content counts once. `media_type` is what its content shows."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    name = models.CharField(max_length=LONGEST_FILE_NAME)
    description = models.TextField(blank=True)
    media_type = models.CharField(max_length=100, default="application/pdf")
    party = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    attached_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["attached_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="one_copy_a_case")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case}"


class StatusUpdate(models.Model):
    """The partner's report for one month. `recommendation` holds a value of core's Recommendation."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="updates")
    month = models.DateField()
    actions = models.TextField()
    recommendation = models.CharField(max_length=20)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-month"]
        constraints = [models.UniqueConstraint(fields=["case", "month"], name="one_update_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.case}"


class Task(models.Model):
    """Something somebody has to do. It opens and is solved by itself, as the case stands.

    `kind` holds a value of core's TaskKind, `party` who has to act. `subject` tells two tasks of one kind
    apart, such as two quote requests. A task without a case is about the creditor's account.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creditor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tasks")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="tasks")
    party = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "case", "party", "kind", "subject"],
                condition=models.Q(solved_at=None),
                nulls_distinct=False,
                name="one_open_task_a_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "due_on"], condition=models.Q(solved_at=None), name="open_tasks")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case or self.creditor}"


class Complaint(models.Model):
    """A creditor's complaint about how a case is worked. `state` holds a value of core's ComplaintState."""

    number = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="complaints")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=30)
    answer_due = models.DateField(null=True)
    raised_by = models.CharField(max_length=254)
    raised_at = models.DateTimeField()
    response = models.TextField(blank=True)
    decision = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class Disclosure(models.Model):
    """That somebody was given a debtor's personal data: who, what, when and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disclosures")
    at = models.DateTimeField()
    to = models.CharField(max_length=254)
    what = models.TextField()
    why = models.TextField()

    def __str__(self) -> str:
        return f"{self.case} to {self.to}"
