"""Only the Clock adapter asks what time it is.

Whether an invoice is overdue, how old a claim is and when a retry is due all depend on the date. Where the
date is an argument, a test can stand on any day, and one import run cannot see midnight pass half-way.
`time.monotonic` measures how long something took and says nothing about the date, so it is allowed. The
stand-in under sandbox/ is an outside system with a time of its own; a migration repeats what a model says.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lint.source import PACKAGE, Finding, dotted_name, imported_names, modules

CLOCK = PACKAGE / "clock.py"
SANDBOX = PACKAGE / "sandbox"
CLOCKS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "django.utils.timezone.localdate",
    "django.utils.timezone.now",
    "time.time",
    "time.time_ns",
}


def findings(root: Path) -> Iterator[Finding]:
    for module in modules(root, PACKAGE):
        if module.path == CLOCK or module.path.is_relative_to(SANDBOX) or "migrations" in module.path.parts:
            continue
        names = imported_names(module.tree)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            name = dotted_name(node, names)
            if name in CLOCKS:
                yield Finding(module.path, node.lineno, f"{name} reads the wall clock; ask the Clock instead")
