"""run.py, driven as people drive it, with a small shell script standing in for the installer."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PROGRAMS = ("python", "arrears", "ruff", "mypy", "lint-imports", "mkdocs")

FAKE_UV = """\
#!/bin/sh
if [ "$1" = --version ]; then echo "uv {version} (fake)"; exit 0; fi
echo "$@" >> "{log}"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
for program in {programs}; do
  cat > "$UV_PROJECT_ENVIRONMENT/bin/$program" <<'END'
#!/bin/sh
echo "ran $(basename "$0") $*"
if [ "$(basename "$0")" = "$FAILING" ]; then exit 3; fi
if [ -n "$WAITING" ]; then exec sleep 60; fi
END
  chmod +x "$UV_PROJECT_ENVIRONMENT/bin/$program"
done
exit {result}
"""


class Checkout:
    """A copy of the files that run.py reads, and an installer that writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "arrears"
        self.tools = folder / "path"
        self.log = folder / "installer.log"
        self.root.mkdir()
        self.tools.mkdir()
        for name in ("run.py", "pyproject.toml", "uv.lock"):
            shutil.copy(PROJECT / name, self.root / name)
        self.installer()

    def installer(self, *, version: str = "0.13.9", result: int = 0) -> None:
        uv = self.tools / "uv"
        uv.write_text(
            FAKE_UV.format(version=version, log=self.log, programs=" ".join(PROGRAMS), result=result)
        )
        uv.chmod(0o755)

    def environment(self, **extra: str) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.tools}:/usr/bin:/bin", **extra}

    def run(
        self, *arguments: str, python: Sequence[str] = (sys.executable,), **extra: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*python, str(self.root / "run.py"), *arguments],
            capture_output=True,
            text=True,
            env=self.environment(**extra),
            cwd=self.tools,
            timeout=60,
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_demo_installs_the_product_alone_and_passes_options_on(checkout: Checkout) -> None:
    result = checkout.run("demo", "--port", "8123")

    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "ran arrears demo --port 8123"
    assert checkout.asked() == [f"sync --frozen --quiet --no-dev --inexact --python {sys.executable}"]


def test_test_installs_the_tools_and_passes_options_to_pytest(checkout: Checkout) -> None:
    result = checkout.run("test", "-k", "money")

    assert result.stdout.splitlines()[-1] == "ran python -m pytest -n auto -k money"
    assert checkout.asked() == [f"sync --frozen --quiet --python {sys.executable}"]


def test_what_is_installed_is_not_installed_again(checkout: Checkout) -> None:
    checkout.run("test")
    checkout.installer(result=1)  # as if the network had gone

    assert [checkout.run(command).returncode for command in ("test", "demo", "check")] == [0, 0, 0]
    assert len(checkout.asked()) == 1


def test_tools_are_added_when_only_the_product_was_installed(checkout: Checkout) -> None:
    checkout.run("demo")
    checkout.run("test")

    assert len(checkout.asked()) == 2


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(checkout: Checkout, name: str) -> None:
    checkout.run("demo")
    with (checkout.root / name).open("a") as file:
        file.write("# newer\n")
    checkout.run("demo")

    assert len(checkout.asked()) == 2


def test_an_environment_whose_python_is_gone_is_installed_again(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / ".venv/bin/python").unlink()
    checkout.run("demo")

    assert len(checkout.asked()) == 2


def test_a_moved_folder_gets_a_new_environment(checkout: Checkout) -> None:
    checkout.run("demo")
    old_file = checkout.root / ".venv/bin/from-the-old-place"
    old_file.touch()
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
    result = checkout.run("demo")

    assert "This folder has moved" in result.stdout
    assert not (checkout.root / old_file.relative_to(old_file.parents[2])).exists()
    assert len(checkout.asked()) == 2


def test_a_failed_installation_is_said_and_tried_again(checkout: Checkout) -> None:
    checkout.installer(result=1)
    failed = checkout.run("demo")
    checkout.installer()
    worked = checkout.run("demo")

    assert failed.returncode == 1
    assert "The locked packages could not be installed." in failed.stderr
    assert "Traceback" not in failed.stderr
    assert worked.returncode == 0


def test_a_half_finished_installation_is_not_taken_for_a_whole_one(checkout: Checkout) -> None:
    checkout.run("demo")
    lock = checkout.root / "uv.lock"
    before = lock.read_text()
    lock.write_text(before + "# newer\n")
    checkout.installer(result=1)
    checkout.run("demo")
    lock.write_text(before)
    checkout.installer()
    checkout.run("demo")

    assert len(checkout.asked()) == 3


def test_another_active_environment_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    other = tmp_path / "other"
    result = checkout.run("demo", VIRTUAL_ENV=str(other), UV_PROJECT_ENVIRONMENT=str(other))

    assert result.returncode == 0
    assert not other.exists()
    assert (checkout.root / ".venv/bin/arrears").exists()


def test_check_runs_every_check_and_names_the_failed_ones(checkout: Checkout) -> None:
    passed = checkout.run("check")
    failed = checkout.run("check", FAILING="mypy")

    assert passed.returncode == 0
    assert passed.stdout.splitlines()[-1] == "· All 6 checks passed."
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-1] == "· 1 of 6 checks failed: types."
    assert [line for line in failed.stdout.splitlines() if line.startswith("ran ")] == [
        "ran ruff format --check .",
        "ran ruff check .",
        "ran mypy ",
        "ran lint-imports ",
        "ran python -m tools.lint",
        "ran mkdocs build --strict --quiet",
    ]


def test_the_exit_code_of_the_tests_is_passed_on(checkout: Checkout) -> None:
    assert checkout.run("test", FAILING="python").returncode == 3


@pytest.mark.parametrize("arguments", [[], ["deploy"], ["check", "--fast"]])
def test_wrong_use_prints_the_usage_and_installs_nothing(checkout: Checkout, arguments: list[str]) -> None:
    result = checkout.run(*arguments)

    assert result.returncode == 2
    assert result.stderr.startswith("usage: python3 run.py COMMAND")
    assert checkout.asked() == []


def test_an_installer_that_is_too_old_is_not_used(checkout: Checkout) -> None:
    """A Python without its venv module cannot fetch a newer one, and the line that helps is printed."""
    checkout.installer(version="0.8.22")
    without_venv = (
        "import runpy, subprocess, sys, os\n"
        "sys.argv = sys.argv[1:]\n"
        "sys.executable = os.environ['PYTHON_WITHOUT_VENV']\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    python = checkout.tools / "python3"
    python.write_text("#!/bin/sh\necho 'ensurepip is not available.'\nexit 1\n")
    python.chmod(0o755)
    result = checkout.run(
        "demo", python=(sys.executable, "-c", without_venv), PYTHON_WITHOUT_VENV=str(python)
    )

    assert result.returncode == 1
    assert result.stderr.strip().endswith("try again: sudo apt install python3-venv")
    assert checkout.asked() == []


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_python_it_cannot_use_gets_one_sentence(checkout: Checkout, version: tuple[int, int]) -> None:
    pretend = (
        "import runpy, sys\n"
        "sys.argv = sys.argv[1:]\n"
        f"sys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0)\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    result = checkout.run("demo", python=(sys.executable, "-c", pretend))

    assert result.returncode == 1
    assert result.stderr == (
        f"Arrears needs Python 3.11, 3.12 or 3.13, not {version[0]}.{version[1]}. "
        "Run it by name: python3.11 run.py demo\n"
    )


def test_ctrl_c_stops_without_a_traceback(checkout: Checkout) -> None:
    checkout.run("check")
    process = subprocess.Popen(
        [sys.executable, str(checkout.root / "run.py"), "check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=checkout.environment(WAITING="yes"),
        start_new_session=True,
    )
    assert process.stdout is not None
    assert any(line.startswith("ran ") for line in process.stdout)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert errors == "\nStopped.\n"


def test_the_continuous_integration_script_is_executable_and_well_formed() -> None:
    script = PROJECT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
