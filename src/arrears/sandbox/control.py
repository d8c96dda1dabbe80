"""The control interface: what tests change behind the back of whoever reads the books, and what they read.

``POST /_control/{action}`` with a JSON object of arguments; the answer is JSON. A wrong call gets 400 and one
sentence under ``message``. Listening on the loopback address is its only protection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from arrears.sandbox import wire
from arrears.sandbox.call import World, ok
from arrears.sandbox.faults import fault_named
from arrears.sandbox.http_server import Request, Response
from arrears.sandbox.ledger import NotThereError
from arrears.sandbox.profiles import profile_named
from arrears.sandbox.records import Customer, Invoice
from arrears.sandbox.sessions import Account

if TYPE_CHECKING:
    from arrears.sandbox.standin import StandIn

Arguments = dict[str, object]


class Control:
    """The actions by name. Numbers are invoice numbers; payment amounts are in home currency."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._actions: dict[str, Callable[[Arguments], object]] = {
            "pay": self._pay,
            "edit_invoice": self._edit_invoice,
            "edit_customer": self._edit_customer,
            "set_on_account": self._set_on_account,
            "delete": self._delete,
            "renumber": self._renumber,
            "insert": self._insert,
            "expire_sessions": lambda _: self._world.sessions.expire_all(),
            "set_account": self._set_account,
            "set_credentials": self._set_credentials,
            "set_company": self._set_company,
            "fault": self._fault,
            "clear_faults": lambda _: self._stand_in.faults.clear(),
            "set_latency": self._set_latency,
            "set_profile": self._set_profile,
            "advance_clock": self._advance_clock,
            "clear_requests": self._clear_requests,
            "requests": lambda _: [asdict(entry) for entry in self._stand_in.received],
            "logins": lambda _: [asdict(entry) for entry in self._world.sessions.logins],
            "issued_tokens": lambda _: list(self._world.sessions.issued),
            "invoices": self._invoices,
            "customers": lambda _: [_customer(entry) for entry in self._world.ledger.customers.values()],
            "notes": self._notes,
            "faults": lambda _: [asdict(entry) for entry in self._stand_in.faults.active],
        }

    @property
    def _world(self) -> World:
        return self._stand_in.world

    def answer(self, request: Request) -> Response:
        """Carry out the action named by the path."""
        name = request.path.removeprefix("/_control/")
        try:
            arguments = request.json()
            result = self.act(name, arguments if isinstance(arguments, dict) else {})
        except (ValueError, KeyError, TypeError, ArithmeticError, NotThereError) as wrong:
            message = f"{wrong.args[0]} is missing." if type(wrong) is KeyError else str(wrong)
            return ok(wire.dump({"message": message}), 400)
        return ok(wire.dump(result))

    def act(self, name: str, arguments: Arguments) -> object:
        """The result of one action; ValueError when there is none of that name."""
        if name not in self._actions:
            raise ValueError(f"There is no control action '{name}'; there are {', '.join(self._actions)}.")
        return self._actions[name](dict(arguments))

    def _pay(self, arguments: Arguments) -> object:
        amount, day = arguments.get("amount"), arguments.get("date")
        line = self._world.ledger.pay(
            _number(arguments),
            None if amount is None else Decimal(str(amount)),
            None if day is None else date.fromisoformat(str(day)),
        )
        return {"amount": str(line.amount), "home": str(line.home)}

    def _edit_invoice(self, arguments: Arguments) -> None:
        self._world.ledger.edit_invoice(_number(arguments), _mapping(arguments, "fields"))

    def _edit_customer(self, arguments: Arguments) -> None:
        self._world.ledger.edit_customer(str(arguments["code"]), _mapping(arguments, "fields"))

    def _set_on_account(self, arguments: Arguments) -> None:
        amounts = arguments["amounts"]
        if not isinstance(amounts, list):
            raise ValueError("amounts is a list of home currency amounts.")
        self._world.ledger.set_on_account(str(arguments["code"]), [Decimal(str(entry)) for entry in amounts])

    def _delete(self, arguments: Arguments) -> None:
        self._world.ledger.delete(_number(arguments), voided=bool(arguments.get("voided")))

    def _renumber(self, arguments: Arguments) -> None:
        self._world.ledger.renumber(_number(arguments), _number(arguments, "new"))

    def _insert(self, arguments: Arguments) -> object:
        like = _number(arguments, "like") if arguments.get("like") is not None else None
        number = _number(arguments) if arguments.get("number") is not None else None
        return _invoice(self._world.ledger.insert(like, number, _mapping(arguments, "fields")))

    def _set_account(self, arguments: Arguments) -> None:
        self._world.sessions.set_account(Account(str(arguments["state"])))

    def _set_credentials(self, arguments: Arguments) -> None:
        for name in ("username", "password", "memorable_word"):
            if arguments.get(name) is not None:
                setattr(self._world.sessions.credentials, name, str(arguments[name]))

    def _set_company(self, arguments: Arguments) -> None:
        ledger = self._world.ledger
        ledger.company = replace(ledger.company, id=_number(arguments, "id"), name=str(arguments["name"]))

    def _fault(self, arguments: Arguments) -> None:
        name = str(arguments.pop("name"))
        self._stand_in.faults.add(fault_named(name, arguments))

    def _set_latency(self, arguments: Arguments) -> None:
        self._stand_in.latency_ms = float(str(arguments["ms"]))

    def _set_profile(self, arguments: Arguments) -> None:
        profile = profile_named(str(arguments["profile"]))
        self._world.profile = self._world.sessions.profile = profile
        self._world.ledger.forget_rows()

    def _advance_clock(self, arguments: Arguments) -> None:
        self._world.clock.advance(float(str(arguments["minutes"])))
        self._world.ledger.turn_to(self._world.clock.today())

    def _clear_requests(self, _: Arguments) -> None:
        self._stand_in.received.clear()
        self._world.sessions.logins.clear()

    def _invoices(self, _: Arguments) -> object:
        ledger = self._world.ledger
        return [_invoice(entry) for entry in [*ledger.by_number(), *ledger.gone]]

    def _notes(self, arguments: Arguments) -> object:
        """Every note there is, also those that readers do not see yet."""
        ledger = self._world.ledger
        found = ledger.notes(ledger.invoice(_number(arguments)), float("inf"))
        return [{"number": note.number, "text": note.text} for note in found]


def _number(arguments: Arguments, name: str = "number") -> int:
    return int(str(arguments[name]))


def _mapping(arguments: Arguments, name: str) -> Arguments:
    value = arguments.get(name) or {}
    if not isinstance(value, dict):
        raise ValueError(f"{name} is an object of field names and values.")
    return dict(value)


def _invoice(invoice: Invoice) -> Arguments:
    """The truth about an invoice, whatever the wire says of it."""
    return {
        "number": invoice.number,
        "id": invoice.id,
        "customer_code": invoice.customer.code,
        "currency": invoice.currency,
        "gross": str(invoice.gross),
        "outstanding": str(invoice.outstanding),
        "outstanding_home": str(invoice.in_home(invoice.outstanding)),
        "issued": invoice.issued,
        "due": invoice.due,
        "deleted": invoice.gone or invoice.voided_on is not None,
        "owing": invoice.owing,
        "quirks": list(invoice.tags),
    }


def _customer(customer: Customer) -> Arguments:
    return {
        "code": customer.code,
        "id": customer.id,
        "name": customer.name,
        "country_code": customer.address.country_code,
        "quirks": list(customer.tags),
    }
