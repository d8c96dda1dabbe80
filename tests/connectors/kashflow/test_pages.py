"""Paging and customers against an unhelpful server that the stand-in has no profile for."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from arrears.connectors.kashflow.debtors import Credits, Debtors
from arrears.connectors.kashflow.pages import Pages
from arrears.connectors.kashflow.session import Session
from arrears.connectors.message import Request, Response
from tests.connectors.kashflow.sample import answer, row, sample

T = TypeVar("T")
BASE = "https://api.kashflow.com/v2"


class Unhelpful(Session):
    """Answers from a list of rows: clamps silently, gives no total, or links wherever it is told to."""

    def __init__(self, rows: int, clamp: int = 100, total: bool = True, link: str | None = None) -> None:
        self.asked: list[str] = []
        self._rows = [sample("invoice", Id=number, Number=number) for number in range(1, rows + 1)]
        self._clamp = clamp
        self._total = total
        self._link = link

    @property
    def base_url(self) -> str:
        return BASE

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        self.asked.append(request.path)
        return read(self._answer(request.path))

    def _answer(self, path: str) -> Response:
        query = parse_qs(urlsplit(path).query)
        page, size = int(query["page"][0]), min(self._clamp, int(query["perpage"][0]))
        rows = self._rows[(page - 1) * size : page * size]
        metadata: dict[str, Any] = {"TotalRecords": len(self._rows)} if self._total else {}
        if self._link and page * size < len(self._rows):
            metadata["NextPageUrl"] = self._link.format(page=page + 1, size=size)
        return answer({"MetaData": metadata, "Data": rows})


async def all_numbers(pages: Pages) -> list[int]:
    found = []
    await pages.begin()
    if pages.count is None:
        async for rows in pages.linked():
            found += rows
    else:
        for number in range(1, pages.count + 1):
            found += await pages.rows(number)
    return sorted(int(entry.number) for entry in found)


@pytest.mark.parametrize("clamp", [1, 7, 40, 99, 100])
async def test_a_page_size_lowered_without_a_word_loses_nothing(clamp: int) -> None:
    pages = Pages(Unhelpful(101, clamp))
    assert await all_numbers(pages) == list(range(1, 102))
    assert not pages.must_read_again()


@pytest.mark.parametrize("start", ["/v2/", f"{BASE}/", ""])
async def test_without_a_total_the_links_are_followed(start: str) -> None:
    session = Unhelpful(250, clamp=60, total=False, link=start + "invoices?page={page}&perpage={size}")
    pages = Pages(session)
    assert await all_numbers(pages) == list(range(1, 251))
    assert pages.remarks == []
    assert len(session.asked) == 5


@pytest.mark.parametrize(
    "link", ["/v2/invoices?page=1&perpage=60", "https://elsewhere.example/v2?page={page}", "https://[/"]
)
async def test_links_that_loop_or_lead_away_end_the_list_with_a_remark(link: str) -> None:
    session = Unhelpful(250, clamp=60, total=False, link=link)
    pages = Pages(session)
    await all_numbers(pages)
    assert len(pages.remarks) == 1
    assert len(session.asked) <= 2
    assert not any("elsewhere" in path for path in session.asked)


async def test_an_empty_list_is_one_empty_page() -> None:
    pages = Pages(Unhelpful(0))
    assert await all_numbers(pages) == []
    assert (pages.total, pages.must_read_again()) == (0, False)


class ByBareCode(Session):
    """Knows customers by their code without padding, and those with a slash by search only."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        self.asked.append(request.path)
        if "advancepayments" in request.path:
            return read(answer([]))
        if request.path == "customers/NORTH01":
            return read(answer(sample("customer", Code="NORTH01   ", Name="Northgate Joinery Ltd")))
        if request.path.startswith("customers?searchtext="):
            return read(
                answer([sample("customer", Code="A/10"), sample("customer", Code="A/1", Name="Ash Ltd")])
            )
        return read(answer("", 404))


@pytest.mark.parametrize(("code", "name"), [("NORTH01   ", "Northgate Joinery Ltd"), ("A/1", "Ash Ltd")])
async def test_a_customer_is_found_without_padding_or_by_search(code: str, name: str) -> None:
    debtors = Debtors(ByBareCode(), "GB", Credits(), strict=True)
    debtor = await debtors.of(row(CustomerCode=code))
    assert (debtor.code, debtor.name) == (code.strip(), name)


async def test_a_customer_who_is_nowhere_is_taken_from_the_invoice() -> None:
    debtors = Debtors(ByBareCode(), "GB", Credits(), strict=True)
    assert (await debtors.of(row(CustomerCode="GONE"))).name == "Bridgefield Glazing Ltd"
    assert (await debtors.of(row(CustomerCode=None, CustomerName="Walk-in"))).name == "Walk-in"


async def test_many_customers_are_read_from_the_list_where_it_tells_enough() -> None:
    class Listing(Session):
        def __init__(self, **changes: object) -> None:
            self.asked: list[str] = []
            self._rows = [sample("customer", Code=f"C{number}", **changes) for number in range(300)]

        async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
            self.asked.append(request.path)
            if not request.path.startswith("customers?"):
                return read(answer("", 404))
            page = int(parse_qs(urlsplit(request.path).query).get("page", ["1"])[0])
            rows = self._rows[(page - 1) * 100 : page * 100]
            return read(answer({"MetaData": {"TotalRecords": len(self._rows)}, "Data": rows}))

    needed = {f"C{number}" for number in range(250)}
    full = Listing()
    debtors = Debtors(full, "GB", Credits(), strict=True)
    await debtors.read_list_if_cheaper(needed)
    assert (await debtors.of(row(CustomerCode="C7"))).name == "Bridgefield Glazing Ltd"
    assert [path for path in full.asked if path.startswith("customers/C7?")] == []
    assert len(full.asked) == 4  # three pages and the money on account
    mute = Listing(Contacts=None)
    mute._rows[0] = sample("customer", Code="C0")
    reader = Debtors(mute, "GB", Credits(), strict=True)
    await reader.read_list_if_cheaper(needed)
    await reader.of(row(CustomerCode="C7"))
    assert "customers/C7" in mute.asked  # its row may just leave the contacts out
    bare = Listing(Contacts=None, Addresses=None)
    await Debtors(bare, "GB", Credits(), strict=True).read_list_if_cheaper(needed)
    assert len(bare.asked) == 1
    few = Listing()
    await Debtors(few, "GB", Credits(), strict=True).read_list_if_cheaper({"C1", "C2"})
    assert few.asked == []


class TooFew(Unhelpful):
    """States a total that is smaller than its first page."""

    def _answer(self, path: str) -> Response:
        body = json.loads(super()._answer(path).body)
        body["MetaData"]["TotalRecords"] = 2
        return answer(body)


async def test_a_total_smaller_than_the_first_page_is_not_believed() -> None:
    pages = Pages(TooFew(250, clamp=60, link="/v2/invoices?page={page}&perpage={size}"))
    assert await all_numbers(pages) == list(range(1, 251))
    assert not pages.must_read_again()


class SomebodyElse(ByBareCode):
    """Answers every code with the same customer."""

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        if "advancepayments" in request.path:
            return read(answer("", 404))
        return read(answer(sample("customer", Code="OTHER", Name="Other Ltd")))


async def test_another_customers_record_is_never_taken() -> None:
    debtors = Debtors(SomebodyElse(), "GB", Credits(), strict=False)
    debtor = await debtors.of(row(CustomerCode="A/1"))
    assert (debtor.code, debtor.name) == ("A/1", "Bridgefield Glazing Ltd")


class OnAccount(ByBareCode):
    """Every customer has 500 on account, or none may be asked about it."""

    def __init__(self, forbidden: bool) -> None:
        super().__init__()
        self._forbidden = forbidden

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        if "advancepayments" in request.path:
            return read(answer("", 403) if self._forbidden else answer([{"Amount": 500}]))
        code = request.path.removeprefix("customers/")
        return read(answer(sample("customer", Code=code, Name=f"{code} Ltd")))


async def test_credit_that_comes_to_light_late_is_told_beside_money_on_account() -> None:
    open_credits = Credits()
    debtors = Debtors(OnAccount(forbidden=False), "GB", open_credits, strict=False)
    await debtors.of(row(CustomerCode="A1"))
    assert debtors.late_credits() == []
    open_credits.note("A1", "99", Decimal(240))
    (told,) = debtors.late_credits()
    assert told.startswith("A1 Ltd has 240.00 in open credit notes or overpayments")


async def test_money_on_account_that_may_not_be_read_is_told_once() -> None:
    debtors = Debtors(OnAccount(forbidden=True), "GB", Credits(), strict=False)
    for code in ("A1", "A2"):
        assert (await debtors.of(row(CustomerCode=code))).unallocated_credit is None
    (told,) = debtors.remarks
    assert "money on account could not be read" in told
