"""Users, organisations and who belongs to them, the audit trail, API keys and sealed secrets."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.core import access, notice


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
    #: An import worth more than this, in `limit_currency`, waits for somebody else's approval.
    approval_limit = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    limit_currency = models.CharField(max_length=3, default="GBP")
    created_at = models.DateTimeField()
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    def __str__(self) -> str:
        return self.name


_ROLES = [(role.value, role.value.capitalize()) for role in access.Role]


class Membership(models.Model):
    """That a user belongs to an organisation. Roles differ for a creditor only; others have owners."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=_ROLES, default=access.Role.OWNER.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"

    def may(self, permission: access.Permission | str) -> bool:
        """Whether this member may do this, by the table in core/access.py."""
        return access.may(access.Role(self.role), access.Permission(permission))


class Invitation(models.Model):
    """That somebody is asked to join. Only the SHA-256 of the link's token is kept; it works once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=_ROLES)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"


class SavedView(models.Model):
    """A way of looking at a list that somebody gave a name. `query` is what follows `?` in the address."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "page", "name"], name="one_saved_view_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.page}"


def at_once_unasked() -> list[str]:
    return [kind.value for kind in notice.AT_ONCE_UNASKED]


class NoticeChoice(models.Model):
    """What somebody wants to hear of an organisation by e-mail.

    `at_once` lists the kinds (values of core's NoticeKind) that do not wait for the digest. `digest_sent_at`
    and `told_at` are up to when everything has been told, by digest and at once.
    """

    class Every(models.TextChoices):
        DAY = "day", "Every morning"
        WEEK = "week", "Every Monday morning"
        NEVER = "never", "No digest"

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="notice_choice")
    digest = models.CharField(max_length=10, choices=Every.choices, default=Every.DAY)
    at_once = ArrayField(models.CharField(max_length=40), default=at_once_unasked)
    digest_sent_at = models.DateTimeField()
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"notices of {self.membership_id}"


class OutgoingMail(models.Model):
    """One e-mail to be sent, written in the transaction of what it tells of. `key` makes it count once.

    It is sent at least once: whoever sends it writes down `sent_at` afterwards. Its text goes then.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    #: Given up after many attempts, with the kind of the last error.
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="mails_to_be_sent", condition=models.Q(sent_at=None, problem="")
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class AuditEntry(models.Model):
    """One line of the audit trail: who did what, when, from where. The database refuses to change it.

    `action` holds a value of `audit.Action`. `user_id` is no foreign key, so that the line outlives the
    user; `who` is the name it had. `address` is the network address, empty for what the software did.
    `subject` names what it was done to, such as `run 12`; `data` holds more as plain JSON, never a secret.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    who = models.CharField(max_length=254)
    user_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    text = models.TextField()
    subject = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_newest_first"),
            models.Index(fields=["organisation", "subject", "-id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M}"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("An entry of the audit trail cannot be removed.")


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
