"""Every finding has its place on the to-do list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from arrears import core
from arrears.core.fix_titles import FIX_TITLES, Per, fix_title

CORE = Path(core.__file__).parent
SOURCES = [*sorted(CORE.glob("check_*.py")), CORE / "eligibility.py", CORE / "time_bar.py"]
#: Names of functions of our own whose first argument is the code of a finding.
MAKERS = {"Finding", "_blocks"}


def codes_in(tree: ast.Module) -> Iterator[str]:
    """Every code that a module can give a finding, wherever it is written."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in MAKERS:
            yield from _values(call.args[0], functions, tree)


def _values(node: ast.expr, functions: dict[str, ast.FunctionDef], tree: ast.Module) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_values(node.body, functions, tree), *_values(node.orelse, functions, tree))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        for inner in ast.walk(functions[node.func.id]):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from _values(inner.value, functions, tree)
    elif isinstance(node, ast.JoinedStr):
        # f"{kind}_unusable" in a function that is called with each kind.
        [ending] = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
        [maker] = [name for name, one in functions.items() if node in ast.walk(one)]
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == maker:
                yield from (f"{kind}{ending}" for kind in _values(call.args[0], functions, tree))
    else:
        # The maker's own parameter: its callers are looked at by themselves.
        assert isinstance(node, ast.Name), ast.dump(node)


def every_code() -> set[str]:
    return {code for path in SOURCES for code in codes_in(ast.parse(path.read_text(encoding="utf-8")))}


def test_every_finding_has_a_title_and_no_title_is_left_over() -> None:
    assert every_code() == set(FIX_TITLES)


def test_the_codes_are_really_found_in_the_source() -> None:
    codes = every_code()
    # A plain one, one that a condition chooses, one that is worked out elsewhere, one that is put together.
    assert {"city_missing", "country_unknown", "exchange_rate_missing", "phone_unusable"} <= codes
    assert len(codes) > 40


@pytest.mark.parametrize("code", sorted(FIX_TITLES))
def test_a_title_is_short_and_begins_with_a_capital(code: str) -> None:
    title = fix_title(code)
    assert len(title) <= 36
    assert title[0].isupper()
    assert not title.endswith(".")


@pytest.mark.parametrize(
    ("code", "count", "heading"),
    [
        ("city_missing", 17, "17 customers without a town"),
        ("city_missing", 1, "1 customer without a town"),
        ("due_date_missing", 1204, "1,204 invoices without a due date"),
        ("chasing_still_on", 2, "2 customers with automatic reminders still on"),
    ],
)
def test_a_group_is_counted_in_what_has_to_be_corrected(code: str, count: int, heading: str) -> None:
    assert FIX_TITLES[code].heading(count) == heading


def test_what_stands_in_the_customers_record_is_counted_by_customer() -> None:
    [debtor] = [path for path in SOURCES if path.name == "check_debtor.py"]
    codes = set(codes_in(ast.parse(debtor.read_text(encoding="utf-8"))))
    per_customer = {code for code, one in FIX_TITLES.items() if one.per is Per.CUSTOMER}

    assert codes <= per_customer
    assert per_customer - codes == {"no_partner"}


def test_a_code_that_is_none_has_no_title() -> None:
    with pytest.raises(KeyError):
        fix_title("made_up")
