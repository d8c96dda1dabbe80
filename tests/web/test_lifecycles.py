"""Every way a case can stand has words, an icon and a colour for people."""

from __future__ import annotations

from pathlib import Path

import arrears.web
from arrears.core.case import Lifecycle
from arrears.web.lifecycles import LIFECYCLES


def test_every_lifecycle_has_a_look_of_its_own() -> None:
    assert set(LIFECYCLES) == set(Lifecycle)
    assert len({look.label for look in LIFECYCLES.values()}) == len(Lifecycle)
    assert all(look.meaning.endswith(".") for look in LIFECYCLES.values())


def test_every_icon_is_there() -> None:
    icons = Path(arrears.web.__file__).parent / "static" / "vendor" / "tabler-icons.svg"
    drawn = icons.read_text(encoding="utf-8")
    assert [look.icon for look in LIFECYCLES.values() if f'id="{look.icon}"' not in drawn] == []
