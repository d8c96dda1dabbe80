"""Write what the major languages call each country into `core/data/country_names.txt`.

Run after an update of Babel, whose copy of Unicode's Common Locale Data Repository is read here:
`python -m tools.country_names`. Reading the locales takes time and memory, so it happens here, once, and
not in the program.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from babel import Locale

from arrears.core.country import COUNTRIES, name_key

#: The languages of Europe and the most spoken ones elsewhere. Not all there are: with every further language
#: grows the risk that a town's name (Poole) is a country's (Poland) in one of them.
LANGUAGES = """
    en de fr it es pt nl da sv nb nn fi is fo lb ga gd cy mt eu ca gl et lv lt pl cs sk sl hr bs sr
    sr_Latn mk sq hu ro bg el tr ru uk be hy ka az kk uz ar he fa ur hi bn ta te mr gu pa ml kn si
    ne th lo km my vi id ms fil ja ko zh zh_Hant sw am af zu
"""

TARGET = Path(__file__).parent.parent / "src" / "arrears" / "core" / "data" / "country_names.txt"


def names_by_code() -> dict[str, set[str]]:
    """Compared forms of all names that mean one country only, by alpha-2 code."""
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for identifier in LANGUAGES.split():
        for code, name in Locale.parse(identifier).territories.items():
            meanings[name_key(name)].add(code)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, codes in meanings.items():
        (code, *others) = codes
        # Two or three plain letters are taken for a code; "|" and digits never occur in a name.
        if not others and code in COUNTRIES and not (key.isascii() and len(key) < 4):
            found[code].add(key)
    return found


def main() -> None:
    lines = ["|".join((code, *sorted(names))) for code, names in sorted(names_by_code().items())]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(lines)} countries, {sum(line.count('|') for line in lines)} names")


if __name__ == "__main__":
    main()
