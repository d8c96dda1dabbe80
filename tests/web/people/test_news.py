"""What people hear by e-mail: at once what they asked for, the rest in the morning, everything once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from arrears.accounts.models import Membership, NoticeChoice, OutgoingMail, User
from arrears.accounts.notices import choice_of
from arrears.bridge.models import ConnectionState, ImportRun
from arrears.bridge.send_mails import send_mails
from arrears.bridge.tell_news import tell_news
from arrears.core.access import Role
from arrears.core.notice import NoticeKind
from arrears.desk.models import Case
from arrears.desk.talk.send_message import send_message
from tests.desk.builders import a_case, creditor_of, partner_of
from tests.web.conftest import Site, an_organisation


@pytest.fixture
def case(site: Site) -> Case:
    tell_news()  # from now on there is news
    return a_case(creditor=site.organisation)


def letters() -> list[str]:
    """Whom e-mails were sent to, with their subjects, and none of them twice."""
    send_mails()
    sent = [f"{one.to[0]}: {one.subject}" for one in mail.outbox]
    mail.outbox.clear()
    return sorted(sent)


def member(site: Site, email: str, role: Role) -> Membership:
    user = User.objects.create_user(email, "a long enough sentence")
    return Membership.objects.create(organisation=site.organisation, user=user, role=role.value)


def a_message(site: Site, case: Case) -> None:
    site.clock.advance(timedelta(minutes=5))
    send_message(partner_of(case), case.public_id, "We have rung them.", now=site.clock.now())


def a_waiting_run(site: Site) -> ImportRun:
    return ImportRun.objects.create(
        organisation=site.organisation,
        connection=site.connection,
        form_id=uuid4(),
        stage=ImportRun.Stage.AWAITING,
        waits_because="More than the limit of £10,000.00.",
        started_at=site.clock.now(),
    )


def test_a_message_waits_for_the_digest_and_is_told_once(site: Site, case: Case) -> None:
    a_message(site, case)
    tell_news()
    assert letters() == []
    site.clock.advance(timedelta(days=1))
    tell_news()
    tell_news()
    assert letters() == [
        f"owner@pennine.example: Pennine Fasteners: A message came in on case {case.reference}."
    ]
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert letters() == []


def test_what_somebody_asked_for_comes_at_once_and_not_again(site: Site, case: Case) -> None:
    NoticeChoice.objects.update(at_once=[NoticeKind.MESSAGE.value])
    a_message(site, case)
    tell_news()
    tell_news()
    assert len(letters()) == 1
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert letters() == []


def test_who_wants_no_digest_gets_none(site: Site, case: Case) -> None:
    NoticeChoice.objects.update(digest=NoticeChoice.Every.NEVER, at_once=[])
    a_message(site, case)
    site.clock.advance(timedelta(days=8))
    tell_news()
    assert letters() == []


def test_what_the_creditor_did_itself_is_no_news(site: Site, case: Case) -> None:
    site.clock.advance(timedelta(minutes=5))
    send_message(creditor_of(case), case.public_id, "Please hurry.", now=site.clock.now())
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert not any("message" in one for one in letters())


def test_a_waiting_import_is_told_at_once_to_those_who_can_let_it_go_ahead(site: Site) -> None:
    for role in (Role.FINANCE, Role.APPROVER, Role.VIEWER):
        member(site, f"{role.value}@pennine.example", role)
    tell_news()
    a_waiting_run(site)
    tell_news()
    tell_news()
    assert [one.split(":")[0] for one in letters()] == [
        "approver@pennine.example",
        "finance@pennine.example",
        "owner@pennine.example",
    ]


def test_a_connection_that_needs_attention_is_told_once_a_day_while_it_does(site: Site) -> None:
    tell_news()
    site.connection.state = ConnectionState.NEEDS_ATTENTION
    site.connection.save()
    for _ in range(3):
        site.clock.advance(timedelta(minutes=1))
        tell_news()
    assert letters() == ["owner@pennine.example: Pennine Fasteners: Pennine Fasteners Ltd needs attention."]


def test_news_of_one_organisation_never_reaches_another(site: Site, case: Case) -> None:
    other = User.objects.create_user("other@quarry.example", "a long enough sentence")
    an_organisation("Quarry Ltd", other)
    tell_news()
    a_message(site, case)
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert not any(one.startswith("other@") for one in letters())


def test_who_comes_later_does_not_hear_of_the_past(site: Site, case: Case) -> None:
    a_message(site, case)
    site.clock.advance(timedelta(hours=1))
    newcomer = member(site, "new@pennine.example", Role.VIEWER)
    choice_of(newcomer, site.clock.now())
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert not any(one.startswith("new@") for one in letters())


def test_somebody_who_was_removed_hears_nothing_more(site: Site, case: Case) -> None:
    leaving = member(site, "leaving@pennine.example", Role.VIEWER)
    tell_news()
    a_message(site, case)
    leaving.delete()
    site.clock.advance(timedelta(days=1))
    tell_news()
    assert not any(one.startswith("leaving@") for one in letters())


def test_no_email_names_a_debtor(site: Site, case: Case) -> None:
    NoticeChoice.objects.update(at_once=[kind.value for kind in NoticeKind])
    a_message(site, case)
    tell_news()
    texts = OutgoingMail.objects.values_list("text", flat=True)
    assert texts
    assert not any(case.debtor_name in text for text in texts)
