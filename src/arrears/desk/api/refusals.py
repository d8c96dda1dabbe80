"""What the desk's verbs refuse, as the API says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from arrears.desk.actors import NotThere, Refused
from arrears.desk.api.errors import Failure


@contextmanager
def told(status: int, type_: str = "") -> Iterator[None]:
    """Turn a verb's refusal into an answer of this status. `type_` replaces the verb's own code."""
    try:
        yield
    except NotThere as missing:
        raise Failure(404, "NotFound", str(missing)) from missing
    except Refused as refusal:
        sentence = refusal.in_full
        raise Failure(status, type_ or _camel(refusal.code), sentence, refusal.url or None) from refusal


def _camel(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("_"))
