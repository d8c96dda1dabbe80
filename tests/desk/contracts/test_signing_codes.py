"""The code that proves who reads a mailbox: where it goes, how often, and how long it works."""

from __future__ import annotations

import pytest
from django.core import mail
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.desk.actors import Refused
from arrears.desk.contracts.read_signing import read_signing
from arrears.desk.contracts.send_signing_code import send_signing_code
from arrears.desk.models import Signature, SigningRequest
from arrears.desk.signing import addresses_of
from arrears.ports import TryAgainLater
from tests.desk.builders import NOON
from tests.desk.contracts.conftest import TODAY, Signer, a_creditor

pytestmark = pytest.mark.django_db


def test_a_code_goes_to_a_members_address_and_the_organisations_own(signer: Signer) -> None:
    Organisation.objects.filter(pk=signer.creditor.pk).update(email="office@acme.example")
    signer.gets_a_link()

    offered = read_signing(signer.token, now=NOON, today=TODAY).addresses

    assert list(offered.values()) == ["d•••@acme.example", "o•••@acme.example"]
    assert "director" not in str(offered)
    signer.asks_for_a_code(list(offered)[1])
    assert mail.outbox[-1].to == ["office@acme.example"]


def test_a_code_goes_to_nobody_else(signer: Signer) -> None:
    stranger = a_creditor("Mallory", "mallory@elsewhere.example")
    theirs = Signer(stranger).gets_a_link()
    foreign = next(iter(addresses_of(SigningRequest.objects.get())))
    signer.gets_a_link()

    for choice in (foreign, "mallory@elsewhere.example", "director@acme.example", ""):
        with pytest.raises(Refused):
            send_signing_code(signer.token, choice, now=NOON)
    assert mail.outbox == []
    assert theirs.token != signer.token


def test_five_codes_an_hour_are_the_most_for_one_link(signer: Signer) -> None:
    signer.gets_a_link()
    for _ in range(5):
        signer.asks_for_a_code()

    with pytest.raises(Refused, match="Too many codes"):
        signer.asks_for_a_code()
    signer.waits(hours=1)
    assert signer.asks_for_a_code()


def test_twenty_codes_an_hour_are_the_most_for_all_links_of_a_creditor(signer: Signer) -> None:
    for number in range(20):
        if number % 5 == 0:
            signer.gets_a_link()
        signer.asks_for_a_code()
    signer.gets_a_link()

    with pytest.raises(Refused, match="Too many codes"):
        signer.asks_for_a_code()


def test_a_code_works_for_ten_minutes(signer: Signer) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()
    signer.waits(minutes=10, seconds=1)

    with pytest.raises(Refused, match="too old"):
        signer.signs(code=code)
    signer.waits(seconds=-1)
    assert signer.signs(code=code).signatures


def test_after_five_wrong_guesses_even_the_right_code_is_refused(signer: Signer) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _ in range(5):
        with pytest.raises(Refused, match="not the code"):
            signer.signs(code=wrong)
    with pytest.raises(Refused, match="too often"):
        signer.signs(code=code)
    assert Signature.objects.count() == 0
    assert signer.signs(code=signer.asks_for_a_code()).signatures


def test_a_new_code_replaces_the_one_before(signer: Signer) -> None:
    signer.gets_a_link().reads()
    first, second = signer.asks_for_a_code(), signer.asks_for_a_code()

    if first != second:
        with pytest.raises(Refused):
            signer.signs(code=first)
    assert signer.signs(code=f" {second[:3]} {second[3:]} ").signatures


def test_without_a_code_nothing_is_signed(signer: Signer) -> None:
    signer.gets_a_link().reads()

    with pytest.raises(Refused, match="No code"):
        signer.signs(code="")


def test_a_mail_server_that_takes_nothing_is_told(signer: Signer, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    signer.gets_a_link()

    with pytest.raises(TryAgainLater, match="mail server"):
        signer.asks_for_a_code()
