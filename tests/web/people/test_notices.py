"""Choosing one's e-mails: everybody for themselves."""

from __future__ import annotations

from arrears.accounts.models import NoticeChoice
from arrears.core.notice import NoticeKind
from tests.web.conftest import Site


def test_the_page_shows_what_holds_without_a_choice(site: Site) -> None:
    page = site.page("/settings/notices/")
    assert 'value="day" checked' in page
    assert 'value="approval" checked' in page
    assert 'value="payment">' in page


def test_a_choice_is_kept(site: Site) -> None:
    form = {"digest": "week", "at_once": ["payment", "message"]}
    answer = site.client.post("/settings/notices/", form, follow=True)
    assert "Saved." in answer.content.decode()
    choice = NoticeChoice.objects.get(membership__user=site.owner)
    assert (choice.digest, choice.at_once) == ("week", [NoticeKind.PAYMENT, NoticeKind.MESSAGE])


def test_an_answer_that_is_none_changes_nothing_and_says_so(site: Site) -> None:
    answer = site.client.post("/settings/notices/", {"digest": "hourly"})
    assert answer.status_code == 422
    assert "Choose one of the answers below" in answer.content.decode()
    assert NoticeChoice.objects.get().digest == "day"
