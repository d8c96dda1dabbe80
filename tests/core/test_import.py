"""What importing the core costs."""

from __future__ import annotations

import subprocess
import sys


def test_slow_libraries_are_loaded_only_when_they_are_needed() -> None:
    program = (
        "import sys; from arrears.core import debtor, eligibility, pricing; "
        "slow = {'phonenumbers', 'email_validator'}; print(sorted(slow & set(sys.modules))); "
        "debtor.read_emails('a@b.example'); debtor.read_phones(['0113 496 0123'], 'GB'); "
        "print(sorted(slow & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["[]", "['email_validator', 'phonenumbers']"]
