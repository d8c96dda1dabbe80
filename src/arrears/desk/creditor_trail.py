"""What a creditor's people and programs do with a case, in the audit trail of that creditor.

The case's own timeline tells the same to both sides, with the words that were written. The trail can never be
changed, so it holds nothing of a debtor: not a message, not an answer, not the name of a file.
"""

from __future__ import annotations

from datetime import datetime

from arrears.accounts.audit import ITSELF, Action, acting, note
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.models import Case


def note_deed(
    case: Case, actor: Actor, deed: str, now: datetime, action: Action = Action.CASE_ACTED_ON
) -> None:
    """Write it down when it is the creditor who acts. `deed` goes before the case: `Withdrew`, `Wrote on`.

    What an import does by itself is told by the line of its run.
    """
    if actor.party is Party.CREDITOR and acting() != ITSELF:
        text, subject = f"{deed} case {case.reference}.", f"case {case.reference}"
        note(case.creditor_id, action, text, now, subject=subject)
