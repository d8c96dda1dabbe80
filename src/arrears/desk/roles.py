"""Who may ask for something, where the table of transitions does not say it."""

from __future__ import annotations

from arrears.core.case import Party
from arrears.core.wording import list_text
from arrears.desk.actors import Actor, Refused


def only(actor: Actor, *parties: Party) -> None:
    """Let nobody else pass. Raises Refused."""
    if actor.party not in parties:
        allowed = list_text([f"the {party}" for party in parties])
        raise Refused(
            f"Only {allowed} can do this.",
            code="not_allowed",
            action=f"Ask {allowed} on the case." if parties != (Party.OPERATOR,) else "Ask the operator.",
        )
