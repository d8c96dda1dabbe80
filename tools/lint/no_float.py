"""No binary floating point in core, bridge and desk.

Binary fractions cannot hold most amounts: 0.1 + 0.2 is not 0.3, and a penny lost in one place is a claim
for the wrong sum in another. Amounts, rates and percentages are Decimal from the moment they are read.
Asking `isinstance(value, float)` in order to refuse one is allowed; naming, making or writing one is not.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lint.source import PACKAGE, Finding, modules

FOLDERS = (PACKAGE / "core", PACKAGE / "bridge", PACKAGE / "desk")
# Files that handle no amounts and need a fraction of a second.
NO_MONEY = {PACKAGE / "bridge" / "login_ledger.py", PACKAGE / "bridge" / "worker.py"}


def findings(root: Path) -> Iterator[Finding]:
    for module in modules(root, *FOLDERS):
        if module.path in NO_MONEY:
            continue
        refused = _names_in_isinstance(module.tree)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Name) and node.id == "float" and node not in refused:
                yield Finding(module.path, node.lineno, "float loses pennies; use Decimal")
            elif isinstance(node, ast.Constant) and isinstance(node.value, float):
                sentence = f'the float {node.value} loses pennies; write Decimal("{node.value}")'
                yield Finding(module.path, node.lineno, sentence)


def _names_in_isinstance(tree: ast.Module) -> set[ast.AST]:
    checks = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"
    )
    return {name for check in checks for kind in check.args[1:] for name in ast.walk(kind)}
