"""Save what one partner covers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.partner_files import RuleRow
from arrears.desk.partner_store import partner_with, write_rules
from arrears.desk.roles import only


def save_rules(actor: Actor, partner_id: UUID | str, rules: Sequence[RuleRow]) -> None:
    """Put these rules in the place of all that a partner has. Cases it has already stay. Raises NotThere."""
    only(actor, Party.OPERATOR)
    with transaction.atomic():
        write_rules(partner_with(partner_id, lock=True), rules)
