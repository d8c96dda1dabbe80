"""The `arrears` command as a person runs it: a process of its own, with a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrears.sandbox.client import Sandbox


@dataclass
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Terminal:
    """Runs commands against one data folder."""

    home: Path

    def run(self, *arguments: str, typed: str = "") -> Outcome:
        done = subprocess.run(
            self._command(arguments),
            input=typed,
            capture_output=True,
            text=True,
            env=self._environment(),
            timeout=240,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in the background, in a group of its own so that it can be killed whole."""
        return subprocess.Popen(
            self._command(arguments),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def connect(self, sandbox: Sandbox, **changes: str) -> Outcome:
        login = {**sandbox.credentials, **changes}
        secrets = {name: login[name] for name in ("password", "memorable_word")}
        return self.run(
            "connect", "kashflow", "--base-url", sandbox.base_url, "--username", login["username"],
            "--secrets-stdin", typed=json.dumps(secrets),
        )  # fmt: skip

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "arrears", *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ARREARS_")}
        kept.pop("DATABASE_URL", None)
        return {**kept, "ARREARS_HOME": str(self.home)}


def kill_whole(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for a command and everything it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
