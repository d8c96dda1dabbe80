"""Who may let an import that waits go ahead."""

from __future__ import annotations

from arrears.accounts.models import Membership
from arrears.core.access import Permission, roles_with


def approvers(asking: Membership, permission: Permission = Permission.APPROVE) -> list[str]:
    """The e-mail addresses of others in the organisation who may decide; five at most."""
    others = Membership.objects.filter(
        organisation=asking.organisation_id, role__in=roles_with(permission)
    ).exclude(user=asking.user_id)
    return list(others.order_by("pk").values_list("user__email", flat=True)[:5])
