"""Users, organisations, memberships, API keys and sealed secrets."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):
    """Somebody who can sign in."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.email


class OrganisationKind(models.TextChoices):
    """What an organisation is to the product, and so which pages and APIs its people see."""

    CREDITOR = "creditor", "Creditor"
    PARTNER = "partner", "Partner"
    OPERATOR = "operator", "Operator"


class Organisation(models.Model):
    """One tenant: a creditor, a partner of the desk, or who runs the desk.

    Everything belongs to one, and nobody sees another's; an operator sees the desk's cases. While
    `blocked_because` says something, a creditor opens no cases.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        max_length=10, choices=OrganisationKind.choices, default=OrganisationKind.CREDITOR
    )
    name = models.CharField(max_length=200)
    registration_number = models.CharField(max_length=100, blank=True)
    street = models.CharField(max_length=200, blank=True)
    zip = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="GB")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    blocked_because = models.TextField(blank=True)
    created_at = models.DateTimeField()
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"


class Membership(models.Model):
    """That a user belongs to an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OWNER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class ApiKey(models.Model):
    """With it a program acts for an organisation. Only its SHA-256 is kept; `start` tells keys apart."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    created_by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.start}… of {self.organisation}"


class Secret(models.Model):
    """One sealed secret and the place it belongs to. Only `vault` reads and writes these."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    record = models.CharField(max_length=80)
    field = models.CharField(max_length=40)
    sealed = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "record", "field"], name="one_secret_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.field}"


class KeyCanary(models.Model):
    """A known text sealed with the root key: tells a wrong key before anything is written with it."""

    sealed = models.TextField()

    def __str__(self) -> str:
        return "key canary"
