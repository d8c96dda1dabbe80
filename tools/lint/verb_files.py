"""A verb file has exactly one public function, named like the file.

What the two sides of the product can do is then their list of files: to find where a case is opened, look
for `open_case.py`; to see what it needs from others, read one signature. A second public function means a
second verb, which wants its own file. Public classes, such as the verb's result, may stand beside it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lint.source import PACKAGE, Finding, modules

TOPICS = ("cases", "contracts", "money", "office", "partners", "privacy", "quotes", "talk", "webhooks")
# Where verbs live: the creditor's side in one folder, the collector's side in one for each part of its work.
# What lies beside those folders in `desk` is what several verbs need, since they may not import each other.
VERB_FOLDERS = (PACKAGE / "bridge", *(PACKAGE / "desk" / topic for topic in TOPICS))
# Django's own names and job registration: not verbs.
NOT_VERBS = {"__init__", "apps", "jobs", "models"}
# What several verbs of the bridge need. Listed by name, so that adding one is a decision.
SHARED = {
    PACKAGE / "bridge" / name
    for name in (
        "attention.py",
        "call_budget.py",
        "collector_key.py",
        "collectors.py",
        "documents.py",
        "figures_kept.py",
        "holdings.py",
        "ledger.py",
        "limit.py",
        "login_ledger.py",
        "lost_answers.py",
        "queue.py",
        "subscription.py",
        "taking_back.py",
        "tracked.py",
        "tracked_news.py",
        "tracked_index.py",
        "unpaid_rows.py",
        "worker.py",
    )
}


def findings(root: Path) -> Iterator[Finding]:
    for module in modules(root, *VERB_FOLDERS):
        verb = module.path.stem
        if module.path.parent not in VERB_FOLDERS or verb in NOT_VERBS or module.path in SHARED:
            continue
        public = [
            node
            for node in module.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        ]
        if verb not in {node.name for node in public}:
            yield Finding(module.path, 1, f"the verb file has no public function {verb}()")
        for node in public:
            if node.name != verb:
                sentence = (
                    f"{node.name}() is a second public function; make it private or give it its own file"
                )
                yield Finding(module.path, node.lineno, sentence)
