"""Guesses at a password are few, and never lock out the person whose account it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from arrears.accounts.models import AuditEntry, Membership, Organisation, User
from tests.fakes import FakeAdapters
from tests.web.conftest import PASSWORD, Site, an_organisation

LOGIN = "/accounts/login/"


def guess(email: str, password: str, address: str, client: Client | None = None) -> str:
    """What came of it: `in`, `wrong` or `refused`."""
    answer = (client or Client()).post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)
    if answer.status_code == 302:
        return "in"
    page = answer.content.decode()
    return "refused" if answer.status_code == 429 or "Too many failed" in page else "wrong"


def stranger(number: int) -> str:
    return f"198.51.100.{number}"


def test_one_address_has_four_guesses_at_an_account(site: Site) -> None:
    outcomes = [guess(site.owner.email, f"guess {number}", stranger(1)) for number in range(12)]

    assert outcomes == ["wrong"] * 4 + ["refused"] * 8
    assert guess(site.owner.email, PASSWORD, stranger(1)) == "refused"


def test_who_is_guessed_at_from_elsewhere_signs_in(site: Site) -> None:
    for number in range(12):
        guess(site.owner.email, f"guess {number}", stranger(1))

    assert guess(site.owner.email, PASSWORD, "203.0.113.7") == "in"


def test_guesses_from_many_addresses_stay_below_ten(site: Site) -> None:
    outcomes = [guess(site.owner.email, f"guess {number}", stranger(number)) for number in range(60)]

    assert outcomes.count("wrong") <= 10
    assert outcomes[-1] == "refused"


def test_a_browser_that_was_signed_in_before_gets_in_while_many_guess(site: Site) -> None:
    known = Client()
    assert guess(site.owner.email, PASSWORD, "203.0.113.7", known) == "in"
    known.post("/accounts/logout/")
    for number in range(60):
        guess(site.owner.email, f"guess {number}", stranger(number))

    assert guess(site.owner.email, PASSWORD, "203.0.113.99", known) == "in"


def test_an_address_that_is_signed_in_gets_in_while_many_guess(site: Site) -> None:
    guess(site.owner.email, PASSWORD, "203.0.113.7")
    for number in range(60):
        guess(site.owner.email, f"guess {number}", stranger(number))

    assert guess(site.owner.email, PASSWORD, "203.0.113.7") == "in"


def test_all_guesses_together_stay_below_ten(site: Site) -> None:
    known = Client()
    guess(site.owner.email, PASSWORD, "203.0.113.7", known)
    known.post("/accounts/logout/")
    outcomes = [guess(site.owner.email, f"guess {number}", stranger(number)) for number in range(30)]
    outcomes += [guess(site.owner.email, f"more {number}", "203.0.113.7", known) for number in range(12)]

    assert outcomes.count("wrong") == 10


def test_the_mark_of_a_known_browser_is_no_good_for_another_account(site: Site) -> None:
    mallory = User.objects.create_user("mallory@elsewhere.example", PASSWORD)
    client = Client()
    guess(mallory.email, PASSWORD, "203.0.113.50", client)
    client.post("/accounts/logout/")
    for number in range(6):
        guess(site.owner.email, f"guess {number}", stranger(number))

    assert guess(site.owner.email, PASSWORD, "203.0.113.50", client) == "refused"
    assert client.cookies["arrears_known"]["httponly"]
    assert "mallory" not in client.cookies["arrears_known"].value


def test_right_passwords_do_not_count(site: Site) -> None:
    assert {guess(site.owner.email, PASSWORD, stranger(1)) for _ in range(8)} == {"in"}


def test_an_account_that_nobody_has_is_refused_alike(site: Site) -> None:
    theirs = [guess(site.owner.email, f"guess {number}", stranger(1)) for number in range(6)]
    nobodys = [guess("nobody@pennine.example", f"guess {number}", stranger(2)) for number in range(6)]

    assert theirs == nobodys


def test_an_address_that_is_claimed_counts_for_nothing(site: Site) -> None:
    def forged(number: int) -> str:
        form = {"login": site.owner.email, "password": f"guess {number}"}
        answer = Client().post(LOGIN, form, headers={"X-Forwarded-For": stranger(number)})
        return "refused" if "Too many failed" in answer.content.decode() else "wrong"

    assert [forged(number) for number in range(6)] == ["wrong"] * 4 + ["refused"] * 2


@pytest.mark.usefixtures("db", "outside")
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("elevenchars", "at least 12 characters"),
        ("password1234", "too common"),
        ("owner@pennine.example", "too similar"),
    ],
)
def test_passwords_that_are_easy_to_guess_are_refused(password: str, sentence: str) -> None:
    form = {"company": "Pennine", "email": "owner@pennine.example", "password1": password}
    page = Client().post("/accounts/signup/", form).content.decode()

    assert sentence in page
    assert not User.objects.exists()


class TestTheTrail:
    def lines(self, organisation: Organisation) -> list[tuple[str, str, str]]:
        mine = AuditEntry.objects.filter(organisation=organisation).order_by("pk")
        return list(mine.values_list("who", "action", "address"))

    def test_signing_in_is_noted_for_every_creditor_of_the_user(self, site: Site) -> None:
        other = an_organisation("Second", site.owner)
        foreign = an_organisation("Elsewhere", User.objects.create_user("mallory@elsewhere.example"))
        guess(site.owner.email, PASSWORD, "203.0.113.7")

        line = (site.owner.email, "signed in", "203.0.113.7")
        assert self.lines(site.organisation) == [line]
        assert self.lines(other) == [line]
        assert self.lines(foreign) == []

    def test_a_wrong_password_is_no_signing_in(self, site: Site) -> None:
        guess(site.owner.email, "wrong", "203.0.113.7")

        assert self.lines(site.organisation) == []

    @pytest.mark.usefixtures("db")
    def test_signing_up_is_noted(self, outside: type[FakeAdapters]) -> None:
        form = {"company": "Pennine", "email": "owner@pennine.example", "password1": PASSWORD}
        Client().post("/accounts/signup/", form, REMOTE_ADDR="203.0.113.7")

        organisation = Membership.objects.get(organisation__kind="creditor").organisation
        assert self.lines(organisation) == [
            ("owner@pennine.example", "signed up", "203.0.113.7"),
            ("owner@pennine.example", "signed in", "203.0.113.7"),
        ]

    def test_a_new_password_and_a_second_step_are_noted(self, site: Site) -> None:
        client = Client()
        guess(site.owner.email, PASSWORD, "203.0.113.7", client)
        fresh = "another sentence, just as long"
        form: dict[str, Any] = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
        client.post("/accounts/password/change/", form)

        assert ("password changed", "Changed their password.") in AuditEntry.objects.values_list(
            "action", "text"
        )
        assert fresh not in str(list(AuditEntry.objects.values()))
