#!/usr/bin/env python3
"""Set Arrears up and run it, with nothing but Python: `python3 run.py demo`, `test` or `check`.

Standard library only, because it runs before anything is installed. It makes `.venv` beside itself and
installs the versions written in `uv.lock`. A stamp in `.venv` records what was installed, so later runs
need no network.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
TOO_NEW = (3, 14)
# Before the first annotation: older versions would stop at those with a traceback instead of a sentence.
if not OLDEST <= sys.version_info[:2] < TOO_NEW:
    found = "{}.{}".format(*sys.version_info[:2])
    sys.exit(f"Arrears needs Python 3.11, 3.12 or 3.13, not {found}. Run it by name: python3.11 run.py demo")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "arrears-installed"
TOOLS = ROOT / ".venv-tools"
OLDEST_UV = (0, 9)

USAGE = """\
usage: python3 run.py COMMAND [options passed on]

  demo    start Arrears with demonstration data, then open the address it prints
  test    run all tests; options go to pytest, for example: python3 run.py test -k money
  check   formatting, style, types, import rules, house rules and documentation
"""

CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "style": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports"],
    "house rules": ["python", "-m", "tools.lint"],
    "documentation": ["mkdocs", "build", "--strict", "--quiet"],
}


def main(arguments: list[str]) -> int:
    command, extra = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help", "help"):
        print(USAGE, end="")
        return 0
    if command == "demo":
        install(with_tools=False)
        hand_over("arrears", "demo", *extra)
    if command == "test":
        install(with_tools=True)
        os.chdir(ROOT)
        hand_over("python", "-m", "pytest", "-n", "auto", *extra)
    if command == "check" and not extra:
        install(with_tools=True)
        return check()
    print(USAGE, end="", file=sys.stderr)
    return 2


def check() -> int:
    """Run every check, also after one has failed, and say at the end which ones did."""
    failed = []
    for name, (program, *rest) in CHECKS.items():
        say(f"Checking {name}: {' '.join([program, *rest])}")
        if subprocess.run([str(BIN / program), *rest], cwd=ROOT, env=environment()).returncode != 0:
            failed.append(name)
    if failed:
        say(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}.")
        return 1
    say(f"All {len(CHECKS)} checks passed.")
    return 0


def hand_over(program: str, *arguments: str) -> NoReturn:
    """Become the program, so that signals, Ctrl-C and the exit code are its own."""
    say(f"Starting {' '.join([program, *arguments])}")
    os.execve(BIN / program, [str(BIN / program), *arguments], environment())


def install(*, with_tools: bool) -> None:
    """Bring `.venv` to the locked versions, unless the stamp says that it is there already."""
    # Paths inside a virtual environment are absolute: one that was moved or copied is made again.
    moved = STAMP.exists() and STAMP.read_text().splitlines()[1:2] != [str(ROOT)]
    if not moved and installed(with_tools):
        return
    if not os.access(ROOT, os.W_OK):
        sys.exit(
            f"You may not write to {ROOT}, where Arrears installs itself. Copy it to a folder of your own."
        )
    uv = find_uv()
    if moved:
        say("This folder has moved: making .venv again")
        shutil.rmtree(VENV)
    what = "Arrears and its development tools" if with_tools else "Arrears"
    say(f"Installing {what} into .venv (needs the network)")
    STAMP.unlink(missing_ok=True)
    # `--inexact` leaves tools that are there already in place.
    groups = [] if with_tools else ["--no-dev", "--inexact"]
    interpreter = [] if (BIN / "python").exists() else ["--python", sys.executable]
    step(
        [uv, "sync", "--frozen", "--quiet", *groups, *interpreter],
        "The locked packages could not be installed",
    )
    STAMP.write_text(f"{locked()} {'tools' if with_tools else 'product'}\n{ROOT}\n")


def installed(with_tools: bool) -> bool:
    if not STAMP.exists() or not (BIN / "python").exists():
        return False
    digest, _, kind = STAMP.read_text().partition("\n")[0].partition(" ")
    return digest == locked() and (kind == "tools" or not with_tools)


def locked() -> str:
    """A digest of everything that decides what is installed."""
    text = b"".join((ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml"))
    return hashlib.sha256(text).hexdigest()


def find_uv() -> str:
    """The uv on the PATH when it is recent enough, else one of our own from PyPI."""
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and uv_version(candidate) >= OLDEST_UV:
            return candidate
    say("Fetching the installer uv into .venv-tools (needs the network)")
    make_tools_venv()
    step(
        [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv>=0.9,<0.14"],
        "uv could not be fetched from PyPI",
    )
    return str(TOOLS / "bin" / "uv")


def uv_version(program: str) -> tuple[int, int]:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60).stdout
    except OSError:
        return (0, 0)
    found = re.search(r"(\d+)\.(\d+)", answer)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def make_tools_venv() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(TOOLS)],
        capture_output=True,
        text=True,
        env=environment(),
    )
    if made.returncode == 0:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    answer = made.stdout + made.stderr
    if "ensurepip" in answer or "No module named venv" in answer:
        sys.exit("Python's venv module is missing. Install it, then try again: sudo apt install python3-venv")
    sys.exit(f"Python could not make a virtual environment in {TOOLS}:\n{answer.strip()}")


def step(command: list[str], failure: str) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment()).returncode != 0:
        sys.exit(f"{failure}. The lines above say why. The first run needs the network; later runs do not.")


def environment() -> dict[str, str]:
    """Our own `.venv` only: an environment that happens to be active elsewhere must not be touched."""
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME")}
    return {
        **kept,
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        "UV_PYTHON_DOWNLOADS": "never",
        # A notice about the documentation tool's successor that nobody here can act upon.
        "NO_MKDOCS_2_WARNING": "1",
    }


def say(line: str) -> None:
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)
