"""What the API keeps for its own sake: divisions of a creditor, answers to repeat, and counts of requests."""

from __future__ import annotations

import re
import uuid

from django.db import models

from arrears.accounts.models import ApiKey, Organisation


class Division(models.Model):
    """A part of a creditor that cases are filed under."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creditor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="divisions")
    name = models.CharField(max_length=200)
    registration_number = models.CharField(max_length=100, blank=True)
    street = models.CharField(max_length=200, blank=True)
    zip = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """The final answer to a request that carried an Idempotency-Key, to be given again to the same request.

    It is written in the transaction that did the work, so there is one exactly if the work was done.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    operation = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    #: The address asked, made `plain`.
    address = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "operation", "key"], name="one_answer_a_key"),
        ]
        indexes = [models.Index(fields=["answered_at"], name="answers_by_age")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"

    @staticmethod
    def plain(address: str) -> str:
        """An address, or an id out of it, in which an id is found however it was written."""
        return re.sub("[^0-9a-z/]", "", address.lower())


class RequestCount(models.Model):
    """How many requests a key has made in one slice of time: ten seconds, an hour or a day."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    slice_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    requests = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "slice_seconds", "started_at"], name="one_count_a_slice"),
        ]

    def __str__(self) -> str:
        return f"{self.requests} since {self.started_at:%H:%M:%S}"
