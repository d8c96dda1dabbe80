"""Where the desk works, with whom, and what has to be signed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest
from ninja import Router

from arrears.core.claim import AgeBuckets
from arrears.core.country import JURISDICTIONS, country_name, jurisdiction
from arrears.core.debtor import DebtorType
from arrears.core.fx import ECB, usd_value
from arrears.core.handover import Handover
from arrears.core.money import LARGEST_AMOUNT, Money, is_currency
from arrears.core.wording import usd_text
from arrears.desk.api import wire_account as wire
from arrears.desk.api.asked_cases import place_asked
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import ErrorAnswer, FieldErrors, not_there
from arrears.desk.api.labels import JURISDICTION_BY_NUMBER, debtor_type_of, place_name, place_number
from arrears.desk.api.links import SigningAsked, agreement_url, signing_url
from arrears.desk.models import AgreementKind, CoverageRule, Partner
from arrears.desk.network import choose
from arrears.desk.signatures import Signatures, Status

router = Router(tags=["Coverage"], by_alias=True)

_NO_PARTNER = "No partner takes such a case without quotes."


@router.get(
    "/contracts/debt-collection/status",
    response=wire.ContractStatusShown,
    operation_id="readAgreementStatus",
    summary="How your collection agreement stands",
    tags=["Contracts"],
)
def agreement_status(request: HttpRequest) -> wire.ContractStatusShown:
    who = caller(request)
    return _contract(who, Signatures(who.creditor.pk, who.today).status(AgreementKind.STANDARD))


@router.get(
    "/coverage",
    response=list[wire.CoverageItem],
    operation_id="listCoverage",
    summary="Every jurisdiction, with the partners that take cases there",
)
def coverage(request: HttpRequest) -> list[wire.CoverageItem]:
    return _items(caller(request), JURISDICTIONS)


@router.post(
    "/coverage/check-eligibility",
    response={200: wire.EligibilityShown, 400: ErrorAnswer},
    operation_id="checkEligibility",
    summary="Whether a partner would take such a case; the collection agreement is not looked at",
)
def check_eligibility(request: HttpRequest, asked: wire.EligibilityAsked) -> wire.EligibilityShown:
    who = caller(request)
    handover = _handover(asked)
    code = jurisdiction(handover.country, handover.state)
    route = choose(handover, who.creditor.pk)
    partner = Partner.objects.filter(pk=int(route.partner)).first() if route.partner else None
    status = None
    if partner is not None:
        poa = Signatures(who.creditor.pk, who.today).status(AgreementKind.POWER_OF_ATTORNEY, partner.pk)
        status = _contract(who, poa, partner.pk, code)
    return wire.EligibilityShown(
        is_eligible=partner is not None,
        jurisdiction=wire.JurisdictionInfo(
            id=place_number(code),
            name=place_name(code),
            country=country_name(handover.country),
            country_alpha_2=handover.country,
            us_state_alpha_2=handover.state or None if handover.country == "US" else None,
        ),
        partner=wire.PartnerInfo(id=partner.public_id, name=partner.name) if partner else None,
        power_of_attorney_status=status,
        error_message=None if partner else f"{_NO_PARTNER} {route.reason}",
    )


# After the address above, which it would take for an id.
@router.get(
    "/coverage/{piece:id}",
    response={200: wire.CoverageItem, 404: ErrorAnswer},
    operation_id="readCoverage",
    summary="One jurisdiction",
)
def one_jurisdiction(request: HttpRequest, id: int) -> wire.CoverageItem:  # noqa: A002 - as in the contract
    code = JURISDICTION_BY_NUMBER.get(id)
    if code is None:
        raise not_there("jurisdiction")
    return _items(caller(request), [code])[0]


def _items(who: Caller, codes: Sequence[str]) -> list[wire.CoverageItem]:
    rules = CoverageRule.objects.filter(partner__active=True, partner__exclusive=True)
    if len(codes) == 1:
        rules = rules.filter(jurisdiction=codes[0])
    by_code: dict[str, list[CoverageRule]] = defaultdict(list)
    for rule in rules.select_related("partner").order_by("priority", "partner__name"):
        by_code[rule.jurisdiction].append(rule)
    signatures = Signatures(who.creditor.pk, who.today)
    return [_item(who, code, by_code[code], signatures) for code in codes]


def _item(who: Caller, code: str, rules: list[CoverageRule], signatures: Signatures) -> wire.CoverageItem:
    country, _, state = code.partition("-")
    return wire.CoverageItem(
        jurisdiction=place_name(code),
        jurisdiction_id=place_number(code),
        country=country_name(country),
        country_id=place_number(country),
        country_alpha_2=country,
        us_state_alpha_2=state or None,
        partners=[_covering(who, code, rule, signatures) for rule in rules],
    )


def _covering(who: Caller, code: str, rule: CoverageRule, signatures: Signatures) -> wire.PartnerCoverage:
    status = signatures.status(AgreementKind.POWER_OF_ATTORNEY, rule.partner_id)
    told = _contract(who, status, rule.partner_id, code)
    return wire.PartnerCoverage(
        partner_id=rule.partner.public_id,
        partner_name=rule.partner.name,
        conditions=_conditions(rule),
        signed=told.signed,
        terms_url=told.terms_url,
        solution_url=told.solution_url,
        requires_resigning=told.requires_resigning,
        invalidation_reason=told.invalidation_reason,
    )


def _contract(
    who: Caller, status: Status, partner: int | None = None, code: str = ""
) -> wire.ContractStatusShown:
    link = None if status.valid else signing_url(SigningAsked(who.creditor.pk, partner, code))
    return wire.ContractStatusShown(
        signed=status.signed,
        requires_resigning=status.requires_resigning,
        invalidation_reason=status.reason.value,
        terms_url=agreement_url(who.creditor.pk, status.signature) if status.signature else None,
        solution_url=link,
    )


def _conditions(rule: CoverageRule) -> str:
    """As in `B2C cases in EUR from $1,000`."""
    kind = {DebtorType.COMPANY.value: "B2B", DebtorType.PRIVATE.value: "B2C"}.get(rule.debtor_type, "")
    limits = [
        f"in {rule.currency}" if rule.currency else "",
        f"from {usd_text(rule.minimum_usd)}" if rule.minimum_usd else "",
        f"below {usd_text(rule.maximum_usd)}" if rule.maximum_usd else "",
    ]
    found = " ".join(filter(None, limits))
    if not found:
        return f"{kind} cases only" if kind else "All cases"
    return f"{kind} cases {found}" if kind else f"Cases {found}"


def _handover(asked: wire.EligibilityAsked) -> Handover:
    errors: dict[str, list[str]] = {}
    country, state = place_asked(asked.country_alpha_2, asked.state_alpha_2, errors)
    debtor_type = debtor_type_of(asked.debtor_type)
    if debtor_type is None:
        errors["debtorType"] = ["The type of debtor must be Company or Private."]
    currency = (asked.currency_code or "").strip().upper()
    if not is_currency(currency):
        errors["currencyCode"] = ["The currency must be a code of ISO 4217, such as GBP."]
    amount = asked.amount or Decimal(0)
    if not Decimal("0.01") <= amount < LARGEST_AMOUNT:
        errors["amount"] = [f"The amount must be from 0.01 to less than {LARGEST_AMOUNT:,f}."]
    if errors or debtor_type is None:
        raise FieldErrors(errors)
    principal = Money(amount, currency)
    nothing = Decimal(0)
    return Handover(
        debtor_name="",
        debtor_type=debtor_type,
        country=country,
        state=state,
        principal=principal,
        usd=usd_value(principal, ECB),
        aged=AgeBuckets(nothing, nothing, nothing),
    )
