"""One file speaks HTTP: connectors/transport.py.

Deadlines, limits on retries, host pinning and keeping secrets out of logs are promises about every call
that leaves the product. They hold because there is one place where a call can leave it. The stand-in under
sandbox/ is an outside system, and whoever steers it may use what Python brings along.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lint.source import PACKAGE, Finding, modules

TRANSPORT = PACKAGE / "connectors" / "transport.py"
CLIENTS = ("httpx2", "httpcore2", "httpx", "requests", "aiohttp", "urllib3", "urllib.request", "http.client")


def findings(root: Path) -> Iterator[Finding]:
    for module in modules(root, PACKAGE):
        if module.path == TRANSPORT or module.path.is_relative_to(PACKAGE / "sandbox"):
            continue
        for node in ast.walk(module.tree):
            client = _imported_client(node)
            if client and isinstance(node, ast.stmt):
                yield Finding(module.path, node.lineno, f"only {TRANSPORT} may import {client}")


def _imported_client(node: ast.AST) -> str | None:
    imported = [f"{name}." for name in _imported_modules(node)]
    return next(
        (client for client in CLIENTS if any(name.startswith(f"{client}.") for name in imported)), None
    )


def _imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        # `from urllib import request` names the client in its second half.
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
