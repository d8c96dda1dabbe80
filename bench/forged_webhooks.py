"""How many forged webhooks are taken for genuine ones. The answer has to be none.

    python -m bench.forged_webhooks [--count 1000000] [--seed 1]

Every forgery is made of a genuine notice by one of some twenty kinds of change, such as another secret, a
digest cut short, a capital, one bit of the body, or a moment long past. What is asked is what our door asks
before anything is written down. Prints how many of each kind were tried and taken, and how long it took.
Ends with 1 if any was taken, or if the genuine notice was not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from pydantic import SecretStr

from arrears.connectors.debitura.webhooks import read_event
from arrears.core.webhook_signature import sign
from tests.faults.forgeries import NOW, SECRET, Forged, a_body, forgeries, out_of_time

#: So many of a thousand are genuine but from another time.
_OUT_OF_TIME = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    secrets = (SecretStr(SECRET),)
    tried: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    began = time.perf_counter()
    for forged in islice(_mixed(asked.seed), asked.count):
        tried[forged.kind] += 1
        taken[forged.kind] += read_event(forged.header, forged.body, secrets, NOW) is not None
    seconds = time.perf_counter() - began
    for kind, count in sorted(tried.items()):
        print(f"{count:>9,}  {taken[kind]:>3} taken  {kind}")
    genuine = read_event(sign(SECRET, a_body(), NOW), a_body(), secrets, NOW) is not None
    print(f"{tried.total():>9,} tried, {taken.total()} taken, in {seconds:.1f} s")
    print(f"a genuine one is {'taken' if genuine else 'NOT taken'}")
    return 0 if genuine and not taken.total() else 1


def _mixed(seed: int) -> Iterator[Forged]:
    made, late = forgeries(seed), out_of_time(seed)
    return chain.from_iterable(
        chain(islice(made, 1000 - _OUT_OF_TIME), islice(late, _OUT_OF_TIME)) for _ in iter(int, 1)
    )


if __name__ == "__main__":
    sys.exit(main())
