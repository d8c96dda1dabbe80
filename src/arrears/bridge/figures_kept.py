"""Figures of cases, worked out once for as long as they are true. They are never out of date."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import date

from arrears.ports import CaseIndex, CaseSearch, Figures

#: Each is a few hundred small objects.
_MOST = 500
_kept: OrderedDict[Hashable, Figures] = OrderedDict()
_lock = threading.Lock()
#: So that many who ask for the same at once have it worked out once.
_turns = tuple(threading.Lock() for _ in range(16))


def figures_kept(index: CaseIndex, whose: Hashable, search: CaseSearch, today: date) -> Figures:
    """The figures of an index. `whose` tells this index from every other.

    What is kept belongs to a version of the index, read before the figures themselves: they may be newer
    than their version says, never older.
    """
    version = index.version()
    if version is None:
        return index.figures(search, today)
    key = (whose, version, search, today)
    found = _look_up(key)
    if found is not None:
        return found
    with _turns[hash(key) % len(_turns)]:
        found = _look_up(key)
        if found is None:
            found = index.figures(search, today)
            _keep(key, found)
    return found


def _look_up(key: Hashable) -> Figures | None:
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def _keep(key: Hashable, figures: Figures) -> None:
    with _lock:
        _kept[key] = figures
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
