"""What the desk makes of a claim, before anything is written: the step that preview and opening share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from arrears.accounts.models import Organisation
from arrears.core.claim_problems import debtor_problems
from arrears.core.country import jurisdiction
from arrears.core.handover import LONGEST_TEXT, Handover
from arrears.core.money import LARGEST_AMOUNT, Money, exponent, is_currency
from arrears.core.pricing import Estimate
from arrears.core.routing import Route, jurisdiction_name
from arrears.core.verification import date_problems
from arrears.desk.models import AgreementKind, Partner
from arrears.desk.network import choose
from arrears.desk.opening import Obstacle, ObstacleCode
from arrears.desk.price_lists import price
from arrears.desk.signatures import Needed, missing
from arrears.desk.stamps import Stamps, stamps_of


@dataclass(frozen=True, slots=True)
class Assessment:
    """Either `problems` of fields and no route; or a route, and a price where a partner was found.

    `obstacles` are what else stands in the way: a blocked creditor, contracts not signed, no partner.
    Whether they stop a case depends on how it is opened. `needed` are the contracts behind them.
    """

    problems: tuple[Obstacle, ...]
    route: Route
    price: Estimate | None = None
    obstacles: tuple[Obstacle, ...] = ()
    needed: tuple[Needed, ...] = ()
    jurisdiction: str = ""

    @property
    def partner(self) -> int | None:
        """The chosen partner's id."""
        return int(self.route.partner) if self.route.partner else None


def assess(
    creditor: Organisation,
    handover: Handover,
    *,
    explicit_partner: UUID | None = None,
    today: date,
    stamps: Stamps | None = None,
) -> Assessment:
    """Check what is handed over, choose the partner and work out the price. Writes nothing.

    Without a partner there is no price either: the price will come with the quotes. While nothing changes
    that decides, this is one query, and one more where partners take only so many cases.
    """
    explicit = Partner.objects.filter(public_id=explicit_partner).first() if explicit_partner else None
    problems = tuple(_problems(handover, today))
    if explicit_partner and explicit is None:
        text = "There is no such partner. Choose one that covers the debtor's country, or none."
        problems = (*problems, _field("explicit_partner", text))
    if problems:
        return Assessment(problems, Route(None, "", "The claim cannot be taken as it is."))
    place = jurisdiction(handover.country, handover.state)
    stamps = stamps or stamps_of(creditor.pk)
    route = choose(handover, creditor.pk, explicit=explicit, stamps=stamps)
    if explicit and not route.partner:
        return Assessment(
            (_field("explicit_partner", f"{route.reason} Choose another partner, or none."),), route
        )
    partner = int(route.partner) if route.partner else None
    needed = tuple(one for one in missing(creditor.pk, partner, place, today, stamps) if one.blocking)
    return Assessment(
        problems=(),
        route=route,
        price=price_of(handover, creditor.pk, partner, today, stamps),
        obstacles=(*_blocked(creditor), *unsigned(needed, route.partner_name), *_no_partner(route)),
        needed=needed,
        jurisdiction=place,
    )


def price_of(
    handover: Handover, creditor_id: int, partner_id: int | None, today: date, stamps: Stamps | None = None
) -> Estimate | None:
    """The price with a partner; without one there is none yet."""
    if partner_id is None:
        return None
    place = jurisdiction(handover.country, handover.state)
    return price(
        handover,
        creditor_id=creditor_id,
        partner_id=partner_id,
        jurisdiction=place,
        today=today,
        stamps=stamps,
    )


def _problems(handover: Handover, today: date) -> Iterator[Obstacle]:
    """The desk checks again what the creditor's side has checked: it answers for what it opens."""
    for wrong in debtor_problems(handover.debtor_name, handover.country, handover.state):
        yield _field(wrong.field, wrong.sentence)
    yield from _amount_problems(handover.principal)
    for problem in date_problems(handover.issued, handover.due, today):
        if problem.field:
            yield _field(problem.field, problem.sentence)
    for name, text in (("description", handover.description), ("comments", handover.comments)):
        if len(text) > LONGEST_TEXT:
            yield _field(name, f"The {name} is longer than {LONGEST_TEXT:,} characters. Shorten it.")


def _amount_problems(principal: Money) -> Iterator[Obstacle]:
    if not is_currency(principal.currency):
        text = f"The currency “{principal.currency}” is not known. Use an ISO 4217 code such as GBP."
        yield _field("currency", text)
    elif principal.amount <= Decimal(0):
        yield _field("principal", "Nothing is owed. Say how much there is to recover.")
    elif principal.amount >= LARGEST_AMOUNT:
        text = "The claim is larger than any real one. Check what is owed on its invoices."
        yield _field("principal", text)
    elif principal.rounded() != principal:
        places = exponent(principal.currency)
        text = f"The amount has more decimal places than the {places} of {principal.currency}."
        yield _field("principal", text)


def _field(name: str, message: str) -> Obstacle:
    return Obstacle(ObstacleCode.INVALID_FIELD, message, field=name)


def _blocked(creditor: Organisation) -> Iterator[Obstacle]:
    if creditor.blocked_because:
        text = f"The account is blocked and opens no cases: {creditor.blocked_because.rstrip('.')}."
        yield Obstacle(ObstacleCode.BLOCKED, f"{text} Contact who runs the desk.")


def unsigned(needed: tuple[Needed, ...], partner_name: str) -> Iterator[Obstacle]:
    """What still has to be signed for a case with this partner."""
    for one in needed:
        is_main = one.kind is AgreementKind.STANDARD
        code = ObstacleCode.MISSING_CONTRACT if is_main else ObstacleCode.MISSING_POWER_OF_ATTORNEY
        place = f" for {jurisdiction_name(one.jurisdiction)}" if one.jurisdiction else ""
        whom = f" for {partner_name}" if one.partner else ""
        yield Obstacle(
            code, f"Not signed yet: {one.kind.label}{whom}{place}. The case starts once it is signed."
        )


def _no_partner(route: Route) -> Iterator[Obstacle]:
    if not route.partner:
        yield Obstacle(ObstacleCode.NO_PARTNER, f"No partner takes this case. {route.reason}")
