"""No source or test file is longer than 400 lines.

A file that fits into one reading has one subject. When it outgrows that, the second subject has usually
become visible and has a name of its own. A migration is one step of the database and cannot be split.
"""

from collections.abc import Iterator
from pathlib import Path

from tools.lint.source import Finding

LIMIT = 400
FOLDERS = ("src", "tests", "tools")
SUFFIXES = (".py", ".html")


def findings(root: Path) -> Iterator[Finding]:
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in SUFFIXES or not {"static", "migrations"}.isdisjoint(file.parts):
                continue
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                sentence = f"{lines} lines, and the limit is {LIMIT}; find its second subject and move it out"
                yield Finding(file.relative_to(root), LIMIT + 1, sentence)
