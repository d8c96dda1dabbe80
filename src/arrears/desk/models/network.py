"""Partners: who they are, who has vetted them, what they cover, and which creditor asked for which."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation


class PartnerKind(models.TextChoices):
    AGENCY = "agency", "Agency"
    LAW_FIRM = "law firm", "Law firm"


class Partner(models.Model):
    """A local agency or law firm that works cases for the desk.

    `organisation` holds its people and API keys, and is empty until it is given access. `exclusive` partners
    take what their rules cover without bidding; the others are asked for quotes. `capacity` is the most open
    cases it takes. `fictional` marks the made-up partners of the demo. Only an `active` partner gets new
    cases.
    `vat_rate` is in percentage points, empty for one that is not registered for VAT.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="partner"
    )
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=PartnerKind.choices)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    about = models.TextField(blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    exclusive = models.BooleanField(default=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    fictional = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    suspended_because = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class VettingCheck(models.Model):
    """One thing looked into about a partner. `item` holds a value of core's VettingItem.

    Only the latest check of an item counts, and only until `expires_on`. `evidence` says what was seen.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    passed = models.BooleanField()
    evidence = models.TextField()
    checked_by = models.CharField(max_length=254)
    checked_on = models.DateField()
    expires_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.item} of {self.partner}"


class CoverageRule(models.Model):
    """One kind of case that a partner takes in one jurisdiction. An empty field means "any".

    `debtor_type` holds a value of core's DebtorType. Amounts are in US dollars, from the minimum (inclusive)
    to the maximum (exclusive). The lowest priority is asked first.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="rules")
    jurisdiction = models.CharField(max_length=5)
    debtor_type = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    minimum_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    maximum_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    priority = models.PositiveIntegerField(default=100)

    def __str__(self) -> str:
        return f"{self.partner} in {self.jurisdiction}"


class PartnerOverride(models.Model):
    """A creditor's own choice of partner.

    For one jurisdiction (`US-CA`), for one country (`US`), or for everywhere (empty).
    """

    creditor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="partner_overrides")
    jurisdiction = models.CharField(max_length=5, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="overrides")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "jurisdiction"], name="one_override_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} for {self.creditor} in {self.jurisdiction or 'every country'}"


class NetworkStamp(models.Model):
    """Changes with partners, rules, texts of agreements and price lists, so that other processes notice.

    Triggers in the database write it: no way of changing them can forget to.
    """

    stamp = models.UUIDField()

    def __str__(self) -> str:
        return str(self.stamp)


class CreditorStamp(models.Model):
    """Changes with a creditor's own details, its signatures and its choices of partners; by triggers, too."""

    creditor = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    stamp = models.UUIDField()

    def __str__(self) -> str:
        return str(self.stamp)
