"""Text that people type: trimmed, storable, and neither missing nor endless."""

from __future__ import annotations

from arrears.desk.actors import Refused

#: The longest reason or note on a case.
LONGEST_REASON = 2000


def free_text(text: str, what: str, *, longest: int = LONGEST_REASON, required: bool = True) -> str:
    """`text` as it is kept. `what` names it in a sentence, such as `a reason`. Raises Refused."""
    kept = kept_text(text)
    if required and not kept:
        raise Refused(f"Enter {what}.", code="missing")
    if len(kept) > longest:
        raise Refused(
            f"Use at most {longest:,} characters for {what}; these are {len(kept):,}.", code="too_long"
        )
    return kept


def kept_text(text: str) -> str:
    """`text` trimmed, and without what cannot be stored."""
    return storable(text).strip()


def storable(text: str) -> str:
    """`text` without what PostgreSQL cannot keep: NUL and halves of characters, which nobody sees anyway."""
    return text.replace("\0", "").encode(errors="ignore").decode()
