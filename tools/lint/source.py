"""What every rule reads and gives back: Python files as syntax trees, and findings."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path("src/arrears")


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule. `path` is relative to the project, `line` counts from 1."""

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass(frozen=True)
class Module:
    """A parsed file. `path` is relative to the project."""

    path: Path
    tree: ast.Module


def modules(root: Path, *folders: Path) -> Iterator[Module]:
    """Every Python file below the folders, which are relative to `root`, in a stable order."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            yield Module(file.relative_to(root), ast.parse(file.read_text(encoding="utf-8")))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Local name → full dotted name, for every import in the file, also those inside functions."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                # `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
                local = alias.asname or alias.name.partition(".")[0]
                names[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted_name(node: ast.expr, names: dict[str, str]) -> str | None:
    """The full dotted name that an expression such as `tz.now` stands for; None if it is not one."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value, names)
        return f"{owner}.{node.attr}" if owner else None
    return None
