"""One creditor and one partner with something of everything, and everybody who might ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from arrears.accounts.api_keys import make_key
from arrears.accounts.invitations import invite
from arrears.accounts.models import Membership, Organisation, OrganisationKind, User
from arrears.accounts.organisations import make_operator
from arrears.bridge.models import (
    Connection,
    ImportRun,
    PaidElsewhere,
    Submission,
)
from arrears.core.access import Role
from arrears.core.case import Lifecycle, Phase
from arrears.core.payment import Recipient
from arrears.core.quote import AgreementType, Offer, Scenario
from arrears.core.submission import State
from arrears.core.verification import CheckArea
from arrears.core.vetting import VettingItem
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import AgreementVersion, Case, Partner, PriceGrid, Signature
from arrears.desk.money.record_payment import record_payment
from arrears.desk.partners.vet_partner import vet_partner
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.signatures import signing_link
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.request_response import request_response
from arrears.desk.talk.review_complaint import review_complaint
from arrears.desk.talk.send_message import send_message
from tests.desk.builders import (
    NOON,
    OPERATOR,
    a_case,
    a_partner,
    an_organisation,
    creditor_of,
    partner_of,
    sign_everything,
)
from tests.web.conftest import PASSWORD, a_connection
from tests.web.far_world import a_far_case, a_far_run, an_account
from tests.web.policies.kept import a_policy, a_policy_evaluated

TODAY = NOON.date()
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

DOCUMENT_TEXT = b"Twenty-four wardrobes for the Quayside.\n"
_MESSAGE = "They rang us about the wardrobes."
_COMPLAINT = "We asked three times and heard nothing."


@dataclass(frozen=True)
class Person:
    """Somebody with a browser. `kind` is that of the one organisation they belong to."""

    name: str
    kind: OrganisationKind | None
    client: Client


@dataclass
class World:
    """Everything of creditor A and its partner. `ids` are what addresses name, by what the things are."""

    people: dict[str, Person] = field(default_factory=dict)
    #: Creditor A's own people, by their role.
    colleagues: dict[Role, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    needles: set[str] = field(default_factory=set)

    def keep(self, **things: Any) -> None:
        self.ids |= {name: str(thing) for name, thing in things.items()}


def a_world() -> World:
    world = World()
    creditor = an_organisation("Harbour Joinery Ltd", country="GB", email="office@harbour.example")
    agency = a_partner("Oriel Agency", organisation=_of_partner("Oriel Agency"), vat_rate=Decimal(20))
    rival = a_partner("Quay Recovery", organisation=_of_partner("Quay Recovery"))
    other = an_organisation("Brook Traders")
    for one in (creditor, other):
        sign_everything(one)
    _people(world, creditor, agency, other, rival)
    _cases(world, creditor, agency)
    _dealings(world, Case.objects.get(reference=world.ids["active"]))
    _quotes(world, Case.objects.get(reference=world.ids["bidding"]), agency)
    _of_desk(world, creditor, agency)
    _imports(world, creditor)
    _of_others(world, other, rival)
    return world


def _of_partner(name: str) -> Organisation:
    return an_organisation(name, kind=OrganisationKind.PARTNER)


def _people(world: World, mine: Organisation, agency: Partner, other: Organisation, rival: Partner) -> None:
    world.people["stranger"] = Person("stranger", None, Client())
    olive = User.objects.create_user("olive@desk.example", PASSWORD)
    make_operator(olive, NOON)
    _sign_in(world, "operator", OrganisationKind.OPERATOR, olive)
    for name, organisation in (
        ("creditor", mine),
        ("other creditor", other),
        ("partner", agency.organisation),
        ("other partner", rival.organisation),
    ):
        assert organisation is not None
        user = User.objects.create_user(f"{name.replace(' ', '.')}@people.example", PASSWORD)
        Membership.objects.create(organisation=organisation, user=user)
        _sign_in(world, name, OrganisationKind(organisation.kind), user)
    _colleagues(world, mine)


def _sign_in(world: World, name: str, kind: OrganisationKind, user: User) -> None:
    client = Client()
    client.force_login(user, backend=BACKEND)
    world.people[name] = Person(name, kind, client)


def _colleagues(world: World, mine: Organisation) -> None:
    """One of each role, besides the owner who has done everything; and somebody who is asked to join."""
    for role in Role:
        user = User.objects.create_user(f"{role}@harbour.example", PASSWORD)
        member = Membership.objects.create(organisation=mine, user=user, role=role.value)
        client = Client()
        client.force_login(user, backend=BACKEND)
        world.colleagues[role] = Person(role.value, OrganisationKind.CREDITOR, client)
        world.needles.add(user.email)
    issued = invite(mine.pk, "invited@harbour.example", Role.VIEWER, user, NOON)
    world.keep(member=member.pk, invitation=issued.invitation.pk, link=issued.token.get_secret_value())
    world.needles.add("invited@harbour.example")


def _cases(world: World, creditor: Organisation, agency: Partner) -> None:
    """A case for each thing that can be done only while a case stands in one way."""
    states = {
        "active": Lifecycle.ACTIVE,
        "bidding": Lifecycle.ACTIVE,
        "asked": Lifecycle.PENDING_VERIFICATION,
        "waiting": Lifecycle.PENDING_VERIFICATION,
        "checked": Lifecycle.PENDING_CHECK,
        "paused": Lifecycle.PAUSED,
        "closed": Lifecycle.CLOSED,
        "erasable": Lifecycle.CLOSED,
        "withdrawn": Lifecycle.ACTIVE,
    }
    for name, state in states.items():
        case = a_case(
            state,
            creditor=creditor,
            partner=agency,
            debtor_name=f"Quayside {name.title()} Hotels",
            debtor_emails=[f"accounts@{name}.quayside.example"],
            creditor_reference=f"WARDROBES-{name}",
            claim_description="Fitted wardrobes that were not paid.",
            rate=Decimal(10),
            phase=Phase.PRE_LEGAL.value,
            period_start=date(2026, 11, 2),
        )
        case.assignments.create(partner=agency, given_at=case.opened_at)
        world.keep(**{name: case.reference})
        world.needles |= {case.debtor_name, case.reference, case.creditor_reference, *case.debtor_emails}
        world.needles |= {case.claim_description, str(case.public_id)}
        _bring_about(name, case)


def _bring_about(name: str, case: Case) -> None:
    if name == "asked":
        item = (CheckArea.CLAIM, "Which wardrobes?")
        ask_info(partner_of(case), case.public_id, [item], now=NOON, today=TODAY)
    if name == "withdrawn":
        cost = Decimal(50)
        withdraw_case(
            creditor_of(case),
            case.public_id,
            "It is settled.",
            confirmed_cost=cost,
            now=NOON,
            today=TODAY,
        )
    if name == "closed":
        Case.objects.filter(pk=case.pk).update(close_code="Other")
    if name == "erasable":
        long_ago = NOON - timedelta(days=9 * 365)
        Case.objects.filter(pk=case.pk).update(finished_at=long_ago, opened_at=long_ago)


def _dealings(world: World, case: Case) -> None:
    owner = creditor_of(case)
    send_message(owner, case.public_id, _MESSAGE, now=NOON)
    document, _ = attach_document(
        owner, str(case.public_id), "wardrobes.txt", DOCUMENT_TEXT, now=NOON, today=TODAY
    )
    complaint = raise_complaint(
        owner, case.public_id, "Nobody called back", _COMPLAINT, now=NOON, today=TODAY
    )
    asked = raise_complaint(owner, case.public_id, "Nobody wrote either", _COMPLAINT, now=NOON, today=TODAY)
    taken = raise_complaint(owner, case.public_id, "Nobody came", _COMPLAINT, now=NOON, today=TODAY)
    for one in (asked, taken):
        review_complaint(OPERATOR, one.number, now=NOON)
    request_response(OPERATOR, asked.number, now=NOON, today=TODAY)
    payment = record_payment(
        partner_of(case),
        case.public_id,
        paid_on=date(2026, 11, 18),
        amount=Decimal("123.45"),
        recipient=Recipient.PARTNER,
        now=NOON,
        today=TODAY,
    )
    world.keep(
        document=document.public_id,
        complaint=complaint.number,
        complaint_asked=asked.number,
        complaint_taken=taken.number,
        payment=payment.public_id,
    )
    world.needles |= {_MESSAGE, _COMPLAINT, DOCUMENT_TEXT.decode().strip(), "Nobody called back", "£123.45"}
    world.needles |= {complaint.number, asked.number, str(document.public_id), str(payment.public_id)}


def _quotes(world: World, case: Case, agency: Partner) -> None:
    """The case's own partner has offered for the next phase."""
    request = request_quotes(
        creditor_of(case),
        case.public_id,
        phase=Phase.LEGAL,
        text="Sue over the wardrobes.",
        scenario=Scenario.NETWORK,
        now=NOON,
        today=TODAY,
    )
    request.invited.set([agency])
    offer = Offer(AgreementType.FLAT, "GBP", date(2026, 12, 31), flat_fee=Decimal(950), solution="We sue.")
    quote = offer_quote(
        OPERATOR, request.public_id, offer, partner_id=agency.public_id, now=NOON, today=TODAY
    )
    world.keep(request=request.public_id, quote=quote.public_id)
    world.needles |= {"Sue over the wardrobes.", str(request.public_id), str(quote.public_id), "£950"}


def _of_desk(world: World, creditor: Organisation, agency: Partner) -> None:
    grid = PriceGrid.objects.create(
        name="For Harbour alone", creditor=creditor, jurisdiction="ES", since=date(2027, 1, 1)
    )
    grid.brackets.create(zone="europe", from_usd=Decimal(100), points=Decimal(12))
    key, _ = make_key(creditor, "ERP of the joinery", "test", NOON)
    signature = Signature.objects.filter(creditor=creditor).order_by("pk")[0]
    suspended = a_partner("Sleepy Agency", active=False)
    for item in VettingItem:
        vet_partner(
            OPERATOR,
            suspended.public_id,
            item,
            passed=True,
            evidence="Seen.",
            expires_on=date(2027, 11, 20),
            today=TODAY,
        )
    link = signing_link(creditor.pk, "", now=NOON)
    world.keep(
        grid=grid.pk,
        key=key.pk,
        signature=signature.public_id,
        agency=agency.public_id,
        suspended=suspended.public_id,
        uninvited=a_partner("Distant Lawyers", kind="law firm", exclusive=False).public_id,
        creditor=creditor.public_id,
        token=link.rstrip("/").rpartition("/")[2],
        text=AgreementVersion.objects.order_by("pk")[0].pk,
    )
    world.needles |= {"For Harbour alone", "ERP of the joinery", key.start, str(signature.public_id)}


def _imports(world: World, creditor: Organisation) -> None:
    connection = a_connection(creditor, company_name="Harbour Books", username="books@harbour.example")
    world.keep(connection=connection.pk)
    for name, stage, state in (
        ("run_open", ImportRun.Stage.SUBMITTING, State.PLANNED),
        ("run_stopped", ImportRun.Stage.FAILED, State.FLAGGED),
        ("run_waiting", ImportRun.Stage.AWAITING, State.PLANNED),
        ("run_review", ImportRun.Stage.SUBMITTING, State.REVIEW),
    ):
        run, row = a_run(connection, stage, state, f"HARBOUR-{name}")
        world.keep(**{name: run.pk, f"{name}_row": row.pk})
        world.needles.add(row.reference)
    ImportRun.objects.filter(pk=world.ids["run_waiting"]).update(needs_second_person=True)
    world.needles |= {"Harbour Books", "books@harbour.example"}
    _policies(world, connection)
    _elsewhere(world, connection)


def _policies(world: World, connection: Connection) -> None:
    """A policy that is on with an evaluation, and one that is paused."""
    policy, evaluation = a_policy_evaluated(connection, NOON, "HARBOUR-71", name="Harbour after sixty days")
    paused = a_policy(connection, NOON, name="Harbour paused", paused_at=NOON, next_at=None)
    world.keep(policy=policy.pk, policy_paused=paused.pk, evaluation=evaluation.pk)
    world.needles |= {policy.name, paused.name, "HARBOUR-71"}


def _elsewhere(world: World, connection: Connection) -> None:
    """An account with a collector elsewhere, a case there, and money that it does not know of."""
    account = an_account(connection.organisation, test=True, company_name="Harbour at Debitura")
    case = a_far_case(account, debtor_name="Quayside Abroad", reference="FARCASE1")
    row = a_far_run(connection, account, reference="HARBOUR-FAR", identity="HARBOUR-FAR")
    paid = PaidElsewhere.objects.create(
        submission=row,
        amount=Decimal(120),
        in_books=Decimal(120),
        currency="EUR",
        seen_at=NOON,
        report_by=TODAY,
    )
    world.keep(account=account.pk, far_id=case.id, paid=paid.pk)
    world.needles |= {"Harbour at Debitura", "Quayside Abroad", "FARCASE1"}


def a_run(
    connection: Connection, stage: ImportRun.Stage, state: State, reference: str
) -> tuple[ImportRun, Submission]:
    run = ImportRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        company_name=connection.company_name,
        form_id=uuid4(),
        stage=stage,
        started_at=NOON,
    )
    row = run.submissions.create(
        organisation=connection.organisation,
        source="kashflow",
        account=connection.account,
        invoice_ids=[f"7{reference}"],
        invoice_numbers=[reference],
        identity=reference,
        reference=reference,
        state=state,
        created_at=NOON,
        changed_at=NOON,
    )
    return run, row


def _of_others(world: World, other: Organisation, rival: Partner) -> None:
    """What the strangers have of their own, so that it can be tried as a way to what is A's."""
    theirs = a_case(creditor=other, debtor_name="Brook Debtor", rate=Decimal(10))
    worked = a_case(creditor=other, partner=rival, debtor_name="Quay Debtor", rate=Decimal(10))
    run, row = a_run(
        a_connection(other, account="account-2"), ImportRun.Stage.SUBMITTING, State.REVIEW, "BROOK-1"
    )
    world.keep(other_case=theirs.reference, rival_case=worked.reference, other_run=run.pk, other_row=row.pk)
