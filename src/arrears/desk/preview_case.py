"""Say what would happen to a claim, without opening anything."""

from __future__ import annotations

from datetime import date

from arrears.core.claim import Claim
from arrears.desk.assess import assess
from arrears.desk.models import PriceSource
from arrears.desk.network import network
from arrears.ports import Offer


def preview_case(claim: Claim, today: date) -> Offer:
    """The partner, the reason and the price that opening a case today would freeze."""
    assessment = assess(claim, network(), today)
    price = assessment.price
    return Offer(
        accepted=not assessment.problems,
        partner=assessment.route.partner_name,
        reason=assessment.route.reason,
        rate=price.rate if price else None,
        price_source=PriceSource.STANDARD.value if price else "",
        required=assessment.problems,
    )
