"""``python -m arrears.sandbox``: serve the KashFlow stand-in."""

import argparse
import sys
from datetime import date

from arrears.sandbox.kashflow import run


def main() -> int:
    """Parse the command line and serve; 2 with one sentence on stderr when an argument is wrong."""
    parser = argparse.ArgumentParser(prog="arrears.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--invoices", type=int, default=200, help="50 to 100,000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--profile", default="standard", help="a name, then settings: compact,page_limit=20")
    parser.add_argument("--today", type=date.fromisoformat, help="the day of the books, YYYY-MM-DD")
    parser.add_argument("--stop-at-end-of-input", action="store_true", help="stop when standard input ends")
    asked = parser.parse_args()
    try:
        run(**vars(asked))
    except (ValueError, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
