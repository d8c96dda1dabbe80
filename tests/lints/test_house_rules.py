"""Each house rule catches what it forbids and leaves alone what it allows."""

from pathlib import Path

import click
import pytest

from tools.lint import cli_documented, file_size, no_float, one_http_file, verb_files, wall_clock
from tools.lint.source import Finding


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(str(finding.path), finding.line) for finding in findings]


@pytest.mark.parametrize("folder", ["core", "bridge", "desk", "desk/models"])
@pytest.mark.parametrize(
    "line", ["x = float(amount)", "x = 0.2", "x: float = y", "def f(x: list[float]) -> None: ...", "x = -1e3"]
)
def test_a_float_near_money_is_found(tmp_path: Path, folder: str, line: str) -> None:
    path = f"src/arrears/{folder}/price.py"
    write(tmp_path, path, f"y = 1\n{line}\n")

    assert places(list(no_float.findings(tmp_path))) == [(path, 2)]


@pytest.mark.parametrize(
    "line", ["isinstance(amount, float)", "isinstance(amount, (int, float))", "x = 2", "x = Decimal('0.2')"]
)
def test_refusing_a_float_and_exact_numbers_are_allowed(tmp_path: Path, line: str) -> None:
    write(tmp_path, "src/arrears/core/money.py", line)

    assert not list(no_float.findings(tmp_path))


def test_a_float_that_is_no_amount_may_stand_in_a_connector(tmp_path: Path) -> None:
    write(tmp_path, "src/arrears/connectors/transport.py", "TIMEOUT = 2.5\n")

    assert not list(no_float.findings(tmp_path))


def test_a_verb_file_without_its_verb_is_found(tmp_path: Path) -> None:
    write(tmp_path, "src/arrears/desk/cases/open_case.py", "def _open_case() -> None: ...\n")

    assert places(list(verb_files.findings(tmp_path))) == [("src/arrears/desk/cases/open_case.py", 1)]


@pytest.mark.parametrize("second", ["def close_case() -> None: ...", "async def close_case() -> None: ..."])
def test_a_second_verb_in_a_file_is_found(tmp_path: Path, second: str) -> None:
    write(tmp_path, "src/arrears/bridge/open_case.py", f"def open_case() -> None: ...\n{second}\n")

    assert places(list(verb_files.findings(tmp_path))) == [("src/arrears/bridge/open_case.py", 2)]


def test_a_verb_may_have_private_helpers_and_public_results(tmp_path: Path) -> None:
    text = "class Opened: ...\nasync def open_case() -> Opened: ...\ndef _route() -> None: ...\n"
    write(tmp_path, "src/arrears/desk/cases/open_case.py", text)

    assert not list(verb_files.findings(tmp_path))


@pytest.mark.parametrize("path", ["models.py", "models/case.py", "apps.py", "migrations/0001_initial.py"])
def test_files_that_are_no_verbs_are_left_alone(tmp_path: Path, path: str) -> None:
    write(tmp_path, f"src/arrears/desk/{path}", "def first() -> None: ...\ndef second() -> None: ...\n")

    assert not list(verb_files.findings(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "import datetime\nx = datetime.datetime.now(datetime.UTC)",
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import date as day\nx = day.today()",
        "import time\nx = time.time()",
        "from time import time\nx = time()",
        "from django.utils import timezone\nx = Field(default=timezone.now)",
        "from django.utils.timezone import now\nx = now()",
    ],
)
def test_a_wall_clock_is_found(tmp_path: Path, text: str) -> None:
    write(tmp_path, "src/arrears/bridge/preview.py", text)

    assert places(list(wall_clock.findings(tmp_path))) == [("src/arrears/bridge/preview.py", 2)]


@pytest.mark.parametrize("path", ["clock.py", "sandbox/kashflow.py"])
def test_the_clock_and_the_stand_in_may_read_it(tmp_path: Path, path: str) -> None:
    write(tmp_path, f"src/arrears/{path}", "from datetime import datetime\nx = datetime.now()\n")

    assert not list(wall_clock.findings(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "import time\nx = time.monotonic()",
        "x = clock.today()",
        "from datetime import date\nx = date(2026, 3, 5)",
    ],
)
def test_durations_given_dates_and_the_clock_port_are_allowed(tmp_path: Path, text: str) -> None:
    write(tmp_path, "src/arrears/bridge/preview.py", text)

    assert not list(wall_clock.findings(tmp_path))


@pytest.mark.parametrize(
    "path", ["src/arrears/web/pages.py", "tests/test_pages.py", "src/arrears/web/page.html"]
)
def test_a_file_of_401_lines_is_found_and_one_of_400_is_not(tmp_path: Path, path: str) -> None:
    write(tmp_path, path, "\n" * 400)
    assert not list(file_size.findings(tmp_path))

    write(tmp_path, path, "\n" * 401)
    assert places(list(file_size.findings(tmp_path))) == [(path, 401)]


@pytest.mark.parametrize(
    "line",
    [
        "import httpx2",
        "import httpx2.transports as t",
        "from httpx2 import Client",
        "from urllib import request",
        "from http.client import HTTPSConnection",
    ],
)
def test_an_http_client_outside_the_transport_is_found(tmp_path: Path, line: str) -> None:
    path = "src/arrears/connectors/kashflow/books.py"
    write(tmp_path, path, f"\n{line}\n")

    assert places(list(one_http_file.findings(tmp_path))) == [(path, 2)]


def test_the_transport_the_stand_in_and_url_parsing_are_allowed(tmp_path: Path) -> None:
    write(tmp_path, "src/arrears/sandbox/client.py", "import urllib.request\n")
    write(tmp_path, "src/arrears/connectors/transport.py", "import httpx2\n")
    write(tmp_path, "src/arrears/connectors/kashflow/books.py", "from urllib.parse import urljoin\n")

    assert not list(one_http_file.findings(tmp_path))


@click.group()
def program() -> None:
    """Stand for the command line."""


@program.group()
def keys() -> None:
    """Stand for a group of commands."""


@keys.command()
@click.option("--all", "-a")
@click.option("--all-old")
def rotate() -> None:
    """Stand for a command."""


SECTION = "# Commands\n\n## `arrears keys rotate`\n\nWith `--all-old` {rest}\n\n## `arrears demo`\n\n--all\n"


def test_a_command_and_its_options_are_found_in_their_section() -> None:
    assert not list(cli_documented.undocumented(program, SECTION.format(rest="and `--all`.")))


def test_an_option_named_only_in_another_section_is_missing() -> None:
    findings = list(cli_documented.undocumented(program, SECTION.format(rest="only.")))

    assert [str(finding) for finding in findings] == [
        "docs/cli.md:3: `arrears keys rotate` takes --all, which its section does not name"
    ]


def test_a_command_without_a_section_is_missing() -> None:
    findings = list(cli_documented.undocumented(program, "See `arrears keys rotate` and `--all`.\n"))

    assert [finding.sentence for finding in findings] == [
        "`arrears keys rotate` has no section; add a heading that names it"
    ]
