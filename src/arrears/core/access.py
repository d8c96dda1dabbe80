"""Who may do what in a creditor's organisation: one table of roles, and nothing decided elsewhere."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in an organisation."""

    OWNER = "owner"
    FINANCE = "finance"
    APPROVER = "approver"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One kind of thing that can be done."""

    VIEW = "view"
    #: Read invoices live from the books.
    READ = "read"
    #: Start, cancel and retry imports, and settle their rows.
    IMPORT = "import"
    #: Messages, documents, answers, quotes and withdrawals on cases.
    ACT = "act"
    #: Let an import above the limit go ahead.
    APPROVE = "approve"
    #: Accept the agreements that bind the company.
    SIGN = "sign"
    #: Connections to books and collectors, and the secrets behind them.
    CONNECT = "connect"
    #: Make and change escalation policies that wait for a person.
    POLICY = "policy"
    #: People, settings, API keys, and policies that submit by themselves.
    MANAGE = "manage"
    #: Read who did what.
    AUDIT = "audit"


#: What each role is for, as a person choosing one is told.
PURPOSES: dict[Role, str] = {
    Role.OWNER: "Everything, with people, connections and settings.",
    Role.FINANCE: "Reads invoices, opens cases, writes to collectors.",
    Role.APPROVER: "Looks at everything and lets imports above the limit go ahead.",
    Role.VIEWER: "Looks at cases, imports and figures. Changes nothing.",
}

_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.FINANCE: frozenset(
        {Permission.VIEW, Permission.READ, Permission.IMPORT, Permission.ACT, Permission.POLICY}
    ),
    Role.APPROVER: frozenset({Permission.VIEW, Permission.READ, Permission.APPROVE, Permission.AUDIT}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody in this role may do this."""
    return permission in _ALLOWED[role]


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that may do this, the most powerful first."""
    return tuple(role for role in Role if may(role, permission))
