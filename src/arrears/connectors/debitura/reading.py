"""Reading what takes more than one call: a whole case file, the account, and lists of many pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from arrears import ports
from arrears.connectors.debitura import account_parts as account
from arrears.connectors.debitura import case_parts as parts
from arrears.connectors.debitura import mapping, wire
from arrears.connectors.debitura.caller import Caller
from arrears.connectors.debitura.errors import KEY_REFUSED, no_such
from arrears.connectors.debitura.labels import bare
from arrears.connectors.debitura.protocol import CASE, Page
from arrears.connectors.message import Request, Response
from arrears.ports import NeedsAttention, Remedy

T = TypeVar("T")

_MOST_QUOTE_REQUESTS = 5
_MOST_QUOTES_IN_DETAIL = 10
#: So many pages of tasks, people or divisions are read: ten thousand of each.
_MOST_PAGES = 100

_CHOOSE_QUOTE = "selectquotewinner"


class CaseReader:
    """Reads everything about one case at once. What cannot be read is left out and named."""

    def __init__(self, caller: Caller, case_id: str) -> None:
        self._caller = caller
        self._case = case_id
        self._unread: list[str] = []
        self._failures: list[Remedy] = []
        self._read = 0

    async def read(self) -> ports.CaseFile:
        """Raises NeedsAttention for a refused key and a missing case, or why nothing at all can be read."""
        told = asyncio.gather(
            self._list("chats", parts.CHATS, parts.read_chats),
            self._list("timeline", parts.TIMELINE, parts.read_timeline),
            self._list("files", parts.FILES, parts.read_files),
            self._list("payments", parts.PAYMENTS, parts.read_payments),
            self._list("validation", parts.QUESTIONS, parts.read_questions),
        )
        wanted = asyncio.gather(
            self._list("tasks", parts.TASKS, parts.read_tasks),
            self._list("quote-requests", parts.QUOTES, parts.read_quote_requests),
            self._list("contract-status", parts.AGREEMENTS, parts.read_agreements),
            self._part("exclusive-period", parts.PERIOD, parts.read_period),
        )
        (
            (messages, timeline, documents, payments, questions),
            (tasks, asked, agreements, period),
        ) = await asyncio.gather(told, wanted)
        self._refuse_nothing()
        quotes = await self._quotes(asked[:_MOST_QUOTE_REQUESTS], tasks)
        self._refuse_nothing()
        return ports.CaseFile(
            timeline=timeline,
            messages=messages,
            documents=documents,
            payments=payments,
            tasks=tuple(found for task in tasks if (found := mapping.task_from(task))),
            questions=questions,
            quotes=quotes,
            period=period,
            agreements=agreements,
            unread=tuple(dict.fromkeys(self._unread)),
        )

    async def _list(
        self, name: str, purpose: str, read: Callable[[Response], tuple[T, ...]]
    ) -> tuple[T, ...]:
        return await self._part(name, purpose, read) or ()

    async def _part(self, name: str, purpose: str, read: Callable[[Response], T]) -> T | None:
        return await self._or_none(parts.part_request(self._case, name, purpose), read, purpose)

    async def _or_none(self, request: Request, read: Callable[[Response], T], purpose: str) -> T | None:
        try:
            found = await self._caller.ask(request, read)
        except Remedy as failure:
            self._unread.append(purpose)
            self._failures.append(failure)
            return None
        # An exclusive period that is not there proves nothing: a missing case is answered in the same way.
        self._read += found is not None
        return found

    def _refuse_nothing(self) -> None:
        """Raise what makes the rest pointless: a refused key or, with nothing read, a missing case."""
        codes = [one.code if isinstance(one, NeedsAttention) else "" for one in self._failures]
        worst = [code for code in codes if code in KEY_REFUSED]
        if not self._read and not worst:
            if "not_there" in codes:
                raise no_such(CASE)  # whichever part was missed first
            worst = codes
        if worst:
            raise self._failures[codes.index(worst[0])]

    async def _quotes(
        self, asked: tuple[parts.Asked, ...], tasks: tuple[wire.Task, ...]
    ) -> tuple[ports.Quote, ...]:
        lists = await asyncio.gather(*(self._quotes_of(one, tasks) for one in asked))
        return tuple(quote for quotes in lists for quote in quotes)

    async def _quotes_of(self, asked: parts.Asked, tasks: tuple[wire.Task, ...]) -> list[ports.Quote]:
        request = parts.quotes_request(self._case, asked.id)
        rows = await self._or_none(request, parts.read_quotes, parts.QUOTES) or ()
        if asked.waits:
            first = await asyncio.gather(
                *(self._detailed(asked, row) for row in rows[:_MOST_QUOTES_IN_DETAIL])
            )
            rows = (*first, *rows[_MOST_QUOTES_IN_DETAIL:])
        url = _where_to_choose(asked, tasks)
        made = (mapping.quote_from(row, waits=asked.waits, url=url) for row in rows)
        return [quote for quote in made if quote is not None]

    async def _detailed(self, asked: parts.Asked, row: wire.Quote) -> wire.Quote:
        """A quote with its court costs and comments, where they can be read: they help to choose."""
        request = parts.quote_request(self._case, asked.id, row.quote_id)
        detail = await self._or_none(request, parts.read_quote, parts.QUOTES)
        if detail is None or detail.quote_id != row.quote_id:
            return row
        more = {"fee_comments": detail.fee_comments, "pricing": detail.pricing}
        return row.model_copy(update=more)


def _where_to_choose(asked: parts.Asked, tasks: tuple[wire.Task, ...]) -> str:
    choices = [
        task for task in tasks if bare(task.type) == _CHOOSE_QUOTE and mapping.task_from(task) is not None
    ]
    own = (task.solution_url for task in choices if task.lead_id == asked.id)
    general = (task.solution_url for task in choices if not task.lead_id)
    return next((url for url in (*own, *general) if url), "")


async def read_standing(caller: Caller) -> ports.Standing:
    """Who we are, which proves the key, and then all the rest at once. It is all or the first error."""
    me = await caller.ask(account.me_request(), account.read_me)
    agreements, tasks, people, divisions = await _all_of(
        caller.ask(account.agreement_request(), account.read_agreement),
        _all_pages(caller, account.tasks_request, account.read_tasks),
        _all_pages(caller, account.users_request, account.read_users),
        _all_pages(caller, account.divisions_request, account.read_divisions),
    )
    return ports.Standing(
        id=me.id,
        company_name=me.company_name,
        agreements=agreements,
        tasks=tasks,
        people=people,
        divisions=divisions,
    )


async def read_people(caller: Caller) -> tuple[ports.Person, ...]:
    """Everybody of ours whom Debitura knows."""
    return await _all_pages(caller, account.users_request, account.read_users)


async def _all_of(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _all_pages(
    caller: Caller, request: Callable[[int], Request], read: Callable[[Response], Page[T]]
) -> tuple[T, ...]:
    found: list[T] = []
    for number in range(1, _MOST_PAGES + 1):
        page = await caller.ask(request(number), read)
        found += page.rows
        if page.is_last(number) or not page.rows:
            break
    return tuple(found)
