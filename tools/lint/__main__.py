"""Run every rule over the project that holds this file."""

import sys
from pathlib import Path

from tools.lint import cli_documented, file_size, no_float, one_http_file, verb_files, wall_clock

ROOT = Path(__file__).resolve().parents[2]
RULES = (no_float, verb_files, wall_clock, file_size, one_http_file, cli_documented)


def main() -> int:
    found = sorted(finding for rule in RULES for finding in rule.findings(ROOT))
    for finding in found:
        print(finding)
    print(f"House rules broken in {len(found)} place(s)." if found else f"All {len(RULES)} house rules hold.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
