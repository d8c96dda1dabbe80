"""`arrears demo`: one command, and everything is there; one signal, and everything is gone."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.scenarios.terminal import Terminal

pytestmark = pytest.mark.processes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(home: Path) -> list[int]:
    """Everything that runs with this data folder, by the environment it was started with."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if f"ARREARS_HOME={home}".encode() in environment:
                found.append(int(entry.name))
    return found


def test_the_demo_comes_up_whole_and_leaves_nothing_running(terminal: Terminal) -> None:
    port = free_port()
    log = terminal.home / "demo.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARREARS_")}
    with log.open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "arrears", "demo", "--port", str(port), "--invoices", "60"],
            env={**environment, "ARREARS_HOME": str(terminal.home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        said = wait_for(log, "Stop with Ctrl-C", demo)
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=20).read().decode()
        ready = urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20).read().decode()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=40)

    password = re.search(r"Password\s+(demo-\S+)", said)
    assert password is not None
    assert password.group(1) in page
    assert "ready" in ready
    assert left_after_a_while(terminal.home / "demo") == []


def left_after_a_while(home: Path) -> list[int]:
    """What still runs when everything has had time to end."""
    for _ in range(100):
        if not processes_of(home):
            return []
        time.sleep(0.1)
    return processes_of(home)


def wait_for(log: Path, text: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(1800):
        said = log.read_text()
        if text in said:
            return said
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"The demo never said “{text}”:\n{log.read_text()}")
