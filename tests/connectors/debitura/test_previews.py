"""Claims that are alike are previewed once, and Debitura is not flooded with questions."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from arrears.connectors.debitura.previews import KEPT_SECONDS, MOST_CALLS, Kind, Previews, kind_of
from arrears.core.claim import Claim
from arrears.core.debtor import DebtorType
from arrears.ports import Offer, TryAgainLater
from tests.builders import TODAY, a_claim, a_debtor, an_address, an_invoice
from tests.connectors.debitura.scripted import Script, a_preview, answer, collecting

OFFER = Offer(True, "Oriel", "Because.")


def a_kind(place: str) -> Kind:
    return Kind(place, "Company", "GBP", "from 100", (Decimal(0),) * 3)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """Counts the calls; may fail, and waits until it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.error: Exception | None = None

    async def __call__(self) -> Offer:
        self.calls += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return OFFER


_SAME = [
    (a_claim(an_invoice("1300 GBP")), a_claim(an_invoice("1400 GBP", number="2"))),
    (a_claim(debtor=a_debtor(type=DebtorType.UNKNOWN)), a_claim(debtor=a_debtor(name="Other Ltd"))),
    (a_claim(city="Leeds"), a_claim(city="Berwick")),
    (a_claim(an_invoice(due=date(2026, 7, 31))), a_claim(an_invoice(due=date(2026, 8, 5)))),
    (
        a_claim(an_invoice("300 GBP", due=date(2025, 9, 1))),
        a_claim(
            an_invoice("200 GBP", number="1", due=date(2025, 9, 1)),
            an_invoice("200 GBP", number="2", due=date(2025, 8, 1)),
        ),
    ),
]
_OTHER = [
    (a_claim(), a_claim(country="DE")),
    (a_claim(country="US", state="CA"), a_claim(country="US", state="NY")),
    (a_claim(), a_claim(debtor=a_debtor(type=DebtorType.PRIVATE))),
    (a_claim(an_invoice("500 GBP")), a_claim(an_invoice("500 EUR"))),
    (a_claim(an_invoice("500 GBP")), a_claim(an_invoice("5000 GBP"))),
    (a_claim(an_invoice("10 GBP")), a_claim(an_invoice("11 GBP"))),
    (a_claim(an_invoice(due=date(2026, 7, 31))), a_claim(an_invoice(due=date(2025, 7, 31)))),
    (
        a_claim(an_invoice("300 GBP", due=date(2025, 9, 1)), an_invoice("100 GBP", number="2")),
        a_claim(an_invoice("200 GBP", due=date(2025, 9, 1)), an_invoice("200 GBP", number="2")),
    ),
]


@pytest.mark.parametrize(("one", "other"), _SAME)
def test_what_decides_nothing_makes_no_other_kind(one: Claim, other: Claim) -> None:
    assert kind_of(one, TODAY) == kind_of(other, TODAY)


@pytest.mark.parametrize(("one", "other"), _OTHER)
def test_what_decides_makes_another_kind(one: Claim, other: Claim) -> None:
    assert kind_of(one, TODAY) != kind_of(other, TODAY)


async def test_an_answer_stands_for_ten_minutes() -> None:
    clock, ask = Clock(), Asked()
    previews = Previews(clock)
    for moment in (0.0, 1.0, KEPT_SECONDS - 1):
        clock.now = moment
        assert await previews.get(a_kind("GB"), ask) is OFFER
    assert ask.calls == 1
    clock.now = KEPT_SECONDS
    await previews.get(a_kind("GB"), ask)
    assert ask.calls == 2


async def test_many_at_once_make_one_call_and_share_its_error() -> None:
    previews, ask = Previews(), Asked()
    ask.error = TryAgainLater("busy")
    results = await asyncio.gather(
        *(previews.get(a_kind("GB"), ask) for _ in range(20)), return_exceptions=True
    )
    assert [type(result) for result in results] == [TryAgainLater] * 20
    assert ask.calls == 1
    ask.error = None
    assert await previews.get(a_kind("GB"), ask) is OFFER
    assert ask.calls == 2


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others() -> None:
    previews, ask = Previews(), Asked()
    first = asyncio.create_task(previews.get(a_kind("GB"), ask))
    second = asyncio.create_task(previews.get(a_kind("GB"), ask))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is OFFER
    assert ask.calls == 1


async def test_beyond_the_bound_nothing_is_asked_and_the_offer_says_so() -> None:
    clock, ask = Clock(), Asked()
    previews = Previews(clock)
    for number in range(MOST_CALLS):
        assert await previews.get(a_kind(f"place {number}"), ask) is OFFER
    unknown = await previews.get(a_kind("one more"), ask)
    assert (unknown.accepted, unknown.asked, unknown.partner) == (True, False, "")
    assert unknown.reason
    assert await previews.get(a_kind("place 0"), ask) is OFFER
    assert ask.calls == MOST_CALLS
    clock.now = KEPT_SECONDS
    assert await previews.get(a_kind("one more"), ask) is OFFER


def test_a_thousand_invoices_from_many_threads_are_a_handful_of_calls() -> None:
    script = Script(**{"POST cases/preview": answer(a_preview())})
    claims = [
        a_claim(an_invoice(f"{400 + number % 97} GBP", number=str(number)), country=country)
        for number in range(250)
        for country in ("GB", "DE", "FR", "IE")
    ]
    with collecting(script) as collector, ThreadPoolExecutor(8) as pool:
        offers = list(pool.map(lambda claim: collector.preview(claim, TODAY), claims))
    assert len(script.asked) == 4
    assert all(offer.partner == "Oriel Collections Limited" for offer in offers)


def test_what_is_unusable_is_told_without_asking() -> None:
    script = Script()
    with collecting(script) as collector:
        offer = collector.preview(a_claim(debtor=a_debtor(address=an_address(country=""))), TODAY)
    assert not offer.accepted
    assert [one.kind for one in offer.required] == ["InvalidField"]
    assert script.asked == []


def test_a_preview_that_failed_is_asked_for_again() -> None:
    down = TryAgainLater("down")
    script = Script().tell("POST cases/preview", [down, down, down, answer(a_preview())])
    with collecting(script) as collector:
        with pytest.raises(TryAgainLater, match="down"):
            collector.preview(a_claim(), TODAY)
        assert collector.preview(a_claim(), TODAY).partner == "Oriel Collections Limited"
    assert len(script.asked) == 4
