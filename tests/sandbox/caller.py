"""A bare caller of the stand-in's API: no cleverness, so that tests see what is on the wire."""

import json
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit

from arrears.sandbox.client import Sandbox

TIMEOUT = 20


@dataclass(frozen=True)
class Reply:
    """Status, headers and raw body of an answer."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, amounts as Decimal."""
        return json.loads(self.body, parse_float=Decimal)

    @property
    def code(self) -> str:
        """The documented error code."""
        return str(self.json["Error"])


class Caller:
    """Calls the API of one stand-in."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.token: str | None = None
        self._connection = HTTPConnection(urlsplit(sandbox.base_url).netloc, timeout=TIMEOUT)

    def call(self, method: str, path: str, body: object = None, accept: str = "application/json") -> Reply:
        """One call to a path below /v2; a failed connection is opened anew for the next."""
        headers = {"Accept": accept, "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"KfToken {self.token}"
        data = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, f"/v2{path}", data, headers)
            response = self._connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except BaseException:
            self._connection.close()
            raise

    def get(self, path: str) -> Reply:
        """GET a path below /v2."""
        return self.call("GET", path)

    def first_step(self, password: str | None = None) -> Reply:
        """Send the username and the password."""
        known = self.sandbox.credentials
        password = known["password"] if password is None else password
        return self.call("POST", "/sessiontoken", {"UserName": known["username"], "Password": password})

    def second_step(self, first: Any, word: str | None = None) -> Reply:
        """Send the characters that the first answer asks for."""
        word = word or self.sandbox.credentials["memorable_word"]
        characters = [
            {"Position": entry["Position"], "Value": word[entry["Position"] - 1]}
            for entry in first["MemorableWordList"]
        ]
        return self.call(
            "PUT",
            "/sessiontoken",
            {"TemporaryToken": first["TemporaryToken"], "MemorableWordList": characters},
        )

    def log_in(self) -> Any:
        """Both steps; later calls carry the session token. The answer of the second."""
        answer = self.second_step(self.first_step().json).json
        self.token = answer["SessionToken"]
        return answer

    def numbers(self, query: str = "sortby=Number&perpage=100") -> list[int]:
        """The numbers of all pages in the order received, walking by page number."""
        found: list[int] = []
        page, total = 1, 1
        while (page - 1) * 100 < total:
            listed = self.get(f"/invoices?{query}&page={page}").json
            found += [row["Number"] for row in listed["Data"]]
            total = listed["MetaData"]["TotalRecords"]
            page += 1
        return found

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
