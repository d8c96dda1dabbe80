"""The documentation: it builds, needs nothing from elsewhere, and says what the program does."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from arrears.connectors.kashflow import errors

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
RECORDS = sorted((DOCS / "decisions").glob("0*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=PROJECT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


class Loaded(HTMLParser):
    """Collect the address of everything that a browser fetches by itself to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "img", "iframe", "source") and values.get("src"):
            self.addresses.append(str(values["src"]))
        if tag == "link" and values.get("href") and values.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(str(values["href"]))


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text())
        assert loaded.addresses, page
        assert [address for address in loaded.addresses if re.match(r"(https?:)?//", address)] == [], page


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_record_has_its_four_parts(record: Path) -> None:
    headings = re.findall(r"^## (.+)$", record.read_text(), re.MULTILINE)

    assert headings == ["Context", "Decision", "Measured", "Consequences"]


def test_every_decision_record_is_in_the_list() -> None:
    listed = re.findall(r"\((0[^)]+\.md)\)", (DOCS / "decisions" / "index.md").read_text())

    assert listed == [record.name for record in RECORDS]


def test_every_setting_that_is_read_is_explained() -> None:
    explained = (DOCS / "operate" / "one-machine.md").read_text()
    source = (file.read_text() for file in (PROJECT / "src").rglob("*.py"))
    asked = r'(?:environ(?:\.\w+)?[\[(]|_flag\(|_words\()"([A-Z_]+)"'
    read = {name for text in source for name in re.findall(asked, text)} - {"DJANGO_SETTINGS_MODULE"}

    assert "DATABASE_URL" in read
    assert sorted(name for name in read if f"`{name}`" not in explained) == []


def test_the_examples_of_the_library_page_run() -> None:
    examples = re.findall(
        r"^```python\n(.*?)^```", (DOCS / "library.md").read_text(), re.MULTILINE | re.DOTALL
    )

    assert examples
    for example in examples:
        result = subprocess.run(
            [sys.executable, "-c", example], capture_output=True, text=True, timeout=60, cwd=DOCS
        )
        assert result.returncode == 0, result.stderr


def test_what_the_kashflow_example_imports_is_there() -> None:
    example = re.findall(r"^```py\n(.*?)^```", (DOCS / "library.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    imports = [line for line in example.splitlines() if line.startswith(("from ", "import "))]

    assert any("arrears.connectors.kashflow" in line for line in imports)
    subprocess.run([sys.executable, "-c", "\n".join(imports)], check=True, timeout=60)


def test_every_way_kashflow_can_refuse_is_on_the_page_that_helps() -> None:
    page = (DOCS / "connect-kashflow.md").read_text()

    assert [sentence for sentence, _, _ in errors._REFUSALS.values() if f"| {sentence} |" not in page] == []
