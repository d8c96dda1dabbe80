"""The table in which price lists are written to a file and read from one: a row for each bracket."""

from __future__ import annotations

from arrears.core.pricing import PriceSource

#: `scope` says whose list it is and `of` which one's: a creditor's public id, a partner's name, a
#: jurisdiction. Rows of one scope and one `since` make one price list.
COLUMNS = (
    "name",
    "scope",
    "of",
    "since",
    "zone",
    "from_usd",
    "points",
    "over_6_months",
    "over_12_months",
    "over_24_months",
)

SCOPES = {
    "standard": PriceSource.STANDARD,
    "creditor": PriceSource.CREDITOR,
    "partner": PriceSource.PARTNER,
    "jurisdiction": PriceSource.JURISDICTION,
}
