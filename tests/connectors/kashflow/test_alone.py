"""The connector as a library: in a process of its own, without Django, leaving no trace of the secrets."""

from __future__ import annotations

import json
import subprocess
import sys

from arrears.sandbox.client import Sandbox
from tests.connectors.kashflow.conftest import TODAY

PROGRAM = """
import json, logging, sys
from datetime import date
from pydantic import SecretStr
from arrears.connectors.kashflow import Credentials, read_unpaid

logging.basicConfig(level=logging.DEBUG)
given = json.load(sys.stdin)
credentials = Credentials(given["username"], SecretStr(given["password"]), SecretStr(given["memorable_word"]))
today = date.fromisoformat(given["today"])
numbers = [owed.invoice.number for owed in read_unpaid(credentials, today, given["url"])]
assert not [name for name in sys.modules if name.split(".")[0] in ("django", "procrastinate", "psycopg")]
print(len(numbers))
"""


def test_it_reads_invoices_without_django_and_without_telling_secrets(sandbox: Sandbox) -> None:
    given = {**sandbox.credentials, "url": sandbox.base_url, "today": TODAY.isoformat()}
    sandbox.fault("http-503", path="/customers", times=2)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(given), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
    tokens = [entry["path"].rsplit("/", 1)[1] for entry in sandbox.requests() if entry["method"] == "DELETE"]
    assert len(tokens) == 1
    for secret in (*tokens, given["password"], given["memorable_word"]):
        assert secret not in done.stdout + done.stderr
