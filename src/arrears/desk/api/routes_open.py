"""Opening cases, and asking beforehand what would become of one."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router
from typing_extensions import Annotated  # noqa: UP035

from arrears.core.case import Lifecycle
from arrears.core.country import jurisdiction
from arrears.core.handover import Handover
from arrears.core.pricing import Estimate
from arrears.desk.api import wire_cases as wire
from arrears.desk.api.asked_cases import (
    FIELD_NAMES,
    handover_asked,
    handover_previewed,
    return_url_asked,
)
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import BusinessError, ErrorAnswer, Failure, FieldErrors, json_answer
from arrears.desk.api.idempotency import once
from arrears.desk.api.labels import place_name, place_number
from arrears.desk.api.links import SigningAsked, signing_url
from arrears.desk.api.people import member
from arrears.desk.api.show_cases import show_case, shown_with
from arrears.desk.api.wire_values import points_number
from arrears.desk.assess import Assessment
from arrears.desk.cases.open_case import open_case
from arrears.desk.cases.preview_case import preview_case
from arrears.desk.models import Case, Partner
from arrears.desk.opening import TO_BE_SIGNED, Obstacle, ObstacleCode, Opening, Options
from arrears.ports import Answer

#: One for all cases, because an address belongs to one router alone.
router = Router(tags=["Cases"], by_alias=True)

_IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key")]

#: What makes a case impossible, whoever signs what.
_NOT_ELIGIBLE = frozenset({ObstacleCode.NO_PARTNER, ObstacleCode.BLOCKED})


@router.post(
    "/cases",
    response={200: wire.CaseShown, 400: ErrorAnswer, 422: ErrorAnswer},
    operation_id="openCase",
    summary="Open a case",
)
def open_one(
    request: HttpRequest, asked: wire.CaseAsked, idempotency_key: _IdempotencyKey = None
) -> HttpResponse:
    who = caller(request)
    try:
        return once(request, who, "POST /cases", lambda: _opened(who, asked, idempotency_key or ""))
    except Failure as failure:
        failure.legacy = failure.status != 422
        raise


def _opened(who: Caller, asked: wire.CaseAsked, key: str) -> HttpResponse:
    handover = handover_asked(asked, who.today)
    options = options_asked(who, asked, key)
    opening = open_case(who.creditor, handover, options, today=who.today, now=who.now)
    if opening.answer is not Answer.OPENED or opening.case is None:
        raise _refusal(signable(who, handover, options, opening))
    shown = show_case(shown_with(Case.objects.all()).get(pk=opening.case.pk))
    if opening.case.lifecycle == Lifecycle.PENDING_SIGNING:
        place = jurisdiction(opening.case.debtor_country, opening.case.debtor_state)
        link = signing_url(SigningAsked(who.creditor.pk, opening.case.partner_id, place, options.return_url))
        shown.solution_url = link
        shown.signing_handoff = wire.SigningHandoff(combined_signing_url=link)
    return json_answer(200, shown.model_dump(by_alias=True))


def options_asked(who: Caller, asked: wire.CaseAsked, key: str) -> Options:
    """How a case is to be opened. Raises Failure."""
    email = (asked.assigned_user_email or "").strip()
    if email:
        user = member(who.creditor, email=email)
        if user is None:
            raise Failure(
                422, "InvalidUserEmail", "Nobody in your team has this e-mail address.", legacy=False
            )
        email = user.email
    return Options(
        reference=(asked.creditor_reference or "").strip(),
        key=key,
        explicit_partner=asked.collection_partner_id,
        division=asked.creditor_division_id,
        allow_pending=bool(asked.allow_pending_contracts),
        require_partner=True,
        skip_check=bool(asked.skip_debitura_verification),
        is_test=bool(asked.is_test),
        tag=(asked.tag or "").strip(),
        assigned_email=email,
        return_url=return_url_asked(asked.return_url),
        by=who.creditor.name,
    )


def signable(who: Caller, handover: Handover, options: Options, opening: Opening) -> tuple[Obstacle, ...]:
    """What is in the way, with an address to sign at that outlives the refusal.

    The one that opening makes is kept in a table, and is taken back with everything else that was written.
    """
    if not any(one.solution_url for one in opening.problems):
        return opening.problems
    found = preview_case(who.creditor, handover, explicit_partner=options.explicit_partner, today=who.today)
    asked = SigningAsked(who.creditor.pk, found.partner, found.jurisdiction, options.return_url)
    link = signing_url(asked)
    return tuple(replace(one, solution_url=link) if one.solution_url else one for one in opening.problems)


def _refusal(problems: tuple[Obstacle, ...]) -> Failure | FieldErrors:
    """Why there is no case: fields first, since those can be mended at once."""
    fields: dict[str, list[str]] = {}
    for obstacle in problems:
        if obstacle.code is ObstacleCode.INVALID_FIELD:
            fields.setdefault(field_name(obstacle), []).append(obstacle.message)
    if fields:
        return FieldErrors(fields)
    errors = [
        BusinessError(type=one.code.value, message=one.message, solution_url=one.solution_url or None)
        for one in problems
    ]
    link = next((one.solution_url for one in problems if one.solution_url), None)
    more = {"signingHandoff": {"combinedSigningUrl": link}} if link else {}
    first = errors[0]
    return Failure(
        422, first.type, first.message, first.solution_url, others=errors[1:], more=more, legacy=False
    )


def field_name(obstacle: Obstacle) -> str:
    """Where in a request what is wrong stands."""
    return FIELD_NAMES.get(obstacle.field, obstacle.field)


@router.post(
    "/cases/preview",
    response={200: wire.PreviewShown, 400: ErrorAnswer},
    operation_id="previewCase",
    summary="Say what would become of a case",
)
def preview(request: HttpRequest, asked: wire.PreviewAsked) -> wire.PreviewShown:
    who = caller(request)
    handover = handover_previewed(asked, who.today)
    found = preview_case(who.creditor, handover, today=who.today)
    if found.problems:
        raise _refusal(found.problems)
    hard = [obstacle.message for obstacle in found.obstacles if obstacle.code in _NOT_ELIGIBLE]
    actions = _actions(who, found, return_url_asked(asked.return_url))
    result = wire.PreviewResult(
        is_eligible=not hard,
        ineligibility_reason=" ".join(hard) or None,
        partner_assignment=_assignment(found),
        required_actions=actions,
        jurisdiction=_jurisdiction(found.jurisdiction),
        pricing_preview=_pricing(found.price),
        signing_handoff=wire.SigningHandoff(combined_signing_url=actions[0].solution_url)
        if actions
        else None,
    )
    return wire.PreviewShown(result=result)


def _actions(who: Caller, found: Assessment, return_url: str) -> list[wire.RequiredAction]:
    link = signing_url(SigningAsked(who.creditor.pk, found.partner, found.jurisdiction, return_url))
    return [
        wire.RequiredAction(
            type=obstacle.code.value, message=obstacle.message, solution_url=link, is_blocking=True
        )
        for obstacle in found.obstacles
        if obstacle.code in TO_BE_SIGNED
    ]


def _assignment(found: Assessment) -> wire.PartnerAssignment | None:
    partner = Partner.objects.filter(pk=found.partner).first() if found.partner else None
    if partner is None:
        return None
    return wire.PartnerAssignment(
        collection_partner_id=partner.public_id,
        partner_name=partner.name,
        partner_country=partner.country or None,
    )


def _jurisdiction(code: str) -> wire.Jurisdiction:
    country, _, state = code.partition("-")
    return wire.Jurisdiction(
        id=place_number(code), name=place_name(code), country_alpha_2=country, state_alpha_2=state or None
    )


def _pricing(price: Estimate | None) -> wire.PricingPreview | None:
    if price is None:
        return None
    return wire.PricingPreview(
        base_success_fee_percentage=points_number(price.rate - price.uplift),
        age_surcharge_percentage=points_number(price.uplift),
        total_success_fee_percentage=points_number(price.rate),
        currency_code=price.principal.currency,
        pricing_source=price.label.value,
        pricing_source_description=" ".join(price.steps) or price.source,
    )
